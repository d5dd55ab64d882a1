"""A page read: recognising makes no difference to what is stored, whatever came before."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineage import canonical, reading, staging
from lineage.hub import parse as parser
from lineage.hub.parse import COUNTERS
from lineage.models import Alias, Artifact, Author, Counter, Derivation, GraphState, HarvestRun, Quarantine, Sighting
from tests.harvesting import Clock, harvest_files, record

pytestmark = pytest.mark.django_db
FILE = "models.jsonl"


@pytest.fixture(autouse=True)
def open_policy(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"


def written(path, records):
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


@contextmanager
def counting_parsed() -> Iterator[list[str]]:
    """The ids of the raw records that are parsed."""
    seen: list[str] = []

    def parse(raw, kind):
        seen.append(raw["id"])
        return original(raw, kind)

    original = parser.parse
    with patch.object(reading, "parse", parse):
        yield seen


@contextmanager
def recognising_nothing() -> Iterator[None]:
    with patch.object(staging, "recognise", lambda records, kind: {}):
        yield


def as_parquet(path, records):
    columns = {name: [one.get(name) for one in records] for name in records[0]}
    columns["cardData"] = [json.dumps(card) for card in columns["cardData"]]
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(("write", "name"), [(written, FILE), (as_parquet, "models.parquet")])
def test_only_what_says_something_else_is_parsed_again(tmp_path, write, name):
    records = [record(f"org/m{number}", 1 + number) for number in range(5)]
    clock = Clock()
    harvest_files(write(tmp_path / name, records), clock=clock)
    records[2]["tags"] = ["other"]
    records[3]["downloads"] += 5
    with counting_parsed() as parsed:
        run = harvest_files(write(tmp_path / name, records), clock=clock)
    assert parsed == ["org/m2"]
    assert [run.counts[name] for name in ("rows", "unchanged", "updated", "counters")] == [5, 4, 1, 1]
    assert Sighting.objects.filter(run=run).count() == 5


def test_another_version_of_the_parser_parses_all_again(tmp_path):
    path, clock = written(tmp_path / FILE, [record(f"org/m{number}", 1 + number) for number in range(3)]), Clock()
    harvest_files(path, clock=clock)
    with counting_parsed() as parsed, patch("lineage.hub.raw.PARSER_VERSION", 10**6):
        harvest_files(path, clock=clock)
        harvest_files(path, clock=clock)
    assert parsed == ["org/m0", "org/m1", "org/m2"]


def test_another_policy_parses_all_again(tmp_path, settings):
    path, clock = written(tmp_path / FILE, [record("erased/m", 1), record("org/m", 2)]), Clock()
    harvest_files(path, clock=clock)
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.WithoutErased"
    with counting_parsed() as parsed:
        run = harvest_files(path, clock=clock)
    assert parsed == ["erased/m", "org/m"]
    assert run.counts["dropped"] == 1


@pytest.mark.parametrize("odd", [{"downloads": "many"}, {"createdAt": "2090-01-01T00:00:00.000Z"}])
def test_an_odd_record_is_noted_by_each_harvest(tmp_path, odd):
    path, clock = written(tmp_path / FILE, [record("org/m", 1) | odd]), Clock()
    for _time in range(2):
        harvest_files(path, clock=clock)
    assert Quarantine.objects.count() == 2


def test_what_a_policy_rewrote_is_screened_by_each_harvest(tmp_path, settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.WithoutErased"
    path, clock = written(tmp_path / FILE, [record("org/m", 1, cardData={"base_model": "erased/base"})]), Clock()
    runs = [harvest_files(path, clock=clock) for _time in range(2)]
    assert [run.counts["dropped_mentions"] > 0 for run in runs] == [True, True]


def test_a_page_whose_recognised_records_moved_is_parsed_whole(tmp_path):
    path, clock = written(tmp_path / FILE, [record(f"org/m{number}", 1 + number) for number in range(3)]), Clock()
    harvest_files(path, clock=clock)
    original = staging.recognise

    def recognise(records, kind):
        known = original(records, kind)
        Artifact.objects.filter(repo_id="org/m1").update(digest=b"")
        return known

    with patch.object(staging, "recognise", recognise), counting_parsed() as parsed:
        run = harvest_files(path, clock=clock)
    assert parsed == ["org/m0", "org/m1", "org/m2"]
    assert (run.state, run.counts["unchanged"], run.counts["updated"]) == ("complete", 2, 1)


repositories = st.builds(
    lambda number, name, base, downloads, tag: record(
        f"org/{name}", number, cardData={"base_model": f"org/{base}"} if base else {}, downloads=downloads, tags=[tag]
    ),
    st.integers(1, 4),
    st.sampled_from("abc"),
    st.sampled_from(["", "a", "b"]),
    st.integers(0, 2),
    st.sampled_from(["x", "y"]),
)
nameless = repositories.map(lambda one: {name: value for name, value in one.items() if name != "_id"})
histories = st.lists(st.lists(st.one_of(repositories, repositories, nameless), min_size=1, max_size=5), max_size=4)


@pytest.mark.django_db(transaction=True)  # PostgreSQL holds a lock for each temporary table till a transaction ends
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(histories)
def test_recognising_makes_no_difference(tmp_path, history):
    assert outcome(tmp_path, history) == outcome_parsed(tmp_path, history)


def outcome(tmp_path, history):
    """What harvests of these listings leave, one after the other, where nothing was before."""
    Artifact.objects.update(parent=None, family=None, superseded_by=None)
    for model in (Alias, Derivation, Artifact, Author, HarvestRun, GraphState):
        model.objects.all().delete()
    clock = Clock()
    counts = [harvest_files(written(tmp_path / FILE, listing), clock=clock).counts for listing in history]
    left = [
        *canonical.lines(),
        *Counter.objects.order_by("artifact__hub_id", "artifact__repo_id").values_list(*COUNTERS),
    ]
    return counts, left


def outcome_parsed(tmp_path, history):
    with recognising_nothing():
        return outcome(tmp_path, history)
