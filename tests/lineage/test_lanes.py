"""One page in one transaction: what a worker that comes late, twice or not at all may do."""

from datetime import timedelta

import pytest
from django.db import connection

from lineage import harvest, lanes, staging
from lineage.hub.client import HubUnavailable
from lineage.lanes import TakenOver, advance
from lineage.models import Artifact, HarvestLane, HarvestRun
from lineage.pages import RawPage
from lineage.vocabulary import Kind
from tests.factories import AT
from tests.harvesting import models

pytestmark = pytest.mark.django_db


class Pages:
    """A source of pages by cursor; an exception in place of a page is raised."""

    def __init__(self, **pages):
        self.pages = pages
        self.asked = []

    def read(self, cursor):
        self.asked.append(cursor)
        page = self.pages[cursor or "first"]
        if isinstance(page, Exception):
            raise page
        return page


@pytest.fixture(autouse=True)
def open_policy(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0


@pytest.fixture
def run():
    asked = harvest.request(source=HarvestRun.Source.HUB, kinds=[Kind.MODEL], at=AT)
    return harvest.claim(asked.pk, at=AT)


@pytest.fixture
def source():
    return Pages(first=RawPage(models(2), "second"), second=RawPage(models(4)[2:], ""))


def step(lane, source, generation=1, at=AT):
    return advance(lane, generation=generation, reader=source, clock=lambda: at)


def stored():
    return sorted(Artifact.objects.values_list("repo_id", flat=True))


def test_rows_counts_cursor_and_sign_of_life_are_stored_together(run, source):
    moment = AT + timedelta(seconds=30)
    assert step(run.lanes.get(), source, at=moment).rows == 2
    lane, run = run.lanes.get(), HarvestRun.objects.get()
    assert (lane.cursor, lane.pages, lane.rows, lane.done) == ("second", 1, 2, False)
    assert (run.counts["rows"], run.counts["created"], run.heartbeat_at) == (2, 2, moment)
    assert stored() == ["org/m1", "org/m2"]


def test_the_last_page_ends_the_lane_and_the_run(run, source):
    step(run.lanes.get(), source)
    last = step(run.lanes.get(), source)
    assert (last.lane_done, last.run_done) == (True, True)
    assert run.lanes.get().read_whole


def test_the_run_is_done_only_with_its_last_lane(source):
    asked = harvest.request(source=HarvestRun.Source.HUB, at=AT)
    run = harvest.claim(asked.pk, at=AT)
    done = Pages(first=RawPage(models(1), ""))
    assert [step(lane, done).run_done for lane in run.lanes.order_by("pk")] == [False, True]


def test_a_page_stored_by_another_task_is_not_stored_twice(run, source):
    lane, same = run.lanes.get(), run.lanes.get()
    step(lane, source)
    with pytest.raises(TakenOver):
        step(same, source)
    assert HarvestRun.objects.get().counts["pages"] == 1


@pytest.mark.parametrize("late", ["taken over", "cancelled"])
def test_a_worker_that_wakes_late_writes_nothing(run, source, late):
    lane = run.lanes.get()
    if late == "cancelled":
        harvest.cancel(run.pk, at=AT)
    else:
        harvest.claim(run.pk, at=AT + timedelta(hours=1))
    with pytest.raises(TakenOver):
        step(lane, source)
    assert stored() == []
    assert HarvestLane.objects.get().cursor == ""


def test_a_worker_that_wakes_late_notes_no_failure_either(run):
    lane = run.lanes.get()
    harvest.cancel(run.pk, at=AT)
    with pytest.raises(TakenOver):
        step(lane, Pages(first=HubUnavailable("down")))
    assert HarvestLane.objects.get().attempts == 0


def test_a_page_that_breaks_in_the_middle_leaves_nothing(run, source, monkeypatch):
    store = staging.store

    def breaks(records, **context):
        store(records, **context)
        raise MemoryError

    monkeypatch.setattr(staging, "store", breaks)
    with pytest.raises(MemoryError):
        step(run.lanes.get(), source)
    assert stored() == []
    assert (HarvestLane.objects.get().cursor, HarvestRun.objects.get().counts) == ("", {})


def test_quick_tries_come_before_a_failed_attempt(run):
    down = Pages(first=HubUnavailable("down"))
    later = step(run.lanes.get(), down)
    assert len(down.asked) == lanes.TRIES
    assert later.wait_until is not None
    assert HarvestLane.objects.get().attempts == 1


def test_a_page_that_succeeds_forgets_its_failed_attempts(run, source):
    step(run.lanes.get(), Pages(first=HubUnavailable("down")))
    step(run.lanes.get(), source)
    lane = HarvestLane.objects.get()
    assert (lane.attempts, lane.not_before) == (0, None)


@pytest.mark.parametrize(
    ("refused", "rows", "too_many"),
    [(0, 0, False), (20, 20, False), (21, 21, True), (21, 2100, False), (22, 2100, True), (200, 20_000, False)],
)
def test_over_one_in_a_hundred_and_more_than_twenty_are_too_many(refused, rows, too_many):
    assert lanes.too_many_refused(refused, rows) is too_many


@pytest.mark.parametrize("length", range(1, 12))
@pytest.mark.parametrize("before", range(4))
def test_a_circle_of_any_length_is_noticed(run, before, length):
    """Pages 0 … before-1 lead into a circle of `length` pages."""
    pages = {}
    for number in range(before + length):
        following = number + 1 if number + 1 < before + length else before
        pages[str(number)] = RawPage([], str(following))
    source = Pages(first=pages["0"], **pages)
    for _ in range(60):
        if step(run.lanes.get(), source).lane_done:
            break
    lane = run.lanes.get()
    assert lane.done
    assert not lane.read_whole
    assert lane.pages <= 3 * (before + length) + 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's planner needs no sizes")
def test_the_planner_learns_how_big_a_table_is_once_it_is_twice_as_big():
    with connection.cursor() as cursor:  # pages of other tests, taken back, still lie in it
        cursor.execute("TRUNCATE lineage_artifact, lineage_harvestrun CASCADE")
    run = harvest.claim(harvest.request(source=HarvestRun.Source.HUB, kinds=[Kind.MODEL], at=AT).pk, at=AT)
    sizes, known, start, pages = (1, 0, 200, 10, 400), [], 0, {}
    for number, size in enumerate(sizes):
        following = str(number + 1) if number + 1 < len(sizes) else ""
        pages[str(number) if number else "first"] = RawPage(models(start + size)[start:], following)
        start += size
    for _page in pages:
        step(run.lanes.get(), Pages(**pages))
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'lineage_artifact'::regclass")
            known += cursor.fetchone()
    assert known == [1, 1, 201, 201, 611]
