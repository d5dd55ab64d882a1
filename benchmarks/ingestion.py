"""From parquet to traceable: this project's harvests, and what it writes beside the ways one would write it instead."""

import gc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from benchmarks import peers
from benchmarks.base import fresh_base
from benchmarks.hub import next_day
from benchmarks.loading import Loaded, load, load_by_workers
from benchmarks.timing import Figure, once
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.hub.snapshot import open_snapshot
from lineage.models import HarvestRun
from lineage.staging import store
from lineage.vocabulary import Kind

WRITTEN = "the same rows written"
HARVESTED = "the whole way"
AGAIN = "the same snapshot again"
STEPS = "steps of the first load"
SAMPLE = 2_000  # rows for the slowest way, extrapolated
SHARE = 100_000  # rows for the others, of a bigger hub
BATCH = 10_000
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def written(folder: Path) -> Iterator[Figure]:
    """This project's staging and merge, then its peers, on the first rows of the same hub, already parsed.

    The peers write artifacts, accounts, counters and mentions; this project also a week's point and what the run saw.
    """
    records = list(_records(folder / "models.parquet", SHARE))
    gc.freeze()  # nobody shall pay for looking through what all of them write
    yield _written("this project, staged and merged", records, _stored(records), is_own=True)
    with peers.empty_tables():
        some = records[:SAMPLE]
        yield _written("update_or_create (extrapolated)", records, peers.one_by_one(some) * len(records) / len(some))
    with peers.empty_tables():
        yield _written("bulk_create(update_conflicts), 1,000 a time", records, peers.conflicting(records))
    if connection.vendor != "postgresql":
        return
    with peers.empty_tables():
        yield _written("COPY of ready bytes, tables with the same keys", records, peers.copied(records))
    with peers.empty_tables():
        yield _written("COPY of ready bytes, bare tables (the floor)", records, peers.copied(records, bare=True))


def harvested(folder: Path, models: int) -> Iterator[Figure]:
    """A first harvest; then the same with a hundredth of the contents, and with a third of the counters, changed."""
    first = load(folder)
    yield _harvested(HARVESTED, "this project, first load", models, first)
    for step, seconds in first.steps.items():
        yield Figure(STEPS, f"this project, {step}", f"{models:,} models", seconds)
    changed = {
        "nothing changed": folder,
        "1 % of the contents changed": next_day(folder, contents=0.01),
        "30 % of the counters changed": next_day(folder, counters=0.3),
    }
    for name, snapshot in changed.items():
        again = load(snapshot)
        yield _harvested(AGAIN, name, models, again, of=first)
        if "linked" in again.steps:
            yield Figure(AGAIN, f"{name}: linked", f"{models:,} models", again.steps["linked"])


def by_workers(folder: Path, models: int) -> Iterator[Figure]:
    """The first load by workers side by side; each into a fresh base."""
    for workers in (1, 2):
        fresh_base()
        seconds = load_by_workers(folder, workers)
        name = f"this project, first load by {workers} worker{'s' if workers > 1 else ''}"
        yield Figure(
            HARVESTED, name, f"{models:,} models", seconds, f"{models / seconds:,.0f} models/s until traceable"
        )


def _harvested(table: str, name: str, models: int, loaded: Loaded, *, of: Loaded | None = None) -> Figure:
    rate = f"{models / loaded.traceable:,.0f} models/s with their datasets and edges" if of is None else ""
    ratio = f"{of.traceable / loaded.traceable:.1f} times as quick as the first load" if of else ""
    note = f"{rate}{ratio}; {loaded.gigabytes:.2f} GB at most; {loaded.written:,} rows changed"
    return Figure(table, name, f"{models:,} models", loaded.traceable, note, is_own=of is None)


def _written(name: str, records: Sequence[HubRecord], seconds: float, *, is_own: bool = False) -> Figure:
    note = f"{len(records) / seconds:,.0f} models/s"
    return Figure(WRITTEN, name, f"{len(records):,} models", seconds, note, is_own)


def _stored(records: Sequence[HubRecord]) -> float:
    run = HarvestRun.objects.create(
        source=HarvestRun.Source.SNAPSHOT, state="running", created_at=AT, started_at=AT, heartbeat_at=AT
    )

    def write() -> None:
        for start in range(0, len(records), BATCH):
            with transaction.atomic():
                store(records[start : start + BATCH], run=run, at=AT)

    return once(write)


def _records(path: Path, most: int) -> Iterator[HubRecord]:
    found = 0
    for _row, batch in open_snapshot(path, None).batches(0, BATCH):
        for record in (parse(raw, Kind.MODEL) for raw in batch):
            if isinstance(record, HubRecord) and found < most:
                found += 1
                yield record
        if found >= most:
            return
