"""The worker's side: one page a task, each asking for the next; the broker may lose or repeat any of them."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from lineage import harvest, tasks
from lineage.models import Author, HarvestRun, Quarantine
from lineage.vocabulary import AccountKind, Kind, RunState
from tests.factories import make_author, make_run
from tests.harvesting import listed, models, record
from tests.hub_faults import in_turn, rate_limited, retry_after, server_error
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db
HUB = HarvestRun.Source.HUB


@pytest.fixture(autouse=True)
def site(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0
    settings.HUB_PAGE_SIZE = 2


@pytest.fixture
def hub(settings):
    with serving(HubStandIn(models(5), [record("org/data", 101)], page_size=2)) as standin:
        settings.HF_ENDPOINT = standin.endpoint
        yield standin


@pytest.fixture
def queue(monkeypatch):
    """Tasks are queued here, as (name, arguments, countdown), instead of run."""
    queued = []

    def put(task, arguments=(), **options):
        queued.append((task.name.rpartition(".")[2], tuple(arguments), options.get("countdown")))

    monkeypatch.setattr("celery.app.task.Task.apply_async", put)
    return queued


def work_off(queue, django_capture_on_commit_callbacks, first):
    """Run `first`, then what was queued, in turn, until nothing is left."""
    with django_capture_on_commit_callbacks(execute=True):
        first()
    while queue:
        name, arguments, _countdown = queue.pop(0)
        with django_capture_on_commit_callbacks(execute=True):
            getattr(tasks, name)(*arguments)


@pytest.fixture
def worker(queue, django_capture_on_commit_callbacks):
    return lambda first: work_off(queue, django_capture_on_commit_callbacks, first)


def request(**options):
    return harvest.request(source=HUB, at=timezone.now(), **options)


def test_the_worker_brings_a_harvest_to_its_end(hub, worker):
    run = request()
    worker(lambda: tasks.run_harvest(run.pk))
    run.refresh_from_db()
    assert (run.state, run.counts["rows"], run.counts["pages"]) == (RunState.COMPLETE, 6, 4)
    assert len(listed()) == 6


def test_lanes_run_side_by_side(hub, queue, django_capture_on_commit_callbacks):
    run = request()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.run_harvest(run.pk)
    assert queue == [("advance_lane", (lane.pk, 1), None) for lane in run.lanes.order_by("pk")]


def test_what_the_broker_repeats_changes_nothing(hub, queue, worker, django_capture_on_commit_callbacks):
    run = request()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.run_harvest(run.pk)
    queue += [*queue, ("run_harvest", (run.pk,), None)]
    worker(lambda: None)
    run.refresh_from_db()
    assert (run.state, run.counts["rows"], run.generation) == (RunState.COMPLETE, 6, 1)
    worker(lambda: tasks.finish_harvest(run.pk, 1))
    worker(lambda: tasks.advance_lane(run.lanes.first().pk, 1))
    run.refresh_from_db()
    assert run.counts["pages"] == 4


def test_a_wait_ends_the_task_and_brings_it_back_later(hub, queue, django_capture_on_commit_callbacks):
    hub.faults = in_turn([rate_limited(90)])
    run = harvest.claim(request(kinds=[Kind.MODEL]).pk, at=timezone.now())
    lane = run.lanes.get()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_lane(lane.pk, 1)
    [(name, arguments, countdown)] = queue
    assert (name, arguments) == ("advance_lane", (lane.pk, 1))
    assert 88 < countdown <= 90
    asked = len(hub.seen)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_lane(lane.pk, 1)
    assert len(hub.seen) == asked  # it came too early, and asked nothing


def test_where_one_lane_waits_for_the_hub_all_wait(hub, queue, django_capture_on_commit_callbacks):
    run = harvest.claim(request().pk, at=timezone.now())
    models_, data = run.lanes.order_by("-kind")
    hub.faults = in_turn([retry_after(300)])
    for lane in (models_, data):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.advance_lane(lane.pk, 1)
    assert len(hub.seen) == 1
    assert [(arguments, 298 < countdown <= 300) for _name, arguments, countdown in queue] == [
        ((models_.pk, 1), True),
        ((data.pk, 1), True),
    ]


def test_a_page_that_kills_its_worker_is_given_up(hub, queue, django_capture_on_commit_callbacks):
    """The broker hands it out again at once: without a count of its own it would go round for ever."""
    run = harvest.claim(request(kinds=[Kind.MODEL]).pk, at=timezone.now())
    lane = run.lanes.get()
    for attempts in (1, 2, 3):
        with django_capture_on_commit_callbacks(execute=True):
            redelivered(tasks.advance_lane, lane.pk, 1)
        lane.refresh_from_db()
        assert lane.attempts == attempts
    assert (lane.done, lane.rows, hub.seen) == (True, 0, [])
    assert Quarantine.objects.get().reason == "worker_lost"
    assert [name for name, _arguments, _countdown in queue] == ["advance_lane", "advance_lane", "finish_harvest"]


def redelivered(task, *arguments):
    """Run it as the broker hands it out the second time."""
    task.push_request(args=arguments, delivery_info={"redelivered": True})
    try:
        task.run(*arguments)
    finally:
        task.pop_request()


@pytest.mark.parametrize(
    "task", [tasks.run_harvest, tasks.advance_lane, tasks.finish_harvest], ids=lambda task: task.name
)
def test_a_database_that_restarts_is_asked_again_within_a_minute(task):
    assert {OperationalError, InterfaceError} <= set(task.autoretry_for)
    assert task.retry_backoff_max <= 60


def test_a_wait_of_hours_comes_back_before_the_broker_would_repeat_it(hub, queue, django_capture_on_commit_callbacks):
    hub.faults = in_turn([rate_limited(20_000)])
    run = harvest.claim(request(kinds=[Kind.MODEL]).pk, at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_lane(run.lanes.get().pk, 1)
    assert queue[0][2] == tasks.LONGEST_WAIT_SECONDS


def test_old_names_are_asked_a_share_a_task(hub, worker, monkeypatch):
    monkeypatch.setattr(tasks, "QUESTIONS_AT_ONCE", 2)
    old = [f"old{one}" for one in range(5)]
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": old}
    hub.redirects |= {(Kind.DATASET, name): "org/data" for name in old}
    run = request()
    worker(lambda: tasks.run_harvest(run.pk))
    run.refresh_from_db()
    assert run.state == RunState.COMPLETE
    assert len([seen for seen in hub.seen if "/old" in seen.path]) == 5


def test_a_hub_that_asks_to_wait_between_questions_is_obeyed(hub, queue, django_capture_on_commit_callbacks):
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": ["old"]}
    run = request()
    hub.faults = lambda seen: None if seen.is_list else rate_limited(300)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.run_harvest(run.pk)
    while not queue[0][2]:  # until the first task that is to wait
        name, arguments, _countdown = queue.pop(0)
        with django_capture_on_commit_callbacks(execute=True):
            getattr(tasks, name)(*arguments)
    assert 298 < queue[0][2] <= 300
    assert harvest.stalled_runs(at=timezone.now() + timedelta(minutes=4)) == []
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_harvest_that_must_stop_ends_as_failed(hub, worker):
    hub.page_size = 1000
    hub.shelves[Kind.MODEL] = [{"name": "x"} for _ in range(400)]
    run = request()
    worker(lambda: tasks.run_harvest(run.pk))
    run.refresh_from_db()
    assert (run.state, "renamed" in run.message) == (RunState.FAILED, True)


@pytest.mark.parametrize("late", ["page", "end"])
def test_a_task_of_a_run_that_was_taken_over_writes_nothing(hub, queue, late):
    run = harvest.claim(request(kinds=[Kind.MODEL]).pk, at=timezone.now())
    HarvestRun.objects.update(generation=2)
    if late == "page":
        tasks.advance_lane(run.lanes.get().pk, 1)
    else:
        tasks.finish_harvest(run.pk, 1)
    run.refresh_from_db()
    assert (run.state, run.counts, listed(), queue) == (RunState.RUNNING, {}, [], [])


def test_a_task_whose_rows_were_deleted_ends(queue):
    tasks.advance_lane(12345, 1)
    tasks.run_harvest(12345)
    assert queue == []


def test_a_harvest_refused_by_the_policy_is_closed(settings, queue, hub, caplog):
    run = request()
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Shut"
    tasks.run_harvest(run.pk)
    run.refresh_from_db()
    assert (run.state, queue) == (RunState.FAILED, [])
    assert "No project period" in caplog.text


def test_the_daily_harvest_starts_once_a_day(hub, worker, caplog):
    worker(tasks.daily_harvest)
    worker(tasks.daily_harvest)
    run = HarvestRun.objects.get()
    assert (run.state, run.slot) == (RunState.COMPLETE, f"daily {timezone.localdate().isoformat()}")
    assert "slot" in caplog.text


def test_the_daily_harvest_leaves_one_under_way_alone(hub, worker, caplog):
    request()
    worker(tasks.daily_harvest)
    assert HarvestRun.objects.count() == 1
    assert "under way" in caplog.text


def test_what_a_lost_worker_left_is_resumed(hub, worker):
    run = harvest.claim(request().pk, at=timezone.now())
    tasks.advance_lane(run.lanes.get(kind=Kind.MODEL).pk, 1)
    HarvestRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=4))
    worker(tasks.resume_stalled_runs)
    run.refresh_from_db()
    assert (run.state, run.generation, run.counts["rows"]) == (RunState.COMPLETE, 2, 6)


def test_a_run_whose_worker_was_lost_while_linking_is_resumed(hub, worker):
    run = harvest.claim(request().pk, at=timezone.now())
    run.lanes.update(done=True, read_whole=True, rows=1)
    HarvestRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=4), counts={"rows": 1})
    worker(tasks.resume_stalled_runs)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETE


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.COMPLETE])
def test_a_run_that_is_alive_or_ended_is_left_alone(state, queue, hub):
    make_run(state, source=HUB, heartbeat_at=timezone.now())
    tasks.resume_stalled_runs()
    assert queue == []


def test_kinds_of_accounts_are_filled(hub):
    make_author("org")
    hub.organisations["org"] = "The Organisation"
    tasks.fill_author_kinds()
    assert Author.objects.get().kind == AccountKind.ORGANISATION


def test_accounts_are_not_asked_about_outside_the_period(hub, settings):
    make_author("org")
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Shut"
    tasks.fill_author_kinds()
    assert hub.seen == []


def test_a_hub_that_is_down_does_not_break_the_schedule(hub):
    make_author("org")
    hub.faults = lambda seen: server_error(503)
    tasks.fill_author_kinds()
    assert Author.objects.get().kind == AccountKind.UNKNOWN


def test_tasks_take_whole_numbers_only():
    """No name reaches the broker."""
    ours = [task for name, task in current_app.tasks.items() if name.startswith("lineage.tasks.")]
    assert len(ours) >= 6
    for task in ours:
        hints = {name: hint for name, hint in task.run.__annotations__.items() if name not in ("return", "self")}
        assert set(hints.values()) <= {int}
