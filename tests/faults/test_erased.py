"""An account that is erased at any moment of a harvest of four workers: nothing of it is left when the harvest ends."""

import base64
import re
import shutil

import psycopg
import pytest
import redis

from tests.faults.conftest import SIZE, tell
from tests.faults.hub import COMMON, MODEL
from tests.faults.site import at_page, points, wait_until
from tests.harvesting import record

WORKERS, POINTS = 4, 20
NAME = "qz7erased3k9x"
EVERY = 7  # so many of others' records follow one of the account's and one that names it


def planted(shelf):
    """The account among the others on every page."""
    for number, place in enumerate(range(0, len(shelf), EVERY)):
        own = {"tags": [f"base_model:{shelf[place]['id']}"]}
        said = {"tags": [f"base_model:{NAME}/m{number}", f"hf.co/{NAME}", NAME]}
        yield record(f"{NAME}/m{number}", 20_000_000 + number, **COMMON | MODEL | own)
        yield record(f"lab/n{number}", 21_000_000 + number, **COMMON | MODEL | said)
        yield from shelf[place : place + EVERY]


def left(site):
    """In how many rows and messages one of its names still stands."""
    found = 0
    with psycopg.connect(site.environment["DATABASE_URL"]) as base:
        for (table,) in base.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            found += base.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', [NAME]).fetchall()[0][0]
    with redis.Redis.from_url(site.environment["REDIS_URL"]) as broker:
        for key in broker.scan_iter():
            body = broker.dump(key) or b""
            opened = b"".join(map(base64.b64decode, re.findall(rb'"body": "([A-Za-z0-9+/=]+)"', body)))
            found += NAME.encode() in (key + body + opened).lower()
    return found


@pytest.fixture
def guarded(site, hub):
    """The site under the project's own policy, with no act and no key from before; the account is on the Hub."""
    site.stop_workers()
    site.leave()
    shutil.rmtree(site.var)
    site.var.mkdir()
    site.environment["FAULTS_POLICY"] = "rights.policy.ProjectPolicy"
    hub.shelves["model"] = list(planted(hub.shelves["model"]))
    site.start_workers(WORKERS)
    yield site
    site.stop_workers()
    site.leave()
    del site.environment["FAULTS_POLICY"]


@pytest.mark.parametrize("point", range(POINTS), ids=lambda point: f"point{point}")
def test_an_erasure_in_the_midst_of_a_harvest(guarded, hub, point):
    dice = points("erase", POINTS)[point]
    erased: list[object] = []
    page = dice.randint(1, len(hub.shelves["model"]) // hub.page_size)
    struck = at_page(hub, page, dice.uniform(0, 0.4), lambda: erased.append(guarded.ask("erase", NAME)))
    guarded.begin()
    standing = guarded.end()
    assert struck
    wait_until(lambda: erased, 60)
    assert standing["state"] == "complete", guarded.last_words()
    assert left(guarded) == 0
    assert guarded.ask("held")["listed"] == SIZE + len(range(0, SIZE - SIZE // 10, EVERY))
    tell(f"erased at page {page}: {erased[0]}, {standing['seconds']:.1f} s")
