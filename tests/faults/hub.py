"""A made-up Hub of any size, the same for the same seed: families of models, and datasets that some were trained on."""

import math
import random
from collections import Counter
from typing import Any

from tests.harvesting import record
from tests.hub_standin import HubStandIn, Record

PAGES = 100  # about so many pages, however large the Hub is
COMMON: dict[str, Any] = {
    "author": None,
    "cardData": {},
    "createdAt": "2026-01-02T03:04:05.000Z",
    "lastModified": "2026-02-03T04:05:06.000Z",
    "disabled": False,
    "gated": False,
    "private": False,
}
MODEL: dict[str, Any] = {"library_name": "transformers", "pipeline_tag": "text-generation"}


def made_up_hub(size, seed=8):
    """`size` repositories, one in ten a dataset; every other model names an older one as its base."""
    dice = random.Random(seed)
    datasets = [record(f"org{n % 97}/set{n}", 10_000_000 + n, **COMMON) for n in range(size // 10)]
    models: list[Record] = []
    for n in range(size - len(datasets)):
        models.append(_model(n, models, datasets, dice))
    return HubStandIn(models, datasets, page_size=max(10, size // PAGES))


def _model(n, older, datasets, dice):
    tags = ["pytorch", f"license:{dice.choice(['mit', 'apache-2.0'])}"]
    if older and dice.random() < 0.5:
        base = dice.choice(older[-2000:])["id"]
        tags += [f"base_model:{base}", f"base_model:{dice.choice(['finetune', 'adapter', 'quantized'])}:{base}"]
    if datasets and dice.random() < 0.3:
        tags.append(f"dataset:{dice.choice(datasets)['id']}")
    said = COMMON | MODEL | {"tags": tags, "downloads": dice.randrange(10**6)}
    return record(f"org{dice.randrange(1 + n // 20)}/model{n}", 1 + n, **said)


def spoilt(standin, each):
    """Put `each` records of each of twenty classes among the others, evenly.

    Returns how many, and the ids that are kept.
    """
    bad = [*(one for one, _reason in REFUSED for _ in range(each)), *_odd(each)]
    shelf = standin.shelves["model"]
    for n, one in enumerate(bad):
        shelf.insert(n * len(shelf) // len(bad), one)
    return len(bad), [one["id"] for one in _odd(each)]


def reasons(each):
    """How many of each reason stand in quarantine afterwards."""
    return Counter(reason for _one, reason in (*REFUSED, *ODD) for _ in range(each))


def _odd(each):
    return [
        record(f"odd{n}/model{m}", 30_000_000 + n * each + m, **COMMON | MODEL | fields)
        for n, (fields, _reason) in enumerate(ODD)
        for m in range(each)
    ]


REFUSED: tuple[tuple[Any, str], ...] = (  # no record is stored
    (None, "not_a_record"),
    (math.nan, "not_a_record"),
    ("a text", "not_a_record"),
    (["a", "list"], "not_a_record"),
    ({"tags": []}, "no_id"),
    ({"id": None}, "no_id"),
    ({"id": 7}, "bad_id"),
    ({"id": "a/b/c"}, "bad_id"),
    ({"id": "nul/\x00"}, "bad_id"),
    ({"id": "lone/\ud800"}, "bad_id"),
    ({"id": "x" * 300}, "bad_id"),
    ({"id": "odd/tags", "tags": "a text"}, "bad_tags"),
    ({"id": "not/public", "tags": [], "private": True}, "private"),
)
ODD: tuple[tuple[dict[str, Any], str], ...] = (  # stored without the odd value
    ({"downloads": math.nan}, "not_a_number"),
    ({"downloads": -1}, "not_a_number"),
    ({"createdAt": "2099-01-01T00:00:00.000Z"}, "future_date"),
    ({"lastModified": "yesterday"}, "not_a_date"),
    ({"tags": ["nul \x00", "lone \ud800"]}, "broken_text"),
    ({"tags": [f"{n:0100}" for n in range(100_000)]}, "too_long"),  # ten megabytes
    ({"author": "o\x00rg"}, "broken_text"),
)
assert len(REFUSED) + len(ODD) == 20
