"""What the site says of itself, and to whom."""

import pytest
from django.db import InterfaceError, connection
from django.test import Client
from django.urls import reverse

from access.roles import Role
from lineage import alarms
from lineage.models import Alarm
from lineage.vocabulary import RunState
from tests.factories import AT, make_artifact, make_run
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
HEALTH, METRICS = "/healthz", "/metrics"


@pytest.fixture(autouse=True)
def broker(settings, tmp_path):
    settings.REDIS_URL = ""
    settings.BROKER_DIR = tmp_path
    (tmp_path / "queue").mkdir()


def test_anybody_is_told_ok_or_not_ok_and_no_more():
    make_run(state=RunState.COMPLETE, ended_at=AT)
    answer = Client().get(HEALTH)
    assert answer.status_code == 200
    assert answer.json() == {"process": "ok", "database": "ok", "broker": "ok", "harvest": "not ok"}


def test_staff_is_told_which_harvest():
    run = make_run(state=RunState.COMPLETE, ended_at=AT)
    assert signed_in().get(HEALTH).json()["last_good_harvest"]["number"] == run.pk
    assert "last_good_harvest" not in signed_in(Role.RESEARCHER).get(HEALTH).json()


def test_a_recent_harvest_is_ok(at):
    from genealogy_site.health import GOOD_FOR, is_recent

    run = make_run(state=RunState.COMPLETE, ended_at=at)
    assert is_recent(run, at + GOOD_FOR / 2)
    assert not is_recent(run, at + GOOD_FOR)
    assert not is_recent(None, at)


def test_without_broker_or_database_it_is_not_well(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get(HEALTH)
    assert (answer.status_code, answer.json()["broker"]) == (503, "not ok")
    settings.REDIS_URL = ""

    def refuse(*_words):
        raise InterfaceError

    reader = signed_in()
    monkeypatch.setattr(connection, "cursor", refuse)
    for client in (Client(), reader):
        answer = client.get(HEALTH)
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/json")
        assert answer.json() == {"process": "ok", "database": "not ok", "broker": "ok", "harvest": "not ok"}


@pytest.mark.parametrize(
    ("named", "address", "status"),
    [
        ([], "127.0.0.1", 403),
        (["127.0.0.1"], "127.0.0.1", 200),
        (["10.0.0.0/8"], "10.1.2.3", 200),
        (["10.0.0.0/8"], "11.1.2.3", 403),
        (["::1"], "::1", 200),
        (["nonsense"], "127.0.0.1", 403),
        (["127.0.0.1"], "", 403),
    ],
)
def test_metrics_are_for_named_addresses_only(settings, named, address, status):
    settings.METRICS_ADDRESSES = named
    assert Client(REMOTE_ADDR=address).get(METRICS).status_code == status
    if status == 403:
        assert signed_in(Role.ADMINISTRATOR).get(METRICS, REMOTE_ADDR=address).status_code == 403


def test_what_a_client_says_of_itself_is_not_believed(settings):
    settings.METRICS_ADDRESSES = ["10.0.0.1"]
    assert Client(REMOTE_ADDR="11.1.1.1").get(METRICS, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 403


def test_the_numbers(settings):
    settings.METRICS_ADDRESSES = ["127.0.0.1"]
    make_run(state=RunState.COMPLETE, ended_at=AT, counts={"rows": 7})
    make_artifact("made-up-person/secret-model")
    alarms.raise_alarm(Alarm.Kind.DISK_FULL, {}, at=AT)
    text = Client().get(METRICS).text
    for line in (
        'genealogy_alarm{kind="disk_full"} 1.0',
        'genealogy_alarm{kind="run_stopped"} 0.0',
        f"genealogy_last_good_harvest_seconds {AT.timestamp():.9g}".replace("e+09", "e+09"),
        "genealogy_latest_harvest_rows 7.0",
        'genealogy_artifacts{presence="listed"} 1.0',
        "genealogy_broker_up 1.0",
    ):
        assert line.split(" ")[0] in text
    assert "genealogy_latest_harvest_rows 7.0" in text
    assert 'genealogy_alarm{kind="disk_full"} 1.0' in text
    assert "made-up-person" not in text


def test_both_are_asked_without_tls(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(HEALTH).status_code == 200
    assert Client().get(reverse("login")).status_code == 301
