"""Whatever is killed, and whenever: the base is that of a harvest that nothing disturbed, and no page counts twice."""

import os
import signal
import threading
import time
from base64 import urlsafe_b64encode

import pytest

from tests.faults.conftest import outcome, tell
from tests.faults.site import at_page, points
from tests.hub_faults import slow

KILLS = int(os.environ.get("FAULTS_POINTS") or 50)


def kill_child(site, dice):
    """Only the process that does the task: its worker starts another one."""
    if child := site.a_child(dice):
        os.kill(child, signal.SIGKILL)


def kill_worker(site, dice):
    """One of two machines; it comes back."""
    if site.workers:
        site.kill(dice.choice(list(site.workers)))
    site.start_workers()


def kill_main(site, dice):
    """The worker's first process alone: what it had started may finish its page."""
    name = dice.choice(list(site.workers))
    process = site.workers.pop(name)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    site.start_workers()


def kill_all(site, dice):
    """Every machine at once; all come back."""
    site.stop_workers()
    site.start_workers()


@pytest.mark.parametrize("point", range(KILLS), ids=lambda point: f"point{point}")
def test_a_sigkill_costs_nothing(site, hub, uninterrupted, point):
    dice = points("kill", KILLS)[point]
    kill = (kill_child, kill_worker, kill_all, kill_main, kill_child)[point % 5]
    site.start_workers()
    struck = at_page(hub, dice.randint(1, uninterrupted["pages"]), dice.uniform(0, 0.4), lambda: kill(site, dice))
    site.begin()
    standing = site.end()
    assert struck
    assert outcome(site, standing) == uninterrupted, site.last_words()
    tell(f"{kill.__name__} at page {struck[0]}: generation {standing['generation']}, {standing['seconds']:.1f} s")


@pytest.mark.parametrize("point", range(3))
def test_a_worker_that_is_told_to_end_finishes_its_page(site, hub, uninterrupted, point):
    """SIGTERM, as systemd stops it: nothing is tried twice, nothing waits for the reaper, and another goes on."""
    dice = points("term", 3)[point]
    ended: list[float] = []

    def tell_to_end():
        began = time.monotonic()
        for name in list(site.workers):
            process = site.workers.pop(name)
            process.terminate()
            process.wait(90)
        ended.append(time.monotonic() - began)
        site.start_workers()

    hub.faults = lambda seen: slow(0.5)  # so that it stands in the midst of a page
    site.start_workers()
    at_page(hub, dice.randint(5, uninterrupted["pages"] // 2), dice.uniform(0, 0.4), tell_to_end)
    site.begin()
    standing = site.end(300)
    assert ended
    assert outcome(site, standing) == uninterrupted, site.last_words()
    assert standing["generation"] == 1
    tell(f"told to end: {ended[0]:.1f} s, then {standing['seconds']:.1f} s in all, generation 1")


def test_a_page_that_kills_its_task_is_given_up(site, hub, uninterrupted):
    """The broker hands it out again at once: three times, and not for ever; nothing of its kind is marked absent."""
    deadly, cursor = [], urlsafe_b64encode(str(5 * hub.page_size).encode()).decode()

    def kill():
        for child in site.all_children():
            os.kill(child, signal.SIGKILL)

    def faults(seen):
        if seen.path != "/api/models" or seen.query.get("cursor") != [cursor]:
            return None
        deadly.append(seen.moment)
        threading.Timer(0.3, kill).start()
        return slow(1.5)

    hub.faults = faults
    site.start_workers()
    site.begin()
    standing = site.end(120)
    assert (standing["state"], standing["counts"]["pages_given_up"], standing["generation"]) == ("partial", 1, 1)
    assert len(deadly) == 3
    assert standing["counts"].get("gone", 0) == 0
    tell(f"a page that kills its task: given up after {deadly[-1] - deadly[0]:.1f} s, generation 1")
