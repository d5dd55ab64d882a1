"""Which installation is tried: the long form's own servers, or in the suite whatever the environment names."""

import os
import sys
from contextlib import ExitStack

import pytest

from tests.faults.hub import made_up_hub
from tests.faults.servers import broker, can_be_started, postgres
from tests.faults.site import installed
from tests.hub_standin import serving

WHOLE = os.environ.get("FAULTS") == "whole"
SIZE = int(os.environ.get("FAULTS_SIZE") or (20_000 if WHOLE else 200))


@pytest.fixture(scope="session")
def servers():
    """PostgreSQL and Redis of one's own."""
    if not WHOLE:
        pytest.skip("the long form: make faults")
    if not can_be_started():
        pytest.skip("PostgreSQL or Redis is not installed: nothing was killed")
    with ExitStack() as stack:
        yield stack.enter_context(postgres()), stack.enter_context(broker())


@pytest.fixture(scope="session")
def hub():
    """The pretended Hub, of SIZE repositories."""
    with serving(made_up_hub(SIZE)) as standin:
        yield standin


@pytest.fixture(scope="session")
def built(servers, hub, tmp_path_factory):
    database, redis = servers
    with installed(tmp_path_factory.mktemp("faults") / "site", hub, database=database.url, redis=redis.url) as site:
        yield site


@pytest.fixture
def site(built, servers, hub):
    """An empty site with nothing in its queue; the Hub is as it was at first."""
    shelves = {kind: list(records) for kind, records in hub.shelves.items()}
    hub.faults, hub.after_page = (lambda seen: None), (lambda page: None)
    built.renew()
    servers[1].flush()
    yield built
    hub.shelves = shelves


@pytest.fixture(scope="session")
def uninterrupted(built, servers):
    """What a harvest comes to that nothing disturbed: its digest, its counts, how long it took."""
    built.renew()
    built.start_workers()
    built.begin()
    standing = built.end(900)
    assert standing["state"] == "complete", standing
    tell(f"undisturbed: {SIZE} repositories in {standing['seconds']:.1f} s")
    return outcome(built, standing)


def outcome(site, standing):
    """What must be the same whatever happened on the way."""
    counts = {name: standing["counts"].get(name, 0) for name in COUNTED}
    return {"state": standing["state"], "digest": site.ask("digest"), **counts, **site.ask("held")}


COUNTED = ("pages", "rows", "created", "mentions_added", "edges_begun", "pages_given_up", "quarantined")


def tell(words):
    """A figure for whoever runs the long form."""
    sys.stdout.write(f"\n  {words}\n")
    sys.stdout.flush()
