"""JSON lines, plain or gzipped: one raw record a line, read in batches with flat memory. Pure."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from lineage.hub.decoding import decode

LONGEST_LINE = 32 * 2**20  # bytes; the longest real record takes 30 KB
_GZIP = b"\x1f\x8b"


class CutShort(Exception):
    """The file ends, or breaks, before its end."""


def count_lines(path: Path) -> int | None:
    """How many lines a plain file holds, a last one without line feed included; None for a gzipped file."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        if file.read(2) == _GZIP:
            return None
        file.seek(0)
        while chunk := file.read(2**20):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[int, object]]:
    """The records from line `start` (from 0) on, each with the number of the next line.

    Blank lines are passed over. A line that is no JSON, or is too long, comes as its bare text, which the parser
    refuses. Raises CutShort where a gzipped file is damaged, OSError where a file cannot be read.
    """
    with _opened(path) as file:
        try:
            for number, line in enumerate(_lines(file), 1):
                if number > start and line.strip():
                    yield number, _value(line)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise CutShort from None


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP
    return cast(IO[bytes], gzip.open(path)) if zipped else path.open("rb")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines, each at most a byte longer than `LONGEST_LINE`: the rest of a longer one is passed over."""
    while line := file.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE + 1)
        yield line


def _value(line: bytes) -> object:
    text = line.decode(errors="replace").lstrip("\ufeff")
    if len(line) > LONGEST_LINE:
        return text
    try:
        return decode(text)
    except ValueError:
        return text
