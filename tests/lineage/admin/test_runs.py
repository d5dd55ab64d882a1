"""Starting, watching and stopping a harvest from the back office."""

import pytest
from django.urls import reverse

from access.roles import Role
from lineage.admin.counts import count_lines
from lineage.models import HarvestLane, HarvestRun
from lineage.vocabulary import Kind, RunState
from tests.factories import AT, make_run
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
LIST = "admin:lineage_harvestrun_changelist"
NOW = "admin:lineage_harvestrun_harvest_now"
BUTTON = "Harvest the Hub now"


class Open:
    """A policy that lets everything pass."""

    def refusal(self, *, at):
        return None


class Closed:
    """A policy under which nothing may be harvested."""

    def refusal(self, *, at):
        return "No period is in force, in so many words."


@pytest.fixture
def tasks(monkeypatch):
    """The keys of the runs that the worker was asked for."""
    asked: list[int] = []
    monkeypatch.setattr("lineage.admin.runs.run_harvest.delay", asked.append)
    return asked


@pytest.fixture
def within_period(settings):
    settings.LINEAGE_PROCESSING_POLICY = f"{__name__}.Open"


@pytest.fixture
def outside_period(settings):
    settings.LINEAGE_PROCESSING_POLICY = f"{__name__}.Closed"


@pytest.mark.usefixtures("within_period")
def test_harvest_now(tasks, django_capture_on_commit_callbacks):
    client = signed_in()
    assert BUTTON in client.get(reverse(LIST)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse(NOW))

    run = HarvestRun.objects.get()
    assert (run.source, run.state, tasks) == ("hub", RunState.QUEUED, [run.pk])
    assert {lane.kind for lane in run.lanes.all()} == set(Kind)
    assert answer["Location"] == reverse("admin:lineage_harvestrun_change", args=[run.pk])


@pytest.mark.usefixtures("within_period")
def test_a_broker_that_is_down_loses_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def down(key):
        raise ConnectionError("no broker")

    monkeypatch.setattr("lineage.admin.runs.run_harvest.delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in().post(reverse(NOW)).status_code == 302

    assert HarvestRun.objects.get().state == RunState.QUEUED


@pytest.mark.usefixtures("outside_period")
def test_outside_a_period_the_reason_stands_where_the_button_was(tasks):
    client = signed_in()

    text = client.get(reverse(LIST)).content.decode()
    assert "in so many words" in text
    assert BUTTON not in text

    answer = client.post(reverse(NOW), follow=True)
    assert "in so many words" in answer.content.decode()
    assert not HarvestRun.objects.exists()
    assert not tasks


@pytest.mark.usefixtures("within_period")
def test_a_second_harvest_at_once_is_refused(tasks):
    make_run(RunState.RUNNING, heartbeat_at=AT)
    HarvestRun.objects.update(heartbeat_at="2999-01-01T00:00Z")

    answer = signed_in().post(reverse(NOW), follow=True)

    assert "Another harvest is under way" in answer.content.decode()
    assert not tasks


@pytest.mark.parametrize("role", [Role.DPO, Role.RESEARCHER, None])
@pytest.mark.usefixtures("within_period")
def test_only_those_who_may_run_harvests_start_and_stop_them(role, tasks):
    run, client = make_run(RunState.RUNNING), signed_in(role)

    assert client.post(reverse(NOW)).status_code == 403
    assert client.post(reverse("admin:lineage_harvestrun_cancel", args=[run.pk])).status_code == 403
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert not tasks


def test_an_address_alone_starts_and_stops_nothing():
    run, client = make_run(RunState.RUNNING), signed_in()

    assert client.get(reverse(NOW)).status_code == 405
    assert client.get(reverse("admin:lineage_harvestrun_cancel", args=[run.pk])).status_code == 405


def test_a_harvest_is_stopped_once():
    run, client = make_run(RunState.RUNNING), signed_in()
    stop = reverse("admin:lineage_harvestrun_cancel", args=[run.pk])

    assert "was stopped" in client.post(stop, follow=True).content.decode()
    assert "not under way" in client.post(stop, follow=True).content.decode()
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


@pytest.mark.parametrize(
    ("lane", "said"),
    [
        ({"rows": 5, "rows_total": 20}, '<progress max="20" value="5"'),
        ({"rows": 5}, "under way"),
        ({"done": True}, "read to its end"),
        ({"not_before": AT}, "asked to wait until"),
        ({"attempts": 2}, "2 failed attempts at this page"),
        ({"path": "/data/models.parquet"}, "/data/models.parquet"),
        ({"path": "<script>"}, "&lt;script&gt;"),
    ],
)
def test_progress(lane, said):
    run = make_run(RunState.RUNNING, counts={"rows": 5, "created": 3, "odd": 1}, heartbeat_at=AT)
    HarvestLane.objects.create(run=run, kind=Kind.MODEL, **lane)

    text = signed_in().get(reverse("admin:lineage_harvestrun_change", args=[run.pk])).content.decode()

    assert said in text
    assert "run_progress.js" in text
    assert "artifacts seen for the first time" in text
    assert "Stop this harvest" in text


def test_a_harvest_that_ended_is_no_longer_watched():
    run = make_run(RunState.FAILED, message="the source changed")

    text = signed_in().get(reverse("admin:lineage_harvestrun_change", args=[run.pk])).content.decode()

    assert "the source changed" in text
    assert "run_progress.js" not in text
    assert "Stop this harvest" not in text


def test_a_harvest_that_is_not_there():
    assert signed_in().get(reverse("admin:lineage_harvestrun_change", args=[9])).status_code == 302
    assert signed_in().post(reverse("admin:lineage_harvestrun_cancel", args=[9])).status_code == 302


def test_counts_of_nothing_are_left_out_and_unknown_ones_come_last():
    lines = count_lines({"odd": 2, "gone": 0, "updated": 1, "rows": 5})

    assert [(str(name), number) for name, number in lines] == [
        ("records read", 5),
        ("artifacts updated", 1),
        ("odd", 2),
    ]


def test_counts_of_nothing_are_left_out_where_unknown():
    assert count_lines({"odd": 0}) == []
