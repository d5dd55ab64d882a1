"""The conductor of a harvest: asked for, claimed, read page by page, concluded. Every step survives its worker.

The same functions serve the command line, which walks through the steps itself, and the worker, one task a step.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from lineage import departures, endings, graph, linking, name_index, policy, presence, statistics, watches
from lineage.hub.snapshot import Snapshot, open_snapshot
from lineage.lanes import ATTEMPTS, TakenOver, count, hold_run, too_many_refused
from lineage.models import HarvestLane, HarvestRun, Quarantine
from lineage.vocabulary import Kind, RunState

logger = logging.getLogger(__name__)
ROWS_A_LANE = 250_000  # of a snapshot that can be read side by side: a dozen lanes for the whole Hub
TAKEOVERS = 20  # a run that as many workers left without ending is not tried again


class HarvestRefused(Exception):
    """No harvest was started; nothing was changed. The words are for staff and hold no name from the Hub."""


class HarvestOpen(HarvestRefused):
    """Another harvest is under way: `run`."""

    def __init__(self, run: HarvestRun) -> None:
        self.run = run
        super().__init__(
            _(
                "Another harvest is under way (number {number}, last sign of life {moment}). Nothing was changed. "
                "Wait for its end, or cancel it in the admin (Genealogy, Harvests)."
            ).format(number=run.pk, moment=_moment(run.heartbeat_at or run.created_at))
        )


def request(
    *,
    source: str,
    kinds: Collection[Kind] = (),
    paths: Iterable[Path] = (),
    limit: int | None = None,
    aliases: bool = True,
    at: datetime,
    slot: str | None = None,
) -> HarvestRun:
    """Ask for a harvest; it begins once `claim`ed.

    `source` is one of HarvestRun.Source. From the Hub, `kinds` are listed (none: all). From files, each of `paths` is a
    lane, or several where it is long and can be read side by side, and a single kind says what they hold where they do
    not say it themselves. `limit` is in records a listing or file. A run of the same wording that stalled is handed out
    again, another one that stalled is closed as failed.

    Raises HarvestRefused by the policy, HarvestOpen, and NotASnapshot for a path that is none.
    """
    if refusal := policy.current().refusal(at=at):
        raise HarvestRefused(refusal)
    lanes = _lanes_of(source, kinds, paths, limit)
    options = {"limit": limit, "aliases": aliases}
    if stalled := _take_stalled(source, options, lanes, at=at):
        return stalled
    try:
        with transaction.atomic():
            run = HarvestRun.objects.create(source=source, options=options, slot=slot, created_at=at)
            for lane in lanes:
                lane.run = run
            HarvestLane.objects.bulk_create(lanes)
            return run
    except IntegrityError:
        raise _why_not(slot) from None


def claim(run_id: int, *, at: datetime) -> HarvestRun:
    """Take a queued or stalled run, under a new generation: whoever worked on it before is refused from now on.

    Raises HarvestRefused by the policy or where the run was taken over too often (it is closed as failed), and
    TakenOver where it ended, is paused, or is alive in other hands.
    """
    refusal = policy.current().refusal(at=at)
    with transaction.atomic():
        run = HarvestRun.objects.select_for_update().open().filter(pk=run_id).first()
        if run is None or run.state == RunState.PAUSED or (run.state == RunState.RUNNING and not _is_stalled(run, at)):
            raise TakenOver(f"harvest {run_id}")
        if run.state == RunState.RUNNING:
            _count_attempts(run, at)
        refusal = refusal or _taken_over_too_often(run)
        run.generation += 1
        run.state, run.started_at, run.heartbeat_at = RunState.RUNNING, run.started_at or at, at
        if refusal:
            _end(run, RunState.FAILED, refusal, at)
        run.save()
    if refusal:
        raise HarvestRefused(refusal)
    return run


def stalled_runs(*, at: datetime) -> list[HarvestRun]:
    """Open runs that gave no sign of life for HARVEST_STALL_SECONDS and do not wait for the Hub; at most one."""
    return [run for run in HarvestRun.objects.open() if _is_stalled(run, at)]


def conclude(run_id: int, *, generation: int, at: datetime) -> HarvestRun:
    """After the last page: mark what is absent, link, end the run, build the graph, count the statistics.

    Raises TakenOver. A run of whose records too many were refused ends as failed, and nothing is marked or linked.
    """
    with transaction.atomic():
        run = hold_run(run_id, generation)
        if too_many_refused(run.counts.get("quarantined", 0), run.counts.get("rows", 0)):
            _end(run, RunState.FAILED, endings.source_changed(), at)
        elif not run.counts.get("rows"):
            _end(run, RunState.FAILED, endings.nothing_read(run), at)
        else:
            _mark_and_link(run, at)
        run.save()
    if run.state != RunState.FAILED:
        _renew_graph(run)
        watches.note(run, at=at)
        _renew_statistics(run, at)
    return run


def sign_of_life(run_id: int, *, generation: int, at: datetime, waits_until: datetime | None = None) -> None:
    """Between the last page and the end: the run is alive, and may be waiting for the Hub. Raises TakenOver."""
    with transaction.atomic():
        run = hold_run(run_id, generation)
        run.heartbeat_at = at
        run.save(update_fields=["heartbeat_at"])
        if waits_until:
            run.lanes.update(not_before=waits_until)


def asks_aliases(run: HarvestRun) -> bool:
    """Whether the run ends by asking the Hub what old names mean."""
    return run.source == HarvestRun.Source.HUB and bool(run.options.get("aliases"))


def fail(run_id: int, message: str, *, generation: int, at: datetime) -> HarvestRun:
    """End the run as failed: what was stored stays, nothing is marked absent or linked. Raises TakenOver."""
    with transaction.atomic():
        run = hold_run(run_id, generation)
        _end(run, RunState.FAILED, message, at)
        run.save()
        return run


def cancel(run_id: int, *, at: datetime) -> bool:
    """End the run at staff's wish; its workers' next writes are refused. Returns whether it was still open."""
    with transaction.atomic():
        run = HarvestRun.objects.select_for_update().open().filter(pk=run_id).first()
        if run is None:
            return False
        _end(run, RunState.CANCELLED, endings.kept(run), at)
        run.save()
        return True


def pause(run_id: int, *, at: datetime) -> bool:
    """Stop reading at staff's wish until it is resumed; a page under way is refused and read again then.

    Returns whether there was anything to pause.
    """
    with transaction.atomic():
        run = HarvestRun.objects.select_for_update().open().exclude(state=RunState.PAUSED).filter(pk=run_id).first()
        if run is None:
            return False
        run.state, run.heartbeat_at = RunState.PAUSED, at
        run.save(update_fields=["state", "heartbeat_at"])
        return True


def resume(run_id: int, *, at: datetime) -> bool:
    """Let a paused run go on: it waits for a worker to claim it. Returns whether it was paused."""
    with transaction.atomic():
        run = HarvestRun.objects.select_for_update().filter(pk=run_id, state=RunState.PAUSED).first()
        if run is None:
            return False
        run.state, run.heartbeat_at = RunState.QUEUED, at
        run.save(update_fields=["state", "heartbeat_at"])
        return True


def _lanes_of(source: str, kinds: Collection[Kind], paths: Iterable[Path], limit: int | None) -> list[HarvestLane]:
    if source == HarvestRun.Source.HUB:
        return [HarvestLane(kind=kind) for kind in Kind if not kinds or kind in kinds]
    said = next(iter(kinds)) if len(kinds) == 1 else None
    lanes = []
    for path in dict.fromkeys(path.resolve() for path in paths):
        snapshot = open_snapshot(path, said)
        starts = [0] if limit is not None else snapshot.parts(ROWS_A_LANE)
        for first, end in pairwise([*starts, None]):
            lanes.append(_part_of(snapshot, path, first or 0, end))
    return lanes


def _part_of(snapshot: Snapshot, path: Path, first: int, end: int | None) -> HarvestLane:
    last = snapshot.rows_total if end is None else end
    rows = None if last is None else last - first
    return HarvestLane(kind=snapshot.kind, path=str(path), from_row=first, to_row=end, rows_total=rows)


def _take_stalled(
    source: str, options: Mapping[str, object], lanes: list[HarvestLane], *, at: datetime
) -> HarvestRun | None:
    """The stalled run, if it is the one asked for; one of another wording is closed. None where none is left open."""
    with transaction.atomic():
        # A row that another transaction holds is being concluded: alive, however long ago its heartbeat.
        run = HarvestRun.objects.select_for_update(skip_locked=True).open().first()
        if run is None or not _is_stalled(run, at):
            return None
        wanted = {(lane.kind, lane.path, lane.from_row) for lane in lanes}
        standing = set(run.lanes.values_list("kind", "path", "from_row"))
        if (run.source, run.options) == (source, options) and wanted == standing:
            return run
        _end(run, RunState.FAILED, _("It gave no more sign of life, and another harvest was started."), at)
        run.save()
        return None


def _count_attempts(run: HarvestRun, at: datetime) -> None:
    """A page whose worker vanished is a failed attempt: one that kills every worker must not be tried for ever."""
    for lane in run.lanes.filter(done=False):
        lane.attempts += 1
        if lane.attempts >= ATTEMPTS:
            lane.done = True
            Quarantine.objects.create(run=run, kind=lane.kind, reason="worker_lost", field="page", seen_at=at)
            count(run, pages_given_up=1)
        lane.save(update_fields=["attempts", "done"])


def _taken_over_too_often(run: HarvestRun) -> str | None:
    return endings.given_up(run) if run.generation >= TAKEOVERS else None


def _is_stalled(run: HarvestRun, at: datetime) -> bool:
    silent_since = at - timedelta(seconds=settings.HARVEST_STALL_SECONDS)
    if run.state == RunState.PAUSED:
        return False
    waits = run.lanes.filter(not_before__gt=silent_since)
    return (run.heartbeat_at or run.created_at) < silent_since and not waits.exists()


def _why_not(slot: str | None) -> HarvestRefused:
    if slot and HarvestRun.objects.filter(slot=slot).exists():
        return HarvestRefused(_("The harvest of this slot was already started. Nothing was changed."))
    if run := HarvestRun.objects.open().first():
        return HarvestOpen(run)
    return HarvestRefused(_("Another harvest ended at this very moment. Nothing was changed: start again."))


def _mark_and_link(run: HarvestRun, at: datetime) -> None:
    whole = _kinds_read_whole(run)
    gone = presence.mark_absent(run=run, kinds=whole) if whole else 0
    started_at = run.started_at or at
    linked = linking.link_if_due(at=started_at, gone=gone)
    departures.reconnect()
    count(run, gone=gone, **asdict(linked))
    if run.counts.get("changed"):
        name_index.renew()
    is_complete = whole == {Kind(kind) for kind in run.lanes.values_list("kind", flat=True)}
    _end(run, RunState.COMPLETE if is_complete else RunState.PARTIAL, endings.linked(run, whole), at)


def _kinds_read_whole(run: HarvestRun) -> set[Kind]:
    """The kinds of which every lane was read to its end and brought records: what they did not show is absent."""
    lanes = list(run.lanes.all())
    unread = {lane.kind for lane in lanes if not (lane.read_whole and lane.rows)}
    return {Kind(lane.kind) for lane in lanes} - {Kind(kind) for kind in unread}


def _end(run: HarvestRun, state: RunState, message: str, at: datetime) -> None:
    run.state, run.message, run.ended_at = state, message, at


def _renew_graph(run: HarvestRun) -> None:
    """Counters and presence lie in the graph file too, so any change makes it anew."""
    try:
        if run.counts.get("changed"):
            graph.build()
        else:
            graph.current()
    except OSError:
        # The database is right; whoever asks for the graph next builds it, or says why it cannot be written.
        logger.exception("The graph file could not be written after harvest %s", run.pk)


def _renew_statistics(run: HarvestRun, at: datetime) -> None:
    try:
        statistics.renew(as_of=run.started_at or at)
    except DatabaseError:
        # The harvest itself is whole; the statistics of before stay, and say of when they are.
        logger.exception("The statistics could not be counted after harvest %s", run.pk)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
