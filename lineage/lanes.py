"""One page of a lane: read, parsed, screened, then stored in one transaction together with the next cursor.

A worker that was stopped in between left nothing half done; one that wakes after its run was taken over is refused.
"""

import gc
import hashlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from lineage import endings, policy, reading, staging
from lineage.hub.client import BadPage, CursorExpired, HubError, HubUnavailable, RateLimited
from lineage.hub.mentions import WRITTEN_IN
from lineage.hub.probe import lost
from lineage.hub.records import Refused
from lineage.hub.snapshot import NotASnapshot
from lineage.models import HarvestLane, HarvestRun, Mention, Quarantine
from lineage.pages import RawPage, Reader
from lineage.policy import Screened
from lineage.reading import Reading
from lineage.vocabulary import Kind, RunState

Clock = Callable[[], datetime]

ATTEMPTS = 3  # failed attempts after which a page is given up
TRIES = 3  # quick requests that make up one attempt
RESTARTS = 3  # listings begun again after an expired cursor, before the lane is given up
REFUSED_SHARE = 0.01  # above it, a field was renamed or retyped for all: the harvest stops
ODD_SHARE = (
    0.1  # of records kept without an odd value: far more than authors write, and what a field retyped for all comes to
)
REFUSED_AT_ONCE = 200  # refused records that stop a harvest before its end, when they are above the share as well
REFUSED_AT_LEAST = 20  # fewer never fail a harvest, however small
CHANGES = frozenset(
    {"created", "updated", "displaced", "authors", "counters", "gone"}
    | {"mentions_added", "mentions_changed", "mentions_removed"}
    | {"aliases_begun", "aliases_ended", "edges_begun", "edges_ended", "edges_reassessed"}
    | {"mentioned", "swept", "placed"}
)  # counts of rows that changed, each row counted in one of them


class TakenOver(Exception):
    """The run went to another worker, was cancelled, or this page is already stored: nothing was written."""


class WorkerLost(HubError):
    """The worker that read this page ended before it was stored."""


class Stopped(Exception):
    """The whole harvest must end, and this page was not stored. The argument says why, in words for staff."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one page. `wait_until`: not before then; `rows`: records of this page."""

    lane_done: bool = False
    run_done: bool = False  # no lane of the run has a page left
    wait_until: datetime | None = None
    rows: int = 0


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without the garbage collector: a page is tens of thousands of objects with no cycle among them.

    Looking for cycles takes a third of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_nothing_collected()
def advance(lane: HarvestLane, *, generation: int, reader: Reader, clock: Clock) -> Step:
    """Read the lane's next page and store it; a wait or a failure is noted on the lane instead.

    Raises TakenOver and Stopped; what the source raises becomes a wait, a new attempt or a page given up.
    """
    if refusal := policy.current().refusal(at=clock()):
        raise Stopped(refusal)
    try:
        page = _read(reader, lane.cursor)
    except RateLimited as limit:
        return _wait(lane, generation, clock() + timedelta(seconds=limit.wait_seconds))
    except CursorExpired:
        return _begin_again(lane, generation, clock())
    except (HubError, NotASnapshot, OSError, ValueError) as failure:
        return _failed(lane, generation, clock(), failure)
    return _store(lane, generation, page, clock())


def count_lost_worker(lane: HarvestLane, *, generation: int, at: datetime) -> Step:
    """A worker ended in the midst of the lane's page: a failed attempt, the third of which gives the page up.

    Raises TakenOver.
    """
    return _failed(lane, generation, at, WorkerLost())


def hold_run(run_id: int, generation: int) -> HarvestRun:
    """Lock the run for the transaction. Raises TakenOver unless it still runs under this generation."""
    run = HarvestRun.objects.select_for_update().filter(pk=run_id, generation=generation).first()
    if run is None or run.state != RunState.RUNNING:
        raise TakenOver(f"harvest {run_id}")
    return run


def count(run: HarvestRun, **more: int) -> None:
    """Add to the run's counts, and to `changed` what changed a row of the genealogy; the caller saves the run."""
    more["changed"] = sum(number for name, number in more.items() if name in CHANGES)
    for name, number in more.items():
        run.counts[name] = run.counts.get(name, 0) + number


def too_many_refused(refused: int, rows: int, *, at_least: int = REFUSED_AT_LEAST) -> bool:
    """Whether `refused` of `rows` records read are more than a source that is well would bring."""
    return refused > at_least and refused > REFUSED_SHARE * rows


def jittered(seconds: float) -> float:
    """About `seconds`, so that workers that failed together do not come back together."""
    return seconds * random.uniform(0.75, 1.5)  # noqa: S311  spreads requests, hides nothing


def _read(reader: Reader, cursor: str) -> RawPage:
    """One attempt: a few quick requests, for faults that are gone a moment later."""
    for _try in range(TRIES - 1):
        try:
            return reader.read(cursor)
        except (HubUnavailable, BadPage):
            time.sleep(jittered(settings.HARVEST_RETRY_SECONDS / 10))
    return reader.read(cursor)


def _store(lane: HarvestLane, generation: int, page: RawPage, at: datetime) -> Step:
    if _would_lose(lane, page.records):
        raise Stopped(endings.source_changed())
    try:
        return _store_reading(lane, generation, page, page.reading or _reading(lane, page, at), at)
    except staging.Moved:
        return _store_reading(lane, generation, page, _reading(lane, page, at, recognises=False), at)


def _reading(lane: HarvestLane, page: RawPage, at: datetime, *, recognises: bool = True) -> Reading:
    return reading.read(page.records[: _room(lane)], Kind(lane.kind), at=at, recognises=recognises)


def _store_reading(lane: HarvestLane, generation: int, page: RawPage, read: Reading, at: datetime) -> Step:
    """Raises Moved where what was recognised is stored otherwise by now, or the policy changed: nothing is stored."""
    with transaction.atomic():
        lane = _hold_lane(lane)
        screened = policy.current().screen(read.records)
        if read.recognised and policy.current().state() != read.state:
            raise staging.Moved
        odd = _odd(read, screened)
        _refuse_a_source_gone_wrong(lane, refused=len(read.refused), odd=len(odd), rows=read.rows)
        stored = staging.store(
            screened.records,
            run=lane.run,
            at=at,
            digests={id(record): digest for record, digest in zip(read.records, read.digests, strict=True)},
            recognised=read.recognised,
        )
        _quarantine(lane, [*read.refused, *odd], at)
        circle = _move_on(lane, page, read.rows, at)
        if circle:
            _quarantine(lane, [Refused("next_page_repeats", "page", 0)], at)
        lane.save()
        run = hold_run(lane.run_id, generation)
        count(
            run,
            pages=1,
            rows=read.rows,
            quarantined=len(read.refused),
            set_aside=len(odd),
            dropped=screened.dropped_records,
            dropped_mentions=screened.dropped_mentions,
            pages_given_up=int(circle),
            **asdict(stored),
        )
        run.heartbeat_at = at
        run.save(update_fields=["counts", "heartbeat_at"])
    staging.measure_grown()  # apart from the rows: it would hold other lanes up
    return _step(lane, rows=read.rows)


def _would_lose(lane: HarvestLane, raw: Sequence[object]) -> bool:
    """Whether a page of the Hub bears a field no more from which the base holds what artifacts were made from."""
    gone = () if lane.path else lost(raw, is_first=not lane.pages)
    held = Mention.objects.filter(artifact__kind=lane.kind)
    return any(held.filter(field__in=WRITTEN_IN[name]).exists() for name in gone)


def _odd(read: Reading, screened: Screened) -> list[Refused]:
    """Records that are stored without an odd value. Of what the policy keeps out nothing is noted."""
    if not any(read.odd):
        return []
    kept = {record.repo_id for record in screened.records}
    return [odd for record, odd in zip(read.records, read.odd, strict=True) if odd and record.repo_id in kept]


def _hold_lane(read: HarvestLane) -> HarvestLane:
    lane = HarvestLane.objects.select_for_update(of=("self",)).select_related("run").get(pk=read.pk)
    if lane.done or (lane.cursor, lane.pages, lane.restarts) != (read.cursor, read.pages, read.restarts):
        raise TakenOver(f"lane {read.pk}")
    return lane


def _room(lane: HarvestLane) -> int | None:
    """How many records the lane may still read; None without a limit."""
    limit = lane.run.options.get("limit")
    return None if limit is None else max(0, limit - lane.rows)


def _refuse_a_source_gone_wrong(lane: HarvestLane, *, refused: int, odd: int, rows: int) -> None:
    counts = lane.run.counts
    rows += counts.get("rows", 0)
    refused += counts.get("quarantined", 0)
    odd += counts.get("set_aside", 0)
    if too_many_refused(refused, rows, at_least=REFUSED_AT_ONCE) or odd > max(REFUSED_AT_ONCE, ODD_SHARE * rows):
        raise Stopped(endings.source_changed())


def _quarantine(lane: HarvestLane, refused: Sequence[Refused], at: datetime) -> None:
    Quarantine.objects.bulk_create(
        Quarantine(run=lane.run, kind=lane.kind, reason=one.reason, field=one.field[:64], length=one.length, seen_at=at)
        for one in refused
    )


def _move_on(lane: HarvestLane, page: RawPage, rows: int, at: datetime) -> bool:
    """Set the lane to the next page. Returns whether the listing goes round in a circle, which ends the lane."""
    circle = _goes_round(lane, page.next_cursor)
    lane.rows += rows
    lane.pages += 1
    if lane.pages & (lane.pages - 1) == 0:
        lane.landmark = _fingerprint(page.next_cursor)
    limit = lane.run.options.get("limit")
    lane.read_whole = not page.next_cursor and limit is None
    lane.done = not page.next_cursor or circle or (limit is not None and lane.rows >= limit)
    lane.cursor = "" if lane.done else page.next_cursor
    lane.rows_total = page.total if page.total is not None else lane.rows_total
    lane.attempts = 0
    announced = at + timedelta(seconds=page.wait_seconds) if page.wait_seconds else at
    not_before = max(announced, lane.not_before or at)
    lane.not_before = not_before if not_before > at and not lane.done else None
    return circle


def _goes_round(lane: HarvestLane, next_cursor: str) -> bool:
    """Brent's way of noticing a circle with one cursor remembered: that of the latest page numbered 1, 2, 4, 8 …"""
    return bool(next_cursor) and (next_cursor == lane.cursor or _fingerprint(next_cursor) == lane.landmark)


def _fingerprint(cursor: str) -> str:
    return hashlib.blake2b(cursor.encode(), digest_size=16).hexdigest()


def _wait(lane: HarvestLane, generation: int, until: datetime) -> Step:
    with transaction.atomic():
        lane = _hold_lane(lane)
        hold_run(lane.run_id, generation)
        lane.not_before = until
        lane.save(update_fields=["not_before"])
    # The Hub counts whoever asks from here as one: the other lanes wait too. Apart, so that no lock waits for another.
    HarvestLane.objects.filter(run=lane.run_id, done=False).exclude(not_before__gte=until).update(not_before=until)
    return Step(wait_until=until)


def _begin_again(lane: HarvestLane, generation: int, at: datetime) -> Step:
    """The cursor expired: list from the first page again; what was seen stays seen."""
    if lane.restarts >= RESTARTS or not lane.cursor:
        return _failed(lane, generation, at, BadPage("cursor"))
    with transaction.atomic():
        lane = _hold_lane(lane)
        hold_run(lane.run_id, generation)
        lane.restarts += 1
        lane.cursor, lane.landmark, lane.attempts, lane.pages, lane.rows = "", "", 0, 0, 0
        lane.save()
    return Step()


def _failed(lane: HarvestLane, generation: int, at: datetime, failure: Exception) -> Step:
    """Try the page later, or give it up: then no next page is known, and the lane ends there."""
    with transaction.atomic():
        lane = _hold_lane(lane)
        run = hold_run(lane.run_id, generation)
        lane.attempts += 1
        lane.done = lane.attempts >= ATTEMPTS or not isinstance(failure, HubError)
        if lane.done:
            Quarantine.objects.create(run=run, kind=lane.kind, reason=_reason(failure), field="page", seen_at=at)
            count(run, pages_given_up=1)
            run.message = str(failure) if isinstance(failure, HubError) else ""
            lane.not_before = None
        else:
            lane.not_before = at + timedelta(
                seconds=jittered(settings.HARVEST_RETRY_SECONDS * 4 ** (lane.attempts - 1))
            )
        lane.save()
        run.heartbeat_at = at
        run.save(update_fields=["counts", "heartbeat_at", "message"])
        return _step(lane)


def _reason(failure: Exception) -> str:
    for kind, word in ((WorkerLost, "worker_lost"), (HubUnavailable, "hub_unavailable")):
        if isinstance(failure, kind):
            return word
    return "bad_page" if isinstance(failure, HubError) else "unreadable_file"


def _step(lane: HarvestLane, rows: int = 0) -> Step:
    others = HarvestLane.objects.filter(run=lane.run_id, done=False).exclude(pk=lane.pk)
    return Step(lane.done, lane.done and not others.exists(), lane.not_before, rows)
