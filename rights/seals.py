"""The seals of the journal: the chain of each entry once more, in a file outside the database.

Who changes the database alone cannot change the file with it. Lines are only ever added.
"""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

LATEST_BYTES = 8192  # about a hundred seals: writers that overtook one another are well within
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Seal:
    """The number of an entry, and the chain up to it."""

    number: int
    chain: str

    def __str__(self) -> str:
        return f"{self.number}:{self.chain}"


def parse(text: str) -> Seal:
    """A seal as it is printed, NUMBER:CHAIN. Raises ValueError for anything else."""
    number, _colon, chain = text.strip().partition(":")
    if len(chain) != 64:
        raise ValueError("no seal")
    bytes.fromhex(chain)
    return Seal(int(number), chain)


def read() -> list[Seal]:
    """Every seal in the file, oldest first; none without a file. A line that was cut off seals nothing."""
    try:
        lines = _place().read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [seal for line in lines if (seal := _readable(line))]


def last() -> Seal | None:
    """The highest of the latest seals, without reading the whole file; None without any."""
    try:
        with _place().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LATEST_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return None  # `verify` says what is wrong with the file
    return max((seal for line in lines if (seal := _readable(line))), default=None)


def add(seals: Iterable[Seal]) -> None:
    """Add these, on the disk before it counts. Where the disk refuses, the log says so: the entries stand unsealed."""
    try:
        _append("".join(f"\n{seal}\n" for seal in seals))  # its own line, even after one that was cut off
    except OSError:
        logger.exception("The journal's seals (JOURNAL_SEALS) cannot be written: run “manage.py rights verify-journal”")


def _readable(line: str) -> Seal | None:
    try:
        return parse(line)
    except ValueError:
        return None


def _append(lines: str) -> None:
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, lines.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _place() -> Path:
    return Path(settings.JOURNAL_SEALS)
