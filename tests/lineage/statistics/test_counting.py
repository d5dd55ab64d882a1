"""What is counted, on families drawn by hand and on the real records, where other ways of counting must agree."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.db import connection

from lineage import graph, statistics
from lineage.models import Artifact, Author, Derivation, Statistic
from lineage.models import Counter as Counters
from lineage.relatives import coverage
from lineage.statistics import counting
from lineage.vocabulary import Certainty, Kind, Measure, Presence, Relation
from tests.factories import AT, make_artifact, make_derivation
from tests.graphs import draw
from tests.lineage.exports.test_hub_records import harvest

pytestmark = pytest.mark.django_db
COUNTS = "a.presence = 'listed' AND a.is_current AND a.superseded_by_id IS NULL AND a.withheld_at IS NULL"
MODELS = f"FROM lineage_artifact a WHERE a.kind = 'model' AND {COUNTS}"
EDGES = f"""FROM lineage_derivation d JOIN lineage_artifact a ON a.id = d.derived_id
    WHERE d.held_until IS NULL AND d.certainty <> 'inferred' AND a.kind = 'model' AND {COUNTS}"""


def counted(measure, period="", family=0):
    row = Statistic.objects.of(period=period, family_key=family).filter(measure=measure).first()
    return {} if row is None else dict(row.counts)


def whole(measure):
    """All counts of the base, with what is not kept."""
    row = Statistic.objects.of(period="", family_key=0).get(measure=measure)
    return dict(row.counts), row.others, row.labels


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return Counter({" ".join(map(str, line[:-1])): line[-1] for line in cursor.fetchall()})


@pytest.fixture
def family():
    """base (mit, 2024) → a (mit) → c (none); base → b (apache-2.0, 2025); two datasets, declared together by a."""
    nodes = draw("""
        s{dataset} -[trained_on,declared]-> a; t{dataset} -[trained_on,declared]-> a; s -[trained_on,declared]-> b
        base -> a -[quantized]-> c; base -[adapter]-> b; guess -[merge,inferred]-> b
    """)
    for name, parent, license_, year in (
        ("base", None, "mit", 2024), ("a", "base", "mit", 2025), ("b", "base", "apache-2.0", 2025),
        ("c", "a", "", None),
    ):  # fmt: skip
        Artifact.objects.filter(pk=nodes[name].pk).update(
            parent=nodes[parent] if parent else None,
            family=nodes["base"],
            license=license_,
            created_at=datetime(year, 3, 1, tzinfo=UTC) if year else None,
            languages=["en", "fr"] if name == "a" else [],
            owner="acme" if name != "c" else "other",
        )
    return nodes


def test_a_family_counted_by_hand(family):
    statistics.renew(as_of=AT)
    s, t = sorted([family["s"].pk, family["t"].pk])
    expected = {
        Measure.LICENCES: {"mit": 2, "apache-2.0": 1, "": 1},
        Measure.DRIFT: {"mit → mit": 1, "mit → apache-2.0": 1, "mit → ": 1},
        Measure.DEPTH: {"0": 1, "1": 2, "2": 1},
        Measure.LANGUAGES: {"en": 1, "fr": 1, "": 3},
        Measure.RELATIONS: {"trained_on": 3, "finetune": 1, "quantized": 1, "adapter": 1},
        Measure.USED: {str(family["s"].pk): 2, str(family["t"].pk): 1},
        Measure.TOGETHER: {f"{s} {t}": 1},
        Measure.SOURCES: {"declares": 3, "nothing": 1},
        Measure.MODELS: {"2024-03": 1, "2025-03": 2, "unknown": 1},
    }
    root = family["base"].pk
    assert {measure: counted(measure, family=root) for measure in expected} == expected
    assert counted(Measure.LICENCES, "2025", root) == {"mit": 1, "apache-2.0": 1}
    assert counted(Measure.DEPTH, "2025") == {"1": 2}
    assert counted(Measure.FAMILIES) == {str(root): 4}
    assert counted(Measure.CONCENTRATION, family=root)["accounts"] == 2
    assert counted(Measure.CONCENTRATION, "2024", root)["models_top_10"] == 1


def test_what_may_not_be_shown_or_is_not_listed_is_not_counted(family):
    Artifact.objects.filter(pk=family["b"].pk).update(withheld_at=AT)
    Artifact.objects.filter(pk=family["c"].pk).update(presence=Presence.GONE, gone_since=AT)
    Artifact.objects.filter(pk=family["t"].pk).update(withheld_at=AT)
    statistics.renew(as_of=AT)
    root = family["base"].pk
    assert counted(Measure.LICENCES, family=root) == {"mit": 2}
    assert counted(Measure.USED) == {str(family["s"].pk): 1}
    assert counted(Measure.TOGETHER) == {}


def test_a_family_whose_root_is_withheld_is_not_told_apart(family):
    Artifact.objects.filter(pk=family["base"].pk).update(withheld_at=AT)
    statistics.renew(as_of=AT)
    assert counted(Measure.FAMILIES) == {}
    assert not Statistic.objects.exclude(family_key=0).exists()


def test_counting_again_replaces_and_says_of_when(family):
    first = statistics.renew(as_of=AT)
    Artifact.objects.filter(pk=family["c"].pk).update(license="mit")
    assert statistics.renew(as_of=AT.replace(day=3)) == first == Statistic.objects.count()
    assert counted(Measure.LICENCES)["mit"] == 3
    assert set(Statistic.objects.values_list("as_of", flat=True)) == {AT.replace(day=3)}


def test_nothing_is_counted_of_an_empty_base():
    assert statistics.renew(as_of=AT) == 0


def test_a_model_of_very_many_datasets_says_nothing_of_any_two():
    model = make_artifact()
    for _number in range(51):
        dataset = make_artifact(kind=Kind.DATASET)
        make_derivation(dataset, model, relation=Relation.TRAINED_ON, certainty=Certainty.DECLARED)
    statistics.renew(as_of=AT)
    assert counted(Measure.TOGETHER) == {}
    assert len(counted(Measure.USED)) == 50
    assert whole(Measure.USED)[1:] == (1, 51)


@pytest.mark.hub_records
def test_the_real_records_counted_in_other_ways(hub_records: Path) -> None:
    harvest(hub_records)
    statistics.renew(as_of=AT)

    # by SQL of its own
    for measure, statement in {
        Measure.LICENCES: f"SELECT license, COUNT(*) {MODELS} GROUP BY license",
        Measure.TASKS: f"SELECT task, COUNT(*) {MODELS} GROUP BY task",
        Measure.LIBRARIES: f"SELECT library, COUNT(*) {MODELS} GROUP BY library",
        Measure.RELATIONS: f"SELECT d.relation, COUNT(*) {EDGES} GROUP BY d.relation",
        Measure.USED: f"""SELECT d.source_id, COUNT(DISTINCT d.derived_id) {EDGES}
            AND d.relation = 'trained_on' GROUP BY d.source_id""",
        Measure.TOGETHER: f"""WITH used AS (SELECT DISTINCT d.source_id, d.derived_id {EDGES}
            AND d.relation = 'trained_on') SELECT one.source_id, other.source_id, COUNT(*) FROM used one JOIN used other
            ON one.derived_id = other.derived_id AND one.source_id < other.source_id
            GROUP BY one.source_id, other.source_id""",
        Measure.DRIFT: f"""SELECT p.license, '→', a.license, COUNT(*) FROM lineage_artifact a JOIN lineage_artifact p
            ON p.id = a.parent_id AND p.presence = 'listed' WHERE a.kind = 'model' AND {COUNTS}
            GROUP BY p.license, a.license""",
        Measure.DEPTH: f"""WITH RECURSIVE line(id, depth) AS (
            SELECT id, 0 FROM lineage_artifact WHERE parent_id IS NULL
            UNION ALL SELECT c.id, l.depth + 1 FROM lineage_artifact c JOIN line l ON c.parent_id = l.id)
            SELECT l.depth, COUNT(*) FROM line l JOIN lineage_artifact a ON a.id = l.id
            WHERE a.kind = 'model' AND a.family_id IS NOT NULL AND {COUNTS} GROUP BY l.depth""",
        Measure.FAMILIES: f"SELECT a.family_id, COUNT(*) {MODELS} AND a.family_id IS NOT NULL GROUP BY a.family_id",
    }.items():
        expected = sql(statement)
        counts, others, labels = whole(measure)
        assert counts == {text: expected[text] for text in counts}, measure
        assert (others, labels) == (expected.total() - sum(counts.values()), len(expected)), measure
        smallest = min(counts.values())
        assert measure == Measure.DEPTH or all(n <= smallest for text, n in expected.items() if text not in counts)

    # by pyarrow, from the files themselves
    lines = (hub_records / "models.jsonl").read_text(encoding="utf-8").splitlines()
    records = list(map(json.loads, lines))
    listed = set(Artifact.objects.listed().of_kind(Kind.MODEL).values_list("repo_id", flat=True))
    raw = pa.table(
        {
            "id": [record["id"] for record in records],
            "month": [str(record.get("createdAt") or "unknown")[:7] for record in records],
            "task": [record.get("pipeline_tag") or "" for record in records],
        }
    )
    raw = raw.filter(pc.is_in(raw["id"], pa.array(sorted(listed))))
    assert len(raw) == len(listed)
    for measure, column in ((Measure.MODELS, "month"), (Measure.TASKS, "task")):
        found = Counter(raw[column].to_pylist())
        counts, others, labels = whole(measure)
        assert counts == {text: found[text] for text in counts}
        assert (sum(counts.values()) + others, labels) == (len(raw), len(found))

    # by the graph
    told = coverage(graph.current())
    assert counted(Measure.SOURCES) == {"declares": told.models - told.silent_models, "nothing": told.silent_models}

    # by the database's own sums
    owners = sql(f"SELECT owner, COUNT(*) {MODELS} GROUP BY owner")
    shares = counted(Measure.CONCENTRATION)
    top = sum(number for _, number in owners.most_common(10))
    assert shares["accounts"] == len(owners)
    assert shares["models_top_10"] == pytest.approx(top / owners.total(), abs=1e-6)
    assert Counters.objects.exists()
    assert Author.objects.exists()
    assert Derivation.objects.exists()
    assert len(set(Statistic.objects.values_list("family_key", flat=True))) == counting.FAMILIES_KEPT + 1
