"""The Hub, the broker or the database fails in the midst of a harvest: it goes on by itself, and to the same base."""

import os
import time

import pytest

from tests.faults.conftest import outcome, tell
from tests.faults.site import STALL, at_page, points
from tests.hub_faults import MIXED, at_random, rate_limited, retry_after, slow

SEEDS = int(os.environ.get("FAULTS_SEEDS") or 20)
POINTS = int(os.environ.get("FAULTS_SEEDS") or 10)
RESUMED = 60  # seconds, at the most, with the settings of these tests
IN_FLIGHT = 0.5  # seconds: what was sent before a refusal was read
REFUSALS = [rate_limited(2), retry_after(2)]


class Announced:
    """Notes when the pretended Hub refuses, and which requests come before the time that it said is over."""

    def __init__(self, faults):
        self._faults, self.too_early, self.refusals = faults, 0, 0
        self._from = self._until = 0.0

    def __call__(self, seen):
        if self._from + IN_FLIGHT < seen.moment < self._until - 0.05:
            self.too_early += 1
        fault = self._faults(seen)
        if fault is not None and fault.status == 429:
            self.refusals += 1
            self._from, self._until = seen.moment, max(self._until, seen.moment + wait_of(fault))
        return fault


def wait_of(fault):
    return float(fault.headers.get("Retry-After") or fault.headers["RateLimit"].partition("t=")[2])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_hub_that_fails_three_times_in_ten(site, hub, uninterrupted, seed):
    hub.faults = announced = Announced(at_random(seed, 0.3, [*MIXED, *MIXED, *REFUSALS, slow(6)]))
    site.start_workers()
    site.begin()
    standing = site.end(900)
    assert outcome(site, standing) == uninterrupted, (standing, site.last_words())
    assert announced.too_early == 0
    tell(f"seed {seed}: {announced.refusals} refusals, none overrun, {standing['seconds']:.1f} s")


def test_a_refusal_of_300_seconds_neither_kills_nor_doubles_a_task(site, hub, uninterrupted):
    """A window of the Hub, many times as long as a run may be silent: the reaper looks at it again and again."""
    seconds = 300
    assert seconds > 5 * STALL
    refused: list[float] = []

    def once(seen):
        if len(hub.seen) - before == 20 and not refused:
            refused.append(seen.moment)
            return retry_after(seconds)
        return None

    before, hub.faults = len(hub.seen), once
    site.start_workers()
    site.begin()
    standing = site.end(900)
    meanwhile = [one.moment for one in hub.seen[before:] if IN_FLIGHT < one.moment - refused[0] < seconds - 0.05]
    assert meanwhile == []
    assert standing["generation"] == 1
    assert outcome(site, standing) == uninterrupted
    asked = len([one for one in hub.seen[before:] if one.is_list])
    assert asked == uninterrupted["pages"] + 1 + 2  # the page that was refused, and a look at the fields of each kind
    tell(f"refused for {seconds} s: generation 1, {asked} requests for {uninterrupted['pages']} pages")


def broker_killed(servers, dice):
    servers[1].stop()
    time.sleep(dice.uniform(0, 3))
    servers[1].start()


def broker_flushed(servers, _dice):
    servers[1].flush()


def database_restarted(servers, dice):
    servers[0].stop()
    time.sleep(dice.uniform(0, 3))
    servers[0].start()


@pytest.mark.parametrize("point", range(POINTS))
@pytest.mark.parametrize("fail", [broker_killed, broker_flushed, database_restarted], ids=lambda fail: fail.__name__)
def test_a_server_that_fails(site, hub, uninterrupted, servers, fail, point):
    dice = points(fail.__name__, POINTS)[point]
    over: list[float] = []
    stored: list[int] = []
    resumed: list[float] = []

    def strike():
        fail(servers, dice)
        over.append(time.monotonic())

    site.start_workers()
    at_page(hub, dice.randint(1, uninterrupted["pages"] - 5), dice.uniform(0, 0.3), strike)

    def watch(standing):
        if not over or not standing or resumed:
            return
        stored.append(standing["counts"].get("pages", 0))
        if stored[-1] > stored[0] or standing["state"] == "complete":
            resumed.append(time.monotonic() - over[0])

    site.begin()
    standing = site.end(300, watch)
    assert over
    assert outcome(site, standing) == uninterrupted, (standing, site.last_words())
    assert resumed[0] < RESUMED
    tell(f"{fail.__name__}: resumed after {resumed[0]:.1f} s, generation {standing['generation']}")
