"""Odd values seen on the Hub, each with what comes of it: read from beside the checkout, where they lie."""

from fnmatch import fnmatchcase
from typing import Any

import pytest

from lineage.hub.names import is_repo_id
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.vocabulary import Kind

# number -> mentions (`*` in place of an account that may be a person's), useless values by class

NASTY = {
    1: ([], {"placeholder": 1}),
    3: ([], {"placeholder": 1}),
    5: (["base_model_card: unspecified Krea2_Turbo"], {}),
    7: (["base_model_card: unspecified Qwen2.5-1.5B-Instruct"], {}),
    9: (["base_model_card: unspecified text-to-video-synthesis"], {}),
    11: (["base_model_card: unspecified gpt2-scratch"], {}),
    13: (["base_model_card: unspecified qwen/Qwen3.8-27B"], {}),
    15: (["base_model_card: unspecified google/Gemma-3-1B-IT"], {}),
    17: (["base_model_card: unspecified black-forest-labs/flux.1-dev"], {}),
    19: (["base_model_card: unspecified qwen3.5-27b-ancient-stage2-checkpoint-227-merged"], {}),
    21: ([], {"self": 1}),
    23: ([], {"self": 1}),
    25: (["relation_tag: adapter gpt2"], {}),
    27: ([], {"path": 1}),
    29: ([], {"path": 1}),
    31: (["relation_tag: adapter facebook/nllb-200-distilled-600M"], {}),
    33: (
        ["base_model_tag: adapter ornith-ai/Ornith-1.0-35B!", "relation_tag: adapter deepreinforce-ai/Ornith-1.0-35B"],
        {},
    ),
    35: (["base_model_tag: finetune openai-community/gpt2!", "base_model_card: unspecified gpt2"], {}),
    37: (
        ["base_model_tag: finetune FacebookAI/xlm-roberta-base!", "base_model_card: unspecified xlm-roberta-base"],
        {},
    ),
    39: (["base_model_tag: quantized *!", "base_model_card: unspecified *"], {}),
    41: (
        [
            "base_model_tag: finetune Qwen/Qwen3-0.6B!",
            "base_model_card: unspecified Qwen/Qwen3-8B",
            "base_model_card: unspecified Wan-AI/Wan2.1-T2V-1.3B",
            "base_model_card: finetune Qwen/Qwen3-0.6B",
            "base_model_card: unspecified Qwen/Qwen3-TTS-Tokenizer-12Hz",
        ],
        {},
    ),
    43: (
        [
            "base_model_tag: finetune *!",
            "base_model_card: finetune *",
            "base_model_card: unspecified inclusionAI/Ling-3.0-flash",
        ],
        {},
    ),
    45: ([], {}),
    47: ([], {}),
    49: ([], {}),
    51: ([], {}),
    53: ([], {"placeholder": 1}),
    55: ([], {"placeholder": 1}),
    57: (["dataset_tag: trained_on ms_marco"], {}),
    59: ([], {"url": 6}),
    61: ([], {"invalid": 1}),
    63: ([], {"not_text": 1}),
    65: ([], {"self": 1}),
    67: ([], {"prose": 1}),
    69: (["source_datasets_card: extended_from wikipedia"], {}),
    71: ([], {}),
    73: ([], {}),
    75: ([], {"path": 1}),
    77: ([], {}),
    79: (["base_model_card: adapter meta-llama/Llama-3.2-1B"], {}),
    81: ([], {"prose": 1}),
    83: ([], {}),
    85: ([], {"not_text": 1}),
    87: ([], {"not_text": 1}),
    89: ([], {"prose": 1}),
    91: ([], {"invalid": 1}),
    93: ([], {"invalid": 1}),
    95: (["base_model_card: unspecified inv/p*"] * 500, {"too_many": 9500}),
}


def record_of(row: dict[str, Any]) -> tuple[dict[str, object], Kind]:
    """The raw record in which the value was seen, as far as it is told."""
    kind = Kind.DATASET if "Dataset_Info" in row["seen_in"] and "radar" not in row["seen_in"] else Kind.MODEL
    value, (place, _, name) = row["value"], row["field"].partition(".")
    record: dict[str, object] = {"id": row["entity_id"] if is_repo_id(row["entity_id"] or "") else "inv/x"}
    if row["n"] == 45:
        value = [f"tag-{number}" for number in range(value)]
    if row["n"] == 95:
        value = [f"inv/p{number}" for number in range(10_000)]
    if isinstance(value, dict) and "declared" in value:
        record |= {"tags": value["tags"], "cardData": {"base_model": value["declared"]}}
    elif place == "tags":
        record["tags"] = value if isinstance(value, list) else [value]
    elif place == "cardData":
        record["cardData"] = {name: value} if name else value
    return record, kind


@pytest.mark.hub_records
@pytest.mark.parametrize("number", NASTY)
def test_an_odd_value_has_its_outcome(number, hub_rows):
    [row] = [row for row in hub_rows("nasty") if row["n"] == number]
    mentions, useless = NASTY[number]
    read = parse(*record_of(row))
    assert isinstance(read, HubRecord)
    said = [f"{m.field}: {m.relation} {m.target}" + "!" * m.resolved for m in read.mentions]
    assert len(said) == len(mentions)
    assert all(map(fnmatchcase, said, mentions))
    assert {str(reason): count for reason, count in read.unusable.items()} == useless


@pytest.mark.hub_records
def test_every_odd_value_is_in_the_table(hub_rows):
    assert sorted(row["n"] for row in hub_rows("nasty")) == sorted(NASTY)
