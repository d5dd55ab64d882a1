"""Pausing a harvest, resuming it, watching it: in the domain, in the back office, on the command line."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from access.roles import Role
from lineage import harvest
from lineage.lanes import TakenOver
from lineage.management.watching import watch
from lineage.models import HarvestLane, HarvestRun
from lineage.vocabulary import Kind, RunState
from tests.factories import AT, make_run
from tests.harvesting import Clock, Nobody, listed, models
from tests.hub_standin import HubStandIn, serving
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


@pytest.fixture(autouse=True)
def site(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HUB_PAGE_SIZE = 2


@pytest.fixture
def hub(settings):
    with serving(HubStandIn(models(6), page_size=2)) as standin:
        settings.HF_ENDPOINT = standin.endpoint
        yield standin


def requested():
    return harvest.request(source=HarvestRun.Source.HUB, kinds=[Kind.MODEL], aliases=False, at=AT)


def told(*words):
    out = io.StringIO()
    call_command("harvest", *words, stdout=out)
    return out.getvalue()


class PausingAt(Nobody):
    """Pauses the run once its lane has read so many pages."""

    def __init__(self, page):
        self.page = page

    def read(self, lane, step):
        if lane.pages == self.page:
            assert harvest.pause(lane.run_id, at=AT)


def conduct(run, watcher=None):
    from lineage import foreground

    clock = Clock()
    return foreground.conduct(run, clock=clock, watch=watcher or Nobody(), sleep=clock.sleep)


def test_what_was_read_stays_and_the_rest_is_read_after_resuming(hub):
    run = requested()
    with pytest.raises(TakenOver):
        conduct(run, PausingAt(2))
    run.refresh_from_db()
    assert (run.state, run.lanes.get().pages, len(listed())) == (RunState.PAUSED, 2, 4)

    assert harvest.resume(run.pk, at=LATER)
    ended = conduct(run)
    assert (ended.state, len(listed())) == (RunState.COMPLETE, 6)
    assert [len(hub.list_requests), ended.counts["rows"]] == [4, 6]  # the page under way when it was paused came twice


def test_a_paused_run_is_nobodys_to_take(hub):
    run = requested()
    harvest.pause(run.pk, at=AT)
    assert harvest.stalled_runs(at=LATER) == []
    with pytest.raises(TakenOver):
        harvest.claim(run.pk, at=LATER)
    with pytest.raises(harvest.HarvestOpen):
        harvest.request(source=HarvestRun.Source.HUB, at=LATER)
    assert harvest.cancel(run.pk, at=LATER)


def test_pausing_and_resuming_what_is_not_so():
    ended = make_run(state=RunState.COMPLETE)
    assert not harvest.pause(ended.pk, at=AT)
    assert not harvest.resume(ended.pk, at=AT)
    run = requested()
    assert not harvest.resume(run.pk, at=AT)
    assert harvest.pause(run.pk, at=AT)
    assert not harvest.pause(run.pk, at=AT)


def test_in_the_back_office(monkeypatch, django_capture_on_commit_callbacks):
    asked: list[int] = []
    monkeypatch.setattr("lineage.admin.runs.run_harvest.delay", asked.append)
    run, client = requested(), signed_in()
    page = reverse("admin:lineage_harvestrun_change", args=[run.pk])
    assert "Pause this harvest" in client.get(page).text
    client.post(reverse("admin:lineage_harvestrun_pause", args=[run.pk]))
    assert "Resume this harvest" in client.get(page).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:lineage_harvestrun_resume", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, asked) == (RunState.QUEUED, [run.pk])


@pytest.mark.parametrize("step", ["pause", "resume"])
def test_only_by_post_and_with_the_right(step):
    address = reverse(f"admin:lineage_harvestrun_{step}", args=[requested().pk])
    assert signed_in().get(address).status_code == 405
    assert signed_in(Role.DPO).post(address).status_code == 403


def test_on_the_command_line(hub):
    run = requested()
    assert "paused" in told("pause")
    assert "6 records read" in told("resume", "--here")
    run.refresh_from_db()
    assert run.state == RunState.COMPLETE
    for word in ("pause", "resume", "cancel"):
        with pytest.raises(CommandError, match="No harvest is under way"):
            told(word)


def test_cancelling_on_the_command_line():
    run = requested()
    told("cancel")
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


class Tty(io.StringIO):
    def isatty(self):
        return True


def _next(steps: list[Callable[[], object]]) -> None:
    steps.pop(0)()


@pytest.mark.parametrize("stream", [io.StringIO, Tty])
def test_watching_shows_each_change_until_the_end(stream):
    run = make_run(state=RunState.RUNNING)
    lane = HarvestLane.objects.create(run=run, kind=Kind.MODEL, rows_total=5000)
    steps: list[Callable[[], object]] = [
        lambda: HarvestLane.objects.filter(pk=lane.pk).update(rows=2000, pages=2),
        lambda: None,
        lambda: HarvestLane.objects.filter(pk=lane.pk).update(not_before=LATER),
        lambda: HarvestLane.objects.filter(pk=lane.pk).update(rows=5000, done=True, read_whole=True),
        lambda: HarvestRun.objects.filter(pk=run.pk).update(state=RunState.COMPLETE, ended_at=AT, message="Done."),
    ]
    out = stream()
    ended = watch(run, out, clock=Clock(), sleep=lambda _seconds: _next(steps))
    assert ended.state == RunState.COMPLETE
    for words in ("2000 of 5000 records", "waits until", "left", "read to its end", "Done."):
        assert words in out.getvalue()
    assert ("\x1b[" in out.getvalue()) is out.isatty()


def test_nothing_to_watch():
    with pytest.raises(CommandError, match="nothing to watch"):
        told("watch")
