"""What a record says of other artifacts, and how it is known."""

import pytest

from lineage.hub.mentions import MOST
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.vocabulary import Field, Kind, Unusable

MODEL, DATASET = Kind.MODEL, Kind.DATASET


def read(kind=MODEL, repo_id="me/mine", **raw) -> HubRecord:
    record = parse({"id": repo_id, **raw}, kind)
    assert isinstance(record, HubRecord)
    return record


def said(record: HubRecord) -> list[str]:
    """Each mention as `field: relation target`; ! marks what the Hub resolved, ~ a plain tag its author wrote."""
    return [f"{m.field}: {m.relation} {m.target}" + "!" * m.resolved + "~" * m.self_written for m in record.mentions]


def useless(record: HubRecord) -> dict[str, int]:
    return {str(reason): number for reason, number in record.unusable.items()}


@pytest.mark.parametrize(
    ("tags", "card", "mentions"),
    [
        ([], {}, []),
        (["base_model:a/b"], {}, ["base_model_tag: unspecified a/b!"]),
        (["base_model:finetune:a/b", "base_model:a/b"], {}, ["base_model_tag: finetune a/b!"]),
        # a relation is believed of the same id only
        (
            ["base_model:a/b", "base_model:adapter:a/B"],
            {},
            ["base_model_tag: unspecified a/b!", "relation_tag: adapter a/B"],
        ),
        (
            ["base_model:a/b", "base_model:adapter:a/b", "base_model:quantized:a/b"],
            {},
            ["base_model_tag: adapter a/b!", "base_model_tag: quantized a/b!"],
        ),
        (["base_model:adapter:gpt2"], {}, ["relation_tag: adapter gpt2"]),
        (["base_model:merge:a/b", "base_model:merge:c/d"], {}, ["relation_tag: merge a/b", "relation_tag: merge c/d"]),
        # the card
        ([], {"base_model": "a/b"}, ["base_model_card: unspecified a/b"]),
        (
            [],
            {"base_model": ["a/b", "c/d", "a/b"]},
            ["base_model_card: unspecified a/b", "base_model_card: unspecified c/d"],
        ),
        ([], {"base_model": "a/b", "base_model_relation": "quantized"}, ["base_model_card: quantized a/b"]),
        ([], {"base_model": "a/b", "base_model_relation": "stolen"}, ["base_model_card: unspecified a/b"]),
        ([], {"base_model": "a/b", "base_model_relation": ["merge"]}, ["base_model_card: unspecified a/b"]),
        ([], {"base_model": "a/b", "base_model_relation": "trained_on"}, ["base_model_card: unspecified a/b"]),
        ([], {"base_model:adapter": "a/b"}, ["base_model_card: adapter a/b"]),
        (
            ["base_model:a/b", "base_model:finetune:a/b"],
            {"base_model": ["a/b", "c/d"]},
            ["base_model_tag: finetune a/b!", "base_model_card: finetune a/b", "base_model_card: unspecified c/d"],
        ),
        (
            ["base_model:adapter:gpt2"],
            {"base_model": "gpt2", "base_model_relation": "merge"},
            ["relation_tag: adapter gpt2", "base_model_card: adapter gpt2"],
        ),
        # a plain tag that its author typed too
        (["base_model:a/b"], {"tags": ["base_model:a/b"]}, ["base_model_tag: unspecified a/b!~"]),
        (["base_model:models/b"], {"tags": ["base_model:models/b"]}, []),
        (["base_model:models/b"], {}, ["base_model_tag: unspecified models/b!"]),
        (["base_model:https://hf.co/a/b"], {}, ["base_model_tag: unspecified a/b"]),
        (["base_model:None"], {}, []),
        (["base_model:distill:a/b"], {}, []),
        # datasets
        (["dataset:squad", "dataset:imagefolder"], {}, ["dataset_tag: trained_on squad"]),
        (
            ["dataset:squad"],
            {"datasets": ["squad", "a/b"]},
            ["dataset_tag: trained_on squad", "datasets_card: trained_on squad", "datasets_card: trained_on a/b"],
        ),
        ([], {"datasets": "a/b"}, ["datasets_card: trained_on a/b"]),
        # a model is no source of datasets, and has no source datasets
        (["source_datasets:squad"], {"source_datasets": ["squad"]}, []),
    ],
)  # fmt: skip
def test_a_model_names_its_bases_and_datasets(tags, card, mentions):
    assert said(read(tags=tags, cardData=card)) == mentions


@pytest.mark.parametrize(
    ("tags", "card", "mentions"),
    [
        (["source_datasets:original"], {"source_datasets": ["original"]}, []),
        (["source_datasets:extended|squad"], {}, ["source_datasets_tag: extended_from squad"]),
        ([], {"source_datasets": "a/b"}, ["source_datasets_card: extended_from a/b"]),
        (
            [],
            {"source_datasets": ["extended|a|b"]},
            ["source_datasets_card: extended_from a", "source_datasets_card: extended_from b"],
        ),
        # an evaluation's card lists the datasets it judged; a dataset is not trained
        (["dataset:squad", "base_model:a/b"], {"datasets": ["squad"], "base_model": "a/b"}, []),
    ],
)  # fmt: skip
def test_a_dataset_names_its_sources(tags, card, mentions):
    assert said(read(DATASET, tags=tags, cardData=card)) == mentions


@pytest.mark.parametrize(
    ("tags", "card", "counts"),
    [
        ([], {"base_model": ""}, {"empty": 1}),
        ([], {"base_model": []}, {}),
        ([], {"base_model": None}, {"not_text": 1}),
        ([], {"base_model": [None, 7, {"name": "a/b"}, ["a/b"]]}, {"not_text": 4}),
        ([], {"base_model": ["None", "none", "None"]}, {"placeholder": 2}),
        ([], {"base_model": "me/mine"}, {"self": 1}),
        (["base_model:me/mine", "base_model:finetune:me/mine"], {"base_model": "me/mine"}, {"self": 1}),
        (["base_model:adapter:/x/y"], {"base_model": "/x/y"}, {"path": 1}),
        (["dataset:imagefolder"], {"datasets": ["imagefolder"], "base_model": "undefined"}, {"placeholder": 2}),
        (["dataset:me/mine"], {}, {}),
    ],
)
def test_a_useless_value_is_counted_once_by_its_class(tags, card, counts):
    assert useless(read(tags=tags, cardData=card)) == counts


@pytest.mark.parametrize("name", [str(reason) for reason in Unusable])
def test_a_model_may_bear_the_name_of_a_class(name):
    record = read(repo_id=name, cardData={"base_model": ["a b", "/x", "https://x.org"]})
    assert (useless(record), record.mentions) == ({"prose": 1, "path": 1, "url": 1}, ())


def test_positions_are_those_of_the_cards_list():
    record = read(tags=["base_model:c/d"], cardData={"base_model": ["None", "a/b", "c/d", "a/b"], "datasets": ["e"]})
    assert [(m.field, m.target, m.position) for m in record.mentions] == [
        (Field.BASE_MODEL_TAG, "c/d", None),
        (Field.BASE_MODEL_CARD, "a/b", 1),
        (Field.BASE_MODEL_CARD, "c/d", 2),
        (Field.DATASETS_CARD, "e", 0),
    ]


def test_ten_thousand_parents_are_cut_and_counted():
    record = read(cardData={"base_model": [f"inv/p{number}" for number in range(10_000)]})
    assert len(record.mentions) == MOST
    assert record.unusable == {Unusable.TOO_MANY: 10_000 - MOST}
