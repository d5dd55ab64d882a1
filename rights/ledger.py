"""The ledger of effects: what each act did, outside the database and its backups, so that a restored backup learns it.

A line is on the disk before its act is committed, so nothing that was committed is missing here; the journal's seal
says afterwards that it was. Encrypted under a key that lies apart from both: what is restored may be about a person.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from rights.keyring import KeysMissing

KEPT = timedelta(days=90)  # three times as long as any backup


class LedgerFault(KeysMissing):
    """The ledger cannot be written or read, or does not fit the database: like a missing key, it stops every effect.

    The words are for staff, without names.
    """


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the journal has it, and in `redo` what it takes to do it again; None where it changed nothing else."""

    number: int
    at: str
    act: str
    by: int
    reference: str
    details: Mapping[str, int | str]
    chain: str
    redo: Mapping[str, Any] | None = None

    @property
    def moment(self) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(self.at)


def intend(line: Line) -> None:
    """Write down what is about to be committed. Raises LedgerFault where it cannot be: then it may not be done."""
    text = json.dumps(asdict(line), cls=DjangoJSONEncoder).encode()
    try:
        with _held() as place:
            _append(place, _fernet(empty=not place.exists()).encrypt(text))
    except (OSError, ValueError):
        raise LedgerFault(
            _(
                "The ledger of effects (EFFECTS_LEDGER) or its key (EFFECTS_LEDGER_KEY_FILE) cannot be read or "
                "written. Nothing was changed. Make room or put the key back, then try again."
            )
        ) from None


def read() -> list[Line]:
    """Every line, oldest first; none without a file. A line that was cut off was never committed and is left out.

    Raises LedgerFault without the key.
    """
    with _held() as place:
        written = _lines(place)
        if not written:
            return []
        try:
            fernet = _fernet(empty=False)
        except (OSError, ValueError):
            raise LedgerFault(
                _(
                    "The key of the ledger of effects (EFFECTS_LEDGER_KEY_FILE) cannot be read. Nothing was changed. "
                    "Put back the copy that is kept apart."
                )
            ) from None
        return [line for token in written if (line := _opened(fernet, token))]


def prune(*, before: datetime) -> int:
    """Forget the lines of acts before that moment, which no backup needs any more. Returns how many."""
    with _held() as place:
        written = _lines(place)
        fernet = _fernet(empty=not written)
        lines = ((token, _opened(fernet, token)) for token in written)
        kept = [token for token, line in lines if line and line.moment >= before]
        if len(kept) < len(written):
            draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
            _append(draft, *kept)
            draft.replace(place)
    return len(written) - len(kept)


def _opened(fernet: Fernet, token: bytes) -> Line | None:
    try:
        return Line(**json.loads(fernet.decrypt(token)))
    except InvalidToken:
        return None


def _lines(place: Path) -> list[bytes]:
    return [line for line in place.read_bytes().splitlines() if line] if place.exists() else []


def _append(place: Path, *tokens: bytes) -> None:
    """On the disk before it counts, each on its own line even after one that was cut off."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(b"".join(b"\n" + token + b"\n" for token in tokens))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _held() -> Iterator[Path]:
    """The ledger's place, while no other process writes to it."""
    place = Path(settings.EFFECTS_LEDGER)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def _fernet(*, empty: bool) -> Fernet:
    """The key; made where the ledger is `empty` and there is none. Raises OSError or ValueError without one."""
    place = Path(settings.EFFECTS_LEDGER_KEY_FILE)
    if empty and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
    return Fernet(place.read_bytes().strip())
