"""The raw pages of a lane, read alike from the Hub's list and from a snapshot file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from lineage import budget
from lineage.budget import Clock
from lineage.hub.client import HubClient
from lineage.hub.connection import connect
from lineage.hub.snapshot import Snapshot, open_snapshot
from lineage.models import HarvestLane
from lineage.reading import Reading
from lineage.vocabulary import Kind

ROWS_A_BATCH = 10_000  # memory stays flat at ten thousand rows a batch; at fifty thousand it did not


@dataclass(frozen=True, slots=True)
class RawPage:
    """Records as they came. `next_cursor` is "" after the last page.

    `total`: records of the whole lane, if known; `wait_seconds`: how long to leave the source alone afterwards.
    `reading`: what the records say, where they were read already.
    """

    records: Sequence[object]
    next_cursor: str
    total: int | None = None
    wait_seconds: float = 0.0
    reading: Reading | None = None


class Reader(Protocol):
    """What reads a lane's pages. A cursor of "" is the first page."""

    def read(self, cursor: str) -> RawPage:
        """The page at `cursor`. Raises HubError for the Hub; NotASnapshot or OSError for a file."""
        ...


class HubReader:
    """The Hub's list of one kind; the cursor is the address of the page."""

    def __init__(self, client: HubClient, kind: Kind) -> None:
        self._client = client
        self._kind = kind

    def read(self, cursor: str) -> RawPage:
        page = self._client.page(cursor or self._client.first_url(self._kind))
        return RawPage(page.records, page.next_url or "", page.total, page.wait_seconds)


class SnapshotReader:
    """A snapshot file of one kind, or the rows of it from `first` until `end`; the cursor is a row number.

    Pages read one after the other open it once.
    """

    def __init__(self, path: Path, kind: Kind, first: int = 0, end: int | None = None) -> None:
        self._path = path
        self._kind = kind
        self._first = first
        self._end = end
        self._snapshot: Snapshot | None = None
        self._batches: Iterator[tuple[int, Sequence[object]]] = iter(())
        self._row = -1

    def read(self, cursor: str) -> RawPage:
        start = int(cursor or self._first)
        if self._snapshot is None:
            self._snapshot = open_snapshot(self._path, self._kind)
        if start != self._row:
            self._batches = self._snapshot.batches(start, ROWS_A_BATCH)
        end = self._snapshot.rows_total if self._end is None else self._end
        self._row, records = next(self._batches, (-1, []))
        if end is not None and self._row > end:  # the next part's are on this page too
            records, self._row = records[: len(records) - (self._row - end)], end
        is_last = not records or self._row == end
        return RawPage(records, "" if is_last else str(self._row), None if end is None else end - self._first)


def hub_client(clock: Clock | None = None) -> HubClient:
    """The client of the Hub that the settings name, within the budget all workers share; outside it without a clock."""
    connect(proxy=settings.HUB_PROXY, certificates=settings.HUB_CA)
    return HubClient(
        settings.HF_ENDPOINT,
        token=settings.HF_TOKEN,
        timeout=settings.HUB_TIMEOUT_SECONDS,
        page_size=settings.HUB_PAGE_SIZE,
        budget=budget.shared(clock) if clock else None,
    )


def reader_of(lane: HarvestLane, clock: Clock) -> Reader:
    """The reader of a lane's source. Opens nothing yet."""
    kind = Kind(lane.kind)
    if lane.path:
        return SnapshotReader(Path(lane.path), kind, lane.from_row, lane.to_row)
    return HubReader(hub_client(clock), kind)
