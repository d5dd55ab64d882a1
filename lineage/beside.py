"""The next page of a long file is read and parsed by a process beside this one, while the page before is stored.

Parsing keeps one processor busy, and so does storing, here and in the database. The process begins by importing this
module: tables are imported once Django is set up there.
"""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

import django

if TYPE_CHECKING:
    from lineage.models import HarvestLane
    from lineage.pages import RawPage, Reader

LONG = 30_000  # rows left of a lane; fewer are read before the process has begun
SECONDS_TO_END = 5


class Asked(NamedTuple):
    """A page that is asked of the process beside: the part of a file, the cursor, the moment at which it is read."""

    path: str
    kind: str
    first: int
    end: int | None
    cursor: str
    at: datetime


class Beside:
    """The process beside, as seen from here. It is left for good where it ends or gets out of step.

    It is asked nothing before it has begun: importing everything takes it as long as a few pages take here.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection | None = connection
        self._begun = False
        self._asked: Asked | None = None

    def ask(self, asked: Asked) -> None:
        """Have it read a page."""
        if self._asked is not None:
            self._connection = None
        with suppress(EOFError, OSError):
            if self._connection and self._has_begun(self._connection):
                self._connection.send(asked)
                self._asked = asked

    def answer(self, asked: Asked) -> "RawPage | None":
        """The page that was asked for; None where it was not, or will not come."""
        expected, self._asked = self._asked, None
        if expected is None or self._connection is None:
            return None
        with suppress(EOFError, OSError):
            page: RawPage = self._connection.recv()
            if expected[:-1] == asked[:-1]:
                return page
        self._connection = None
        return None

    def _has_begun(self, connection: Connection) -> bool:
        if not self._begun and connection.poll():
            connection.recv()
            self._begun = True
        return self._begun


@dataclass(frozen=True)
class ReadAhead:
    """A reader that hands on the pages read by the process beside, and has it begin the next one at once."""

    reader: "Reader"
    lane: "HarvestLane"
    beside: Beside
    at: datetime  # of all pages: by it a date is told from one to come

    def read(self, cursor: str) -> "RawPage":
        """See Reader."""
        page = self.beside.answer(self._page(cursor))
        page = replace(page, records=ReadAgain(self.reader, cursor)) if page else self.reader.read(cursor)
        if page.next_cursor:
            self.beside.ask(self._page(page.next_cursor))
        return page

    def _page(self, cursor: str) -> Asked:
        return Asked(self.lane.path, self.lane.kind, self.lane.from_row, self.lane.to_row, cursor, self.at)


@dataclass(frozen=True)
class ReadAgain(Sequence[object]):
    """The raw records of a page that another process read, for the rare case that they are needed here."""

    reader: "Reader"
    cursor: str

    @cached_property
    def _records(self) -> Sequence[object]:
        return self.reader.read(self.cursor).records

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[object]: ...
    def __getitem__(self, place: int | slice) -> object:
        return self._records[place]


def is_long(lane: "HarvestLane") -> bool:
    """Whether reading ahead is worth a process: a lane of a file with many rows left, and no limit."""
    has_limit = lane.run.options.get("limit") is not None
    return bool(lane.path) and not has_limit and (lane.rows_total or 0) - lane.rows >= LONG


@contextmanager
def started(lanes: Iterable["HarvestLane"]) -> Iterator[Beside | None]:
    """The process beside, for the harvest of these lanes; None where none of them is long."""
    if not any(map(is_long, lanes)):
        yield None
        return
    own, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=answer, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Beside(own)
    finally:
        own.close()
        process.join(SECONDS_TO_END)
        process.kill()


def answer(connection: Connection) -> None:
    """The process beside: read the pages that are asked for, until nobody asks or one cannot be read.

    What fails here fails once more for the reader of the parent, which says so.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    django.setup()
    with suppress(Exception):
        for page in _pages(connection):
            connection.send(page)


def _pages(connection: Connection) -> "Iterator[RawPage | None]":
    from lineage import reading
    from lineage.pages import SnapshotReader
    from lineage.vocabulary import Kind

    yield None  # it has begun
    reader, before = None, None
    while True:
        asked: Asked = connection.recv()
        kind, part = Kind(asked.kind), asked[:4]
        if reader is None or part != before:
            reader, before = SnapshotReader(Path(asked.path), kind, asked.first, asked.end), part
        page = reader.read(asked.cursor)
        yield replace(page, records=(), reading=reading.read(page.records, kind, at=asked.at))
