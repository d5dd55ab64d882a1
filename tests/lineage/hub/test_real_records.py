"""The parser over the real records beside the checkout, against what was found independently."""

import json
from collections import Counter

import pytest

from lineage.hub.parse import parse
from lineage.hub.records import HubRecord, Refused
from lineage.vocabulary import Field, Kind, Unusable

MODEL, DATASET = Kind.MODEL, Kind.DATASET


def taken(raw: object) -> HubRecord:
    record = parse(raw, MODEL)
    assert isinstance(record, HubRecord)
    return record


@pytest.mark.hub_records
def test_every_real_record_is_taken(hub_rows):
    reasons = Counter(
        parsed.reason
        for name, kind in (("models", MODEL), ("models_t0", MODEL), ("datasets", DATASET))
        for row in hub_rows(name)
        if isinstance(parsed := parse(row, kind), Refused)
    )
    assert reasons == {}


@pytest.mark.hub_records
def test_the_resolved_edges_are_those_found_independently(hub_rows, hub_records):
    expected = json.loads((hub_records / "expected.json").read_text())
    edges = [
        (mention.target, record.repo_id, str(mention.relation))
        for record in map(taken, hub_rows("models"))
        for mention in record.mentions
        if mention.resolved
    ]
    stats = expected["stats"]
    assert len(edges) == len(set(edges)) == stats["model_edges"]
    assert Counter(relation for _, _, relation in edges) == stats["edges_by_relation"]
    models = [node for node in expected["expected"] if node["kind"] == "model"]
    assert len(models) == 32
    for node in models:
        children = {(derived, relation) for source, derived, relation in edges if source == node["id"]}
        parents = {(source, relation) for source, derived, relation in edges if derived == node["id"]}
        assert children == {(name, relation) for name, relation in node["children"]}
        assert parents == {(name, relation) for name, relation in node["parents"]}


@pytest.mark.hub_records
def test_what_real_cards_declare_beyond_the_tags_is_kept(hub_rows):
    """172 cards declare a base and have no plain tag; each names something or is counted as naming nothing."""
    untold = []
    for row in hub_rows("models"):
        base = row.get("cardData", {}).get("base_model")
        if base in (None, []) or any(tag.startswith("base_model:") and tag.count(":") == 1 for tag in row["tags"]):
            continue
        record = taken(row)
        declared = [mention for mention in record.mentions if mention.field == Field.BASE_MODEL_CARD]
        untold.append(bool(declared) or bool(set(record.unusable) - {Unusable.TOO_MANY}))
    assert untold == [True] * 172


@pytest.mark.hub_records
def test_every_dataset_a_real_model_names_is_a_mention_or_a_placeholder(hub_rows):
    named = useless = 0
    for row in hub_rows("models"):
        record = taken(row)
        named += sum(mention.field == Field.DATASET_TAG for mention in record.mentions)
        useless += sum(tag.startswith("dataset:") for tag in row["tags"])
    assert (named, useless - named) == (1389, 9)
