"""The short form, in the suite: one harvest meets a failing Hub, a killed task and killed workers; another, nothing.

Over PostgreSQL and a Redis of its own where DATABASE_URL names a server, else over SQLite and the broker of files.
"""

import os
import random
import signal
import threading
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.faults.conftest import WHOLE, outcome
from tests.faults.servers import broker, can_be_started
from tests.faults.site import installed, wait_until
from tests.hub_faults import MIXED, at_random

SEED = 8


@pytest.fixture
def small(hub, tmp_path):
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    with ExitStack() as stack:
        servers = {}
        if url.scheme.startswith("postgres") and can_be_started():
            redis = stack.enter_context(broker())
            servers = {"database": urlunsplit((url.scheme, url.netloc, "", "", "")), "redis": redis.url}
        yield stack.enter_context(installed(tmp_path / "site", hub, stall=3, **servers))


@pytest.mark.skipif(WHOLE, reason="the long form does more")
def test_faults_and_kills_leave_the_same_base(small, hub):
    small.renew()
    small.start_workers(1)
    small.begin()
    undisturbed = outcome(small, small.end(120))
    assert (undisturbed["state"], undisturbed["rows"]) == (
        "complete",
        len([r for s in hub.shelves.values() for r in s]),
    )

    struck = disturb(small, hub, random.Random(SEED), undisturbed["pages"])
    small.renew()
    small.start_workers(1)
    small.begin()
    assert outcome(small, small.end(180)) == undisturbed, small.last_words()
    assert wait_until(lambda: struck[-1:] == ["workers"], 60)


def disturb(site, hub, dice, pages):
    """Faults of the Hub all along, a task killed in the first half, all workers in the second.

    Returns what was done.
    """
    struck: list[str] = []
    cut = iter(range(1, 10_000))
    blows = {dice.randint(3, pages // 2): kill_child, dice.randint(pages // 2 + 1, pages - 2): kill_workers}
    if not site.has_servers:  # there a child that dies between two tasks takes its pool's lock along
        blows.popitem()
        blows = dict.fromkeys(blows, kill_workers)

    def strike(_page):
        if blow := blows.pop(next(cut), None):
            threading.Timer(dice.uniform(0, 0.1), blow, (site, struck)).start()

    hub.after_page, hub.faults = strike, at_random(SEED, 0.2, MIXED)
    return struck


def kill_child(site, struck):
    os.kill(site.a_child(random), signal.SIGKILL)
    struck.append("child")


def kill_workers(site, struck):
    site.stop_workers()
    site.start_workers(1)
    struck.append("workers")
