"""Made-up hubs have the shapes of the real one, whatever their size."""

from collections import Counter
from hashlib import sha256

import networkx as nx
import pytest

from benchmarks.hub import hub_of
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.hub.snapshot import open_snapshot
from lineage.vocabulary import Field, Kind, Relation, Unusable

MODELS = 20_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return hub_of(MODELS, tmp_path_factory.mktemp("hubs"))


@pytest.fixture(scope="module")
def models(folder):
    rows = [row for _, batch in open_snapshot(folder / "models.parquet", None).batches(0, 10_000) for row in batch]
    parsed = [parse(row, Kind.MODEL) for row in rows]
    assert all(isinstance(record, HubRecord) for record in parsed)
    return parsed


@pytest.fixture(scope="module")
def bases(models):
    """Each model that names bases in its card, with their names."""
    named = {
        record.repo_id: [m.target for m in record.mentions if m.field == Field.BASE_MODEL_CARD] for record in models
    }
    return {name: targets for name, targets in named.items() if targets}


def test_the_same_seed_gives_the_same_files(folder, tmp_path):
    again = hub_of(MODELS, tmp_path)
    for name in ("models.parquet", "datasets.parquet"):
        assert sha256((again / name).read_bytes()).digest() == sha256((folder / name).read_bytes()).digest()


def test_so_many_models_and_a_third_as_many_datasets_each_under_its_own_name(folder, models):
    assert len({record.repo_id for record in models}) == len({record.hub_id for record in models}) == MODELS
    datasets = open_snapshot(folder / "datasets.parquet", None)
    assert (datasets.kind, datasets.rows_total) == (Kind.DATASET, MODELS // 3)


def test_two_models_in_five_name_a_base_and_one_base_in_eight_is_not_listed(models, bases):
    listed = {record.repo_id for record in models}
    named = [target for targets in bases.values() for target in targets]
    assert 0.35 < len(bases) / MODELS < 0.42
    assert 0.10 < sum(target not in listed for target in named) / len(named) < 0.15


def test_relations_are_mixed_as_on_the_hub(models):
    relations = Counter(m.relation for r in models for m in r.mentions if m.field == Field.BASE_MODEL_TAG)
    ordered = [relation for relation, _count in relations.most_common()]
    assert ordered == [Relation.ADAPTER, Relation.FINETUNE, Relation.QUANTIZED, Relation.MERGE]


def test_merges_have_several_bases_eighteen_at_most(bases):
    counts = Counter(len(targets) for targets in bases.values())
    assert max(counts) <= 18
    assert sum(number for many, number in counts.items() if many > 2) > 50


def test_one_family_holds_a_twelfth_of_the_hub_and_there_are_circles(bases):
    graph = nx.DiGraph((base, name) for name, targets in bases.items() for base in targets)
    biggest = max(graph, key=lambda node: graph.out_degree(node))
    assert len(nx.descendants(graph, biggest)) > MODELS / 12
    assert any(len(some) > 1 for some in nx.strongly_connected_components(graph))


@pytest.mark.parametrize("odd", [Unusable.SELF, Unusable.PLACEHOLDER, Unusable.NOT_TEXT])
def test_some_values_name_nothing(models, odd):
    assert any(odd in record.unusable for record in models)


def test_datasets_are_often_named_by_an_old_id_without_an_account(models):
    named = [m.target for r in models for m in r.mentions if m.relation == Relation.TRAINED_ON]
    assert 0.2 < sum("/" not in target for target in named) / len(named) < 0.35
