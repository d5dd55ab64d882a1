"""What the worker does: a harvest one page a task, and what the schedules ask for.

Arguments are keys of our own rows, never a name. The broker may lose or repeat any task: state lies in the runs.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from celery import Task, shared_task
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from lineage import alarms, authors, consultations, corpora, departures, disclosures, harvest, lanes, pages, policy
from lineage.lanes import Step, Stopped, TakenOver
from lineage.models import Corpus, HarvestLane, HarvestRun
from lineage.questions import ask_old_names

QUESTIONS_AT_ONCE = 200  # old names or accounts a task: about a minute, and under the Hub's anonymous quota
LINKING_SECONDS = 7200  # linking and the graph file take minutes at four million artifacts
LONGEST_WAIT_SECONDS = 600  # below the broker's visibility timeout, after which it would hand a waiting task out again
# A database that restarts, or a disk that is full, costs seconds: the reaper would come back after minutes.
ONCE_MORE = {
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": 8,
}

logger = logging.getLogger(__name__)


@shared_task(**ONCE_MORE)
def run_harvest(run_id: int) -> None:
    """Begin or resume a harvest: claim it, then let its lanes run side by side."""
    try:
        run = harvest.claim(run_id, at=timezone.now())
    except TakenOver:
        return
    except harvest.HarvestRefused as refused:
        logger.warning("Harvest %s was refused: %s", run_id, refused)
        return
    if run.source == HarvestRun.Source.HUB and run.generation == 1:
        alarms.probe(pages.hub_client(timezone.now), at=timezone.now())
    lanes_left = list(run.lanes.filter(done=False).order_by("pk"))
    for lane in lanes_left:
        _later(advance_lane, lane.pk, run.generation)
    if not lanes_left:
        _later(finish_harvest, run.pk, run.generation)


@shared_task(bind=True, **ONCE_MORE)
def advance_lane(self: Task, lane_id: int, generation: int) -> None:
    """Read one page of a lane, then ask for the next. A wait ends the task, which comes back later.

    What the broker hands out again lost its worker on the way: a page that kills every worker is not tried for ever.
    """
    lane = HarvestLane.objects.select_related("run").filter(pk=lane_id, done=False, run__generation=generation).first()
    if lane is None:
        return
    if lane.not_before and lane.not_before > timezone.now():
        _later(advance_lane, lane_id, generation, until=lane.not_before)
        return
    try:
        step = _step(lane, generation, is_again=bool((self.request.delivery_info or {}).get("redelivered")))
    except Stopped as stopped:
        _fail(lane.run_id, str(stopped), generation)
    except TakenOver:
        logger.info("Lane %s went to another worker", lane_id)
    else:
        _go_on(lane, generation, step)


@shared_task(soft_time_limit=LINKING_SECONDS, time_limit=LINKING_SECONDS + 60, **ONCE_MORE)
def finish_harvest(run_id: int, generation: int) -> None:
    """After the last page: ask what old names mean, a share of them a task, then link and end the run."""
    run = HarvestRun.objects.filter(pk=run_id).first()
    try:
        if run and harvest.asks_aliases(run) and _asked_and_not_done(run_id, generation):
            return
        harvest.conclude(run_id, generation=generation, at=timezone.now())
    except TakenOver:
        logger.info("Harvest %s went to another worker", run_id)


@shared_task
def daily_harvest() -> None:
    """The full listing of the day; however often the schedule fires, one a day."""
    now = timezone.now()
    slot = f"daily {timezone.localdate(now).isoformat()}"
    try:
        run = harvest.request(source=HarvestRun.Source.HUB, at=now, slot=slot)
    except harvest.HarvestRefused as refused:
        logger.warning("The daily harvest was not started: %s", refused)
        return
    _later(run_harvest, run.pk)


@shared_task
def resume_stalled_runs() -> None:
    """Take up what a lost worker left: a run without a sign of life for minutes, or one that nobody began."""
    for run in harvest.stalled_runs(at=timezone.now()):
        logger.warning("Harvest %s gave no sign of life and is resumed", run.pk)
        _later(run_harvest, run.pk)


@shared_task
def fill_author_kinds() -> None:
    """Ask the Hub what some of the accounts are, slowly, within its rate limit."""
    if refusal := policy.current().refusal(at=timezone.now()):
        logger.warning("Accounts were not asked about: %s", refusal)
        return
    outcome = authors.fill_kinds(pages.hub_client(timezone.now), clock=timezone.now, at_most=QUESTIONS_AT_ONCE)
    logger.info("Accounts asked about: %s answered, %s failed", outcome.answered, outcome.failed)


@shared_task
def purge_departed() -> None:
    """Contract away what persons took from the Hub 30 days ago, where the last harvests can be trusted."""
    outcome = departures.purge(at=timezone.now())
    logger.info("Artifacts that left the Hub, purged: %s; kinds held back: %s", outcome.artifacts, len(outcome.held))


@shared_task
def check_alarms() -> None:
    """Look for a stopped harvest, a shrunken listing, a missed slot and a nearly full disk; tell who is named."""
    standing = alarms.check(at=timezone.now())
    if standing:
        logger.warning("Alarms that stand: %s", ", ".join(sorted(alarm.kind for alarm in standing)))


@shared_task
def purge_consultations() -> None:
    """Delete the log of reads older than 12 months."""
    logger.info("Consultations deleted: %s", consultations.purge(at=timezone.now()))


@shared_task
def purge_disclosures() -> None:
    """Delete the entries of the ledger of exports whose copies may no longer be kept."""
    logger.info("Entries of the ledger of exports deleted: %s", disclosures.purge(at=timezone.now()))
    logger.info("Corpora mended that a failure had left: %s", corpora.mend_all())


@shared_task(soft_time_limit=3_300, time_limit=3_400)  # the whole Hub takes minutes; a second worker waits at the lock
def freeze_corpus(key: int) -> None:
    """Write the files of a corpus, once."""
    corpora.freeze(Corpus.objects.get(pk=key))


def _step(lane: HarvestLane, generation: int, *, is_again: bool) -> Step:
    if is_again:
        return lanes.count_lost_worker(lane, generation=generation, at=timezone.now())
    return lanes.advance(lane, generation=generation, reader=pages.reader_of(lane, timezone.now), clock=timezone.now)


def _go_on(lane: HarvestLane, generation: int, step: Step) -> None:
    if step.run_done:
        _later(finish_harvest, lane.run_id, generation)
    elif not step.lane_done:
        _later(advance_lane, lane.pk, generation, until=step.wait_until)


def _asked_and_not_done(run_id: int, generation: int) -> bool:
    """Ask a share of the old names. Returns whether the run must come back to ask further ones."""
    outcome = ask_old_names(pages.hub_client(timezone.now), clock=timezone.now, at_most=QUESTIONS_AT_ONCE)
    now = timezone.now()
    until = None if outcome.wait_seconds is None else now + timedelta(seconds=outcome.wait_seconds)
    harvest.sign_of_life(run_id, generation=generation, at=now, waits_until=until)
    if until is None and (outcome.gave_up or not outcome.answered):
        return False
    _later(finish_harvest, run_id, generation, until=until)
    return True


def _fail(run_id: int, message: str, generation: int) -> None:
    try:
        harvest.fail(run_id, message, generation=generation, at=timezone.now())
    except TakenOver:
        logger.info("Harvest %s went to another worker", run_id)


def _later(task: Task, *arguments: int, until: datetime | None = None) -> None:
    """Queue a task once what it builds on is committed."""
    seconds = 0.0 if until is None else max(0.0, (until - timezone.now()).total_seconds())
    countdown = min(seconds, LONGEST_WAIT_SECONDS)
    transaction.on_commit(partial(task.apply_async, arguments, countdown=countdown or None))
