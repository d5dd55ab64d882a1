"""Each alarm is raised once, told once, and cleared when it is no longer so."""

import os
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from access.roles import Role
from lineage import alarms
from lineage.hub.client import HubClient
from lineage.models import Alarm, HarvestLane, HarvestRun
from lineage.tasks import check_alarms
from lineage.vocabulary import Kind, RunState
from tests.factories import AT, make_run
from tests.harvesting import Clock, harvest_hub, models, record
from tests.hub_faults import AN_OBJECT, Fault, server_error
from tests.hub_standin import HubStandIn, serving
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def site(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0
    settings.ALARM_DISK_FREE = 0.0
    settings.ALARM_MAILS = ["duty@example.org"]


def ended(state=RunState.COMPLETE, *, at=AT, rows=100, **counts):
    source = HarvestRun.Source.HUB
    run = make_run(
        source=source, state=state, started_at=at, ended_at=at, created_at=at, counts={"rows": rows, **counts}
    )
    HarvestLane.objects.create(run=run, kind=Kind.MODEL, rows=rows, done=True, read_whole=True)
    return run


def standing(at=AT):
    return {alarm.kind for alarm in alarms.check(at=at)}


def test_all_is_well_without_any_harvest_and_after_a_good_one():
    assert standing() == set()
    ended()
    assert standing() == set()


def test_a_harvest_that_failed_or_gave_a_page_up():
    ended(RunState.FAILED)
    assert standing() == {"run_stopped"}
    ended()
    assert standing() == set()
    ended(RunState.PARTIAL, pages_given_up=1)
    assert standing() == {"run_stopped"}


def test_a_harvest_that_nobody_resumed_but_not_one_that_waits_or_is_paused(settings):
    run = make_run(state=RunState.RUNNING, started_at=AT, heartbeat_at=AT, created_at=AT, ended_at=None)
    later = AT + timedelta(seconds=settings.HARVEST_STALL_SECONDS * 6)
    assert standing(AT + timedelta(minutes=4)) == set()
    assert standing(later) == {"run_stopped"}
    lane = HarvestLane.objects.create(run=run, kind=Kind.MODEL, not_before=later)
    assert standing(later) == set()
    lane.delete()
    HarvestRun.objects.update(state=RunState.PAUSED)
    assert standing(later) == set()


@pytest.mark.parametrize(
    ("share", "expected"), [(100, set()), (95, set()), (94, {"listing_shrank"}), (10, {"listing_shrank"})]
)
def test_a_listing_that_shrank(share, expected):
    ended()
    ended(rows=share, at=AT + DAY)
    assert standing(AT + DAY) == expected


@pytest.mark.parametrize("share", [0, 10, 50, 94])
def test_one_alarm_for_each_listing_that_is_too_short(settings, share):
    """Through whole harvests: 100 models and 2 datasets, then so many models."""
    clock = Clock()
    with serving(HubStandIn(models(100), [record("org/d1", 901), record("org/d2", 902)])) as hub:
        harvest_hub(hub, settings, clock=clock, aliases=False)
        hub.shelves[Kind.MODEL] = models(share)
        clock.at += DAY
        harvest_hub(hub, settings, clock=clock, aliases=False)
    assert standing(clock.at) == {"listing_shrank"}
    assert Alarm.objects.count() == 1


def test_a_second_listing_that_is_as_short_is_no_better():
    ended()
    for day in (1, 2, 29):
        ended(rows=50, at=AT + day * DAY)
        assert standing(AT + day * DAY) == {"listing_shrank"}
    ended(rows=50, at=AT + 31 * DAY)  # after a month it is what the Hub is now
    assert standing(AT + 31 * DAY) == set()


@pytest.mark.parametrize(("bad", "expected"), [(1, set()), (2, {"bad_records"})])
def test_more_than_one_bad_record_in_a_hundred(bad, expected):
    ended(quarantined=bad)
    assert standing() == expected


def test_a_day_without_a_harvest(settings):
    ended()
    assert standing(AT + 25 * HOUR) == set()
    assert standing(AT + 27 * HOUR) == {"slot_missed"}
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Shut"
    assert standing(AT + 27 * HOUR) == set()


def test_a_first_load_from_files_that_no_daily_harvest_followed():
    make_run(state=RunState.COMPLETE, source=HarvestRun.Source.SNAPSHOT, ended_at=AT)
    assert standing(AT + 25 * HOUR) == set()
    assert standing(AT + 27 * HOUR) == {"slot_missed"}
    PeriodicTask.objects.filter(task="lineage.tasks.daily_harvest").update(enabled=False)
    assert standing(AT + 27 * HOUR) == set()


def test_a_disk_that_is_nearly_full(settings, monkeypatch):
    settings.ALARM_DISK_FREE = 0.1
    for free, expected in ((11, set()), (9, {"disk_full"}), (50, set())):
        monkeypatch.setattr(shutil, "disk_usage", lambda _place, free=free: SimpleNamespace(total=100, free=free))
        assert standing() == expected


def test_it_is_raised_and_told_once_and_again_after_it_was_cleared():
    ended(RunState.FAILED)
    for hour in range(3):
        alarms.check(at=AT + hour * HOUR)
    assert (Alarm.objects.count(), len(mail.outbox)) == (1, 1)
    assert "stopped before its end" in mail.outbox[0].subject
    assert mail.outbox[0].to == ["duty@example.org"]
    ended()
    alarms.check(at=AT + 3 * HOUR)
    assert Alarm.objects.get().cleared_at == AT + 3 * HOUR
    ended(RunState.FAILED)
    alarms.check(at=AT + 4 * HOUR)
    assert (Alarm.objects.count(), len(mail.outbox)) == (2, 2)


def test_a_mail_that_cannot_be_sent_is_sent_later(monkeypatch):
    ended(RunState.FAILED)

    def refuse(*_arguments, **_options):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("lineage.alarms.send_mail", refuse)
        alarms.check(at=AT)
    assert Alarm.objects.get().told_at is None
    alarms.check(at=AT + HOUR)
    assert (Alarm.objects.get().told_at, len(mail.outbox)) == (AT + HOUR, 1)


def test_the_hubs_fields_are_looked_at_before_a_harvest():
    with serving(HubStandIn([record("org/m", 1)], [record("org/d", 2)])) as hub:
        client = HubClient(hub.endpoint)
        alarms.probe(client, at=AT)
        fields = Alarm.objects.get().details["fields"]
        assert "author" in fields["model"]  # the bare records of the stand-in lack it
        hub.faults = lambda seen: server_error()
        alarms.probe(client, at=AT)
        assert Alarm.objects.standing().count() == 1
        hub.faults = lambda seen: Fault(body=AN_OBJECT.body)
        alarms.probe(client, at=AT)
        assert Alarm.objects.standing().count() == 1


def test_fields_as_expected_clear_it(monkeypatch):
    alarms.raise_alarm(Alarm.Kind.FIELDS_CHANGED, {}, at=AT)
    nothing = SimpleNamespace(missing=(), retyped=(), records=5)
    monkeypatch.setattr(HubClient, "probe", lambda self, kind: nothing)
    alarms.probe(HubClient("http://127.0.0.1:1"), at=AT)
    assert not Alarm.objects.standing().exists()


def test_each_alarm_says_what_to_do():
    for kind in Alarm.Kind:
        assert alarms.advice(kind)


def test_the_page_of_alarms():
    alarm = alarms.raise_alarm(Alarm.Kind.DISK_FULL, {"free_percent": 3}, at=AT)
    page = reverse("admin:lineage_alarm_change", args=[alarm.pk])
    assert "Free space" in signed_in().get(page).text
    assert signed_in(Role.RESEARCHER).get(page).status_code == 403


def test_the_task_is_scheduled(caplog):
    assert PeriodicTask.objects.filter(task=check_alarms.name, enabled=True).exists()
    ended(RunState.FAILED)
    check_alarms()
    assert "run_stopped" in caplog.text


@pytest.mark.parametrize(
    ("hours", "is_raised"), [(None, True), (1, False), (25, False), (27, True)], ids=["none", "fresh", "late", "missed"]
)
def test_a_night_without_a_backup(settings, tmp_path, hours, is_raised):
    ended()
    settings.BACKUP_DIR = tmp_path
    if hours is not None:
        folder = tmp_path / "genealogy-20261101T013000Z"
        folder.mkdir()
        written = (AT - hours * HOUR).timestamp()
        os.utime(folder, (written, written))
    assert ("no_backup" in standing()) is is_raised
    settings.BACKUP_DIR = None
    assert standing() == set()
