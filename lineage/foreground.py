"""A harvest from its first page to its end in one process: the command line's way. The worker's is `lineage.tasks`."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from django.db import DatabaseError

from lineage import beside, endings, harvest, lanes, pages
from lineage.beside import Beside, ReadAhead
from lineage.lanes import Clock, Step, Stopped, TakenOver
from lineage.models import HarvestLane, HarvestRun
from lineage.questions import Outcome, ask_old_names

QUESTIONS_AT_ONCE = 50  # between two signs of life


class Watch(Protocol):
    """Who looks on: a progress bar, or nobody."""

    def read(self, lane: HarvestLane, step: Step) -> None:
        """A page of the lane was read."""
        ...

    def wait(self, seconds: float) -> None:
        """The harvest waits for its source so long."""
        ...

    def ask(self) -> None:
        """The pages are read; old names are asked of the Hub."""
        ...

    def link(self) -> None:
        """Everything is read; the genealogy is linked."""
        ...


def conduct(run: HarvestRun, *, clock: Clock, watch: Watch, sleep: Callable[[float], None] = time.sleep) -> HarvestRun:
    """Claim the run, read its lanes one after the other, conclude it. Returns the run as it ended.

    Raises HarvestRefused, TakenOver, and KeyboardInterrupt after the run was ended as cancelled, its pages kept.
    """
    run = harvest.claim(run.pk, at=clock())
    conductor = _Conductor(run, clock, watch, sleep)
    try:
        return conductor.walk()
    except Stopped as stopped:
        return harvest.fail(run.pk, str(stopped), generation=run.generation, at=clock())
    except KeyboardInterrupt:
        harvest.cancel(run.pk, at=clock())
        raise
    except TakenOver:
        raise
    except Exception as error:
        with suppress(DatabaseError, TakenOver):
            harvest.fail(run.pk, endings.broken_off(error), generation=run.generation, at=clock())
        raise


class _Conductor:
    def __init__(self, run: HarvestRun, clock: Clock, watch: Watch, sleep: Callable[[float], None]) -> None:
        self._run = run
        self._clock = clock
        self._watch = watch
        self._sleep = sleep

    def walk(self) -> HarvestRun:
        unread = list(self._run.lanes.filter(done=False).order_by("pk"))
        with beside.started(unread) as helper:
            for lane in unread:
                self._read(lane, helper)
        if harvest.asks_aliases(self._run):
            self._watch.ask()
            self._ask()
        self._watch.link()
        return harvest.conclude(self._run.pk, generation=self._run.generation, at=self._clock())

    def _read(self, lane: HarvestLane, helper: Beside | None) -> None:
        reader = pages.reader_of(lane, self._clock)
        if helper and beside.is_long(lane):
            reader = ReadAhead(reader, lane, helper, self._clock())
        while not lane.done:
            self._wait_until(lane)
            step = lanes.advance(lane, generation=self._run.generation, reader=reader, clock=self._clock)
            lane.refresh_from_db()
            self._watch.read(lane, step)

    def _wait_until(self, lane: HarvestLane) -> None:
        """Sleep until the lane may go on. Reads the clock again: a sleep may end early."""
        while lane.not_before and (rest := (lane.not_before - self._clock()).total_seconds()) > 0:
            self._watch.wait(rest)
            self._sleep(rest)

    def _ask(self) -> None:
        client = pages.hub_client(self._clock)
        while True:
            outcome = ask_old_names(client, clock=self._clock, at_most=QUESTIONS_AT_ONCE)
            self._sign_of_life(outcome)
            if outcome.wait_seconds is not None:
                self._watch.wait(outcome.wait_seconds)
                self._sleep(outcome.wait_seconds)
            elif outcome.gave_up or not outcome.answered:
                return

    def _sign_of_life(self, outcome: Outcome) -> None:
        now = self._clock()
        until = None if outcome.wait_seconds is None else now + timedelta(seconds=outcome.wait_seconds)
        harvest.sign_of_life(self._run.pk, generation=self._run.generation, at=now, waits_until=until)
