"""One budget of requests for all workers: in the database, and in Redis where there is one."""

import os
import threading
from datetime import timedelta

import pytest
import redis
from django.db import connection, connections

from lineage import budget
from lineage.hub.client import HubClient, RateLimited
from lineage.hub.connection import BadConnection, connect
from lineage.hub.waiting import announced
from lineage.models import HubBudget
from lineage.vocabulary import Kind
from tests.factories import AT
from tests.harvesting import Clock, harvest_hub, models
from tests.hub_faults import Fault, retry_after
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db
WINDOW = timedelta(seconds=300)


def in_redis():
    url = os.environ.get("REDIS_URL", "")
    try:
        redis.Redis.from_url(url or "redis://127.0.0.1:1", socket_timeout=1).ping()
    except redis.RedisError:
        pytest.skip("no Redis (REDIS_URL)")
    return budget.InRedis(url)


@pytest.fixture(params=["database", "redis"])
def store(request):
    return budget.InDatabase() if request.param == "database" else in_redis()


def test_nothing_announced_is_no_limit(store):
    assert [store.take(AT) for _ in range(3)] == [0, 0, 0]


def test_what_is_left_is_shared_and_then_everybody_waits_for_the_window(store):
    store.note(AT, 2, AT + WINDOW)
    assert [store.take(AT + timedelta(seconds=n)) for n in range(4)] == [0, 0, 298, 297]
    assert store.take(AT + WINDOW) == 0


def test_within_a_window_the_smaller_number_counts_and_a_new_window_begins_anew(store):
    store.note(AT, 1, AT + WINDOW)
    store.note(AT, 50, AT + WINDOW)  # an answer that was on its way
    assert [store.take(AT), store.take(AT)] == [0, 300]
    store.note(AT + WINDOW, 50, AT + 2 * WINDOW)
    assert [store.take(AT + WINDOW) for _ in range(50)] == [0] * 50
    assert store.take(AT + WINDOW) > 0


def test_an_answer_that_comes_late_does_not_shorten_a_wait(store):
    store.note(AT, 0, AT + WINDOW)
    store.note(AT, 40, AT + timedelta(seconds=30))
    assert store.take(AT) == WINDOW.total_seconds()


def test_some_are_left_to_others(settings):
    settings.HUB_RESERVE = 20
    shared = budget.Budget(budget.InDatabase(), lambda: AT)
    shared.announce(22, 300)
    assert [shared.take() for _ in range(3)] == [0, 0, 300]


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_take_more_than_there_is(store):
    if connection.vendor == "sqlite" and isinstance(store, budget.InDatabase):
        pytest.skip("an SQLite database in memory has no second connection")
    store.note(AT, 30, AT + WINDOW)
    taken: list[float] = []

    def work():
        taken.extend(store.take(AT) for _ in range(10))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(1 for wait in taken if not wait) == 30


def test_without_redis_nobody_waits_here(caplog):
    lost = budget.InRedis("redis://127.0.0.1:1/0")
    lost.note(AT, 0, AT + WINDOW)
    assert lost.take(AT) == 0
    assert "cannot be reached" in caplog.text


def test_a_client_does_not_ask_while_nothing_is_left(settings):
    settings.HUB_RESERVE = 0
    with serving(HubStandIn(models(2))) as hub:
        hub.faults = lambda seen: Fault(headers={"RateLimit": '"api";r=0;t=77'})
        clients = [HubClient(hub.endpoint, budget=budget.Budget(budget.InDatabase(), lambda: AT)) for _ in range(2)]
        clients[0].page(clients[0].first_url(Kind.MODEL))
        for client in clients:
            with pytest.raises(RateLimited) as limit:
                client.page(client.first_url(Kind.MODEL))
            assert limit.value.wait_seconds == 77
        assert len(hub.seen) == 1


@pytest.mark.django_db
def test_after_a_refusal_nobody_asks_before_the_time_is_over():
    with serving(HubStandIn(models(2))) as hub:
        hub.faults = lambda seen: retry_after(300)
        clients = [HubClient(hub.endpoint, budget=budget.Budget(budget.InDatabase(), lambda: AT)) for _ in range(2)]
        for client in clients:
            with pytest.raises(RateLimited) as limit:
                client.page(client.first_url(Kind.MODEL))
            assert limit.value.wait_seconds == 300
        assert len(hub.seen) == 1


def test_a_harvest_stays_within_what_is_announced(settings):
    """The Hub allows four requests in 300 seconds: both lanes together send no more, and read everything."""
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HUB_RESERVE = 0
    clock, sent = Clock(), []

    def counted(_seen):
        window = int(clock.at.timestamp()) // 300
        sent.append(window)
        left, rest = 4 - sent.count(window), 300 - int(clock.at.timestamp()) % 300
        if left < 0:
            return Fault(429, b"{}", {"RateLimit": f'"api";r=0;t={rest}'})
        return Fault(headers={"RateLimit": f'"api";r={left};t={rest}'})

    with serving(HubStandIn(models(9), models(9, "org2"), page_size=2)) as hub:
        hub.faults = counted
        run = harvest_hub(hub, settings, clock=clock, aliases=False)
    assert run.counts["rows"] == 18
    assert max(sent.count(window) for window in sent) <= 4
    assert HubBudget.objects.exists() or settings.REDIS_URL


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"api";r=499;t=300', (499, 300)),
        ('"api"; r=0; t=7', (0, 7)),
        ('"resolvers";r=5;t=300', None),
        ('"resolvers";r=5;t=300, "api";r=9;t=30', (9, 30)),
        ("", None),
        ("nonsense", None),
        ('"api";r=-1;t=x', None),
    ],
)
def test_what_the_hub_announces(header, expected):
    assert announced({"ratelimit": header}) == expected


def test_a_proxy_and_certificates_that_cannot_be_used_are_named(tmp_path):
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate")
    for certificates in (str(empty), str(tmp_path / "missing.pem")):
        with pytest.raises(BadConnection, match="HUB_CA"):
            connect(proxy="", certificates=certificates)
    with pytest.raises(BadConnection, match="HUB_PROXY"):
        connect(proxy="proxy.example", certificates="")


def test_the_hub_is_asked_through_the_proxy():
    """In a process of its own, since the connection is the process's: the proxy is asked for a Hub nobody can reach."""
    import subprocess
    import sys

    script = (
        "import sys\n"
        "from lineage.hub.connection import connect\n"
        "from lineage.hub.client import HubClient\n"
        "from lineage.vocabulary import Kind\n"
        "connect(proxy=sys.argv[1], certificates='')\n"
        "client = HubClient('http://hub.invalid')\n"
        "print(len(client.page(client.first_url(Kind.MODEL)).records))\n"
    )
    with serving(HubStandIn(models(3))) as hub:  # a proxy is asked for the whole address; the stand-in reads its path
        done = subprocess.run(
            [sys.executable, "-c", script, hub.endpoint],
            capture_output=True,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            check=False,
            timeout=60,
        )
    assert (done.stdout.strip(), hub.seen[0].path) == ("3", "/api/models"), done.stderr
