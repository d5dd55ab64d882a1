"""A run from its request to its end: one at a time, taken over when it stalls, refused outside the period."""

import json
import threading
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection, connections

from lineage import graph, harvest, pages
from lineage.hub.snapshot import NotASnapshot
from lineage.lanes import ATTEMPTS, TakenOver
from lineage.models import HarvestLane, HarvestRun, Quarantine
from lineage.vocabulary import Kind, RunState
from tests.factories import AT, make_run
from tests.harvesting import Clock, harvest_files, listed, models, record

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=4)
HUB, SNAPSHOT = HarvestRun.Source.HUB, HarvestRun.Source.SNAPSHOT


@pytest.fixture(autouse=True)
def open_policy(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"


@pytest.fixture
def file_of(tmp_path):
    """Writes records to a file in the Hub's list shape and returns its path."""

    def write(records, name="models.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(one) + "\n" for one in records))
        return path

    return write


def ask(source=HUB, at=AT, **options):
    return harvest.request(source=source, at=at, **options)


# --- asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "lanes"),
    [((), {"model", "dataset"}), ((Kind.MODEL,), {"model"}), ((Kind.DATASET, Kind.MODEL), {"model", "dataset"})],
)
def test_the_hub_has_a_lane_a_kind(kinds, lanes):
    run = ask(kinds=kinds, limit=7, aliases=False)
    assert {lane.kind for lane in run.lanes.all()} == lanes
    assert (run.state, run.options) == (RunState.QUEUED, {"limit": 7, "aliases": False})


def test_each_file_is_a_lane_and_the_same_file_is_read_once(file_of):
    models_file, datasets_file = file_of(models(3)), file_of([record("org/d")], "datasets.jsonl")
    run = ask(SNAPSHOT, paths=[models_file, datasets_file, models_file.parent / "." / "models.jsonl"])
    lanes = {(lane.kind, lane.path, lane.rows_total) for lane in run.lanes.all()}
    assert lanes == {("model", str(models_file), 3), ("dataset", str(datasets_file), 1)}


def test_a_path_that_is_no_snapshot_starts_nothing(file_of, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Hub,\n")
    with pytest.raises(NotASnapshot, match=r"letter\.txt"):
        ask(SNAPSHOT, paths=[file_of(models(1)), tmp_path / "letter.txt"])
    assert not HarvestRun.objects.exists()


def test_outside_the_period_nothing_starts(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Shut"
    with pytest.raises(harvest.HarvestRefused, match="No project period"):
        ask()
    assert not HarvestRun.objects.exists()


def test_a_second_harvest_is_refused_while_one_is_open():
    first = ask()
    with pytest.raises(harvest.HarvestOpen, match=f"number {first.pk}") as refused:
        ask(at=AT + timedelta(seconds=1))
    assert refused.value.run == first
    assert HarvestRun.objects.count() == 1


def test_one_run_a_slot():
    run = ask(slot="daily 2026-11-02")
    harvest.cancel(run.pk, at=AT)
    with pytest.raises(harvest.HarvestRefused, match="slot"):
        ask(slot="daily 2026-11-02")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="an SQLite database in memory has no second connection")
def test_ten_starts_at_once_make_one_run():
    outcomes = []

    def start():
        try:
            outcomes.append(ask())
        except harvest.HarvestRefused as refused:
            outcomes.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (HarvestRun.objects.count(), HarvestLane.objects.count()) == (1, 2)
    assert len([one for one in outcomes if isinstance(one, HarvestRun)]) == 1


# --- taking, and taking over ---------------------------------------------------------------------


def test_a_claim_begins_the_run():
    run = harvest.claim(ask().pk, at=AT)
    assert (run.state, run.generation, run.started_at, run.heartbeat_at) == (RunState.RUNNING, 1, AT, AT)


def test_a_run_alive_in_other_hands_cannot_be_claimed():
    run = harvest.claim(ask().pk, at=AT)
    with pytest.raises(TakenOver):
        harvest.claim(run.pk, at=AT + timedelta(minutes=2))


@pytest.mark.parametrize("state", [RunState.COMPLETE, RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED])
def test_a_run_that_ended_cannot_be_claimed(state):
    with pytest.raises(TakenOver):
        harvest.claim(make_run(state).pk, at=AT)


def test_a_run_whose_period_ended_while_it_waited_is_closed(settings):
    run = ask()
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Shut"
    with pytest.raises(harvest.HarvestRefused):
        harvest.claim(run.pk, at=AT)
    run.refresh_from_db()
    assert (run.state, run.message) == (RunState.FAILED, "No project period is in force.")


def test_a_stalled_run_is_resumed_by_the_same_request_and_keeps_its_start():
    run = harvest.claim(ask().pk, at=AT)
    again = ask(at=LATER)
    taken = harvest.claim(again.pk, at=LATER)
    assert (taken.pk, taken.generation, taken.started_at) == (run.pk, 2, AT)
    with pytest.raises(TakenOver):
        harvest.conclude(run.pk, generation=1, at=LATER)


@pytest.mark.parametrize("other", [{"limit": 5}, {"aliases": False}, {"kinds": [Kind.MODEL]}])
def test_a_stalled_run_of_another_wording_is_closed(other):
    stalled = harvest.claim(ask().pk, at=AT)
    new = ask(at=LATER, **other)
    stalled.refresh_from_db()
    assert (stalled.state, stalled.ended_at) == (RunState.FAILED, LATER)
    assert new.pk != stalled.pk


def test_a_run_that_nobody_began_stalls_too():
    run = ask()
    assert harvest.stalled_runs(at=AT + timedelta(minutes=2)) == []
    assert harvest.stalled_runs(at=LATER) == [run]


def test_a_run_that_waits_for_the_hub_is_not_stalled():
    run = harvest.claim(ask().pk, at=AT)
    run.lanes.filter(kind=Kind.MODEL).update(not_before=AT + timedelta(minutes=3))
    assert harvest.stalled_runs(at=LATER) == []
    assert harvest.stalled_runs(at=AT + timedelta(minutes=7)) == [run]


def test_a_sign_of_life_keeps_a_run():
    run = harvest.claim(ask().pk, at=AT)
    harvest.sign_of_life(run.pk, generation=1, at=AT + timedelta(minutes=2))
    assert harvest.stalled_runs(at=LATER) == []
    harvest.sign_of_life(run.pk, generation=1, at=LATER, waits_until=LATER + timedelta(hours=1))
    assert harvest.stalled_runs(at=LATER + timedelta(minutes=50)) == []


def test_a_page_that_loses_every_worker_is_given_up():
    run = harvest.claim(ask(kinds=[Kind.MODEL]).pk, at=AT)
    for turn in range(1, ATTEMPTS + 1):
        run = harvest.claim(run.pk, at=AT + turn * timedelta(minutes=4))
    assert run.lanes.get().done
    assert run.counts["pages_given_up"] == 1
    assert Quarantine.objects.get().reason == "worker_lost"


def test_a_run_that_loses_every_worker_ends():
    run = harvest.claim(ask().pk, at=AT)
    HarvestRun.objects.update(generation=harvest.TAKEOVERS)
    with pytest.raises(harvest.HarvestRefused, match="vanished"):
        harvest.claim(run.pk, at=LATER)
    run.refresh_from_db()
    assert run.state == RunState.FAILED


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway")
def test_a_run_that_is_being_concluded_is_alive_however_long_it_takes():
    run = harvest.claim(ask().pk, at=AT)
    held, done = threading.Event(), threading.Event()

    def conclude_slowly():
        from django.db import transaction

        with transaction.atomic():
            HarvestRun.objects.select_for_update().get(pk=run.pk)
            held.set()
            done.wait(10)
        connections.close_all()

    thread = threading.Thread(target=conclude_slowly)
    thread.start()
    held.wait(10)
    try:
        with pytest.raises(harvest.HarvestOpen):
            ask(at=LATER)
    finally:
        done.set()
        thread.join()


# --- ending -------------------------------------------------------------------------------------


def test_cancelling_keeps_the_pages_and_refuses_what_comes_after():
    run = harvest.claim(ask().pk, at=AT)
    assert harvest.cancel(run.pk, at=AT)
    assert not harvest.cancel(run.pk, at=AT)
    with pytest.raises(TakenOver):
        harvest.conclude(run.pk, generation=run.generation, at=AT)
    run.refresh_from_db()
    assert (run.state, run.ended_at) == (RunState.CANCELLED, AT)


def test_files_of_one_listing_read_together_mark_what_they_do_not_show(file_of):
    harvest_files(file_of(models(4)))
    one, two = file_of(models(1), "models-1.jsonl"), file_of(models(3)[2:], "models-2.jsonl")
    run = harvest_files(one, two)
    assert (run.state, run.counts["gone"], listed()) == (RunState.COMPLETE, 2, ["org/m1", "org/m3"])


@pytest.mark.parametrize("batch", [1, 3, 4, 100], ids=lambda rows: f"{rows} rows a page")
def test_a_long_file_is_read_in_parts_and_each_row_once(tmp_path, monkeypatch, batch):
    path = tmp_path / "models.parquet"
    pq.write_table(pa.table({"id": [f"org/m{n}" for n in range(10)]}), path, row_group_size=3)
    monkeypatch.setattr(harvest, "ROWS_A_LANE", 4)
    monkeypatch.setattr(pages, "ROWS_A_BATCH", batch)
    run = harvest_files(path)
    lanes = list(run.lanes.order_by("from_row").values_list("from_row", "to_row", "rows", "rows_total", "read_whole"))
    assert lanes == [(0, 6, 6, 6, True), (6, None, 4, 4, True)]
    assert (run.state, run.counts["rows"], run.counts["created"], len(listed())) == (RunState.COMPLETE, 10, 10, 10)


def test_a_limit_is_of_the_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "models.parquet"
    pq.write_table(pa.table({"id": [f"org/m{n}" for n in range(10)]}), path, row_group_size=3)
    monkeypatch.setattr(harvest, "ROWS_A_LANE", 3)
    assert harvest_files(path, limit=7).counts["rows"] == 7


def test_a_file_of_models_says_nothing_on_datasets(file_of):
    harvest_files(file_of(models(1)), file_of([record("org/d")], "datasets.jsonl"))
    run = harvest_files(file_of(models(2)))
    assert (run.state, run.counts["gone"], len(listed())) == (RunState.COMPLETE, 0, 3)


def test_a_file_that_vanished_meanwhile_is_given_up(file_of):
    clock = Clock()
    path = file_of(models(2))
    run = ask(SNAPSHOT, paths=[path, file_of([record("org/d")], "datasets.jsonl")])
    path.unlink()
    from lineage import foreground
    from tests.harvesting import Nobody

    run = foreground.conduct(run, clock=clock, watch=Nobody(), sleep=clock.sleep)
    assert (run.state, listed()) == (RunState.PARTIAL, ["org/d"])
    assert Quarantine.objects.get().reason == "unreadable_file"


def test_the_graph_is_built_at_the_end(file_of):
    tuned = record("org/m2", 2, tags=["base_model:org/m1", "base_model:finetune:org/m1"])
    harvest_files(file_of([record("org/m1", 1), tuned]))
    assert graph.current().generation > 0


def test_a_graph_that_cannot_be_written_does_not_undo_the_harvest(file_of, monkeypatch, caplog):
    def full():
        raise OSError("no space left on device")

    monkeypatch.setattr(graph, "build", full)
    assert harvest_files(file_of(models(2))).state == RunState.COMPLETE
    assert "could not be written" in caplog.text
