"""The rows of a made-up hub: names, cards and tags of what `benchmarks.hub` decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.texts import Numbers, Texts, chosen, drawn, joined, json_lists, lists, texts

if TYPE_CHECKING:
    from benchmarks.hub import Hub

CHUNK = 100_000  # rows made at a time: a row group
RELATIONS = pa.array(["adapter", "finetune", "quantized", "merge"])
WORDS = pa.array(["Atlas", "boreal", "Cedar", "delta", "ember", "Fjord", "garnet", "Harbor", "iris", "kelp", "Lumen"])
LICENSES = ("apache-2.0", "mit", "cc-by-4.0", "openrail", "llama3", "gemma", "cc-by-nc-4.0", "other")
TASKS = ("text-generation", "text-classification", "fill-mask", "image-classification", "text-to-image")
LIBRARIES = ("transformers", "peft", "diffusers", "sentence-transformers", "gguf", "timm")
LANGUAGES = ("en", "fr", "de", "zh", "ja", "ar", "es")
PLACEHOLDERS = ("imagefolder", "generator", "updated", "original", "audiofolder", "custom", "json", "None", "unknown")
ODD_CARDS = (
    '{"license": ["mit", null], "language": false}',
    '{"license": {"name": "mine"}, "base_model": null}',
    '{"license": "mit", "base_model": "C:\\\\Models\\\\base"}',
    '{"base_model": ["", "TODO: say which"], "datasets": {"name": "x"}}',
    '{"license": 7, "tags": "one, two"}',
    '"a text"',
    "[]",
)
ODD, RENAMED, TRAINED, SHORT, PLACEHOLDER, EXTENDED = 0.03, 0.005, 0.2, 0.258, 0.045, 0.15
FIRST_DAY, LAST_DAY = 1_640_995_200, 1_780_000_000  # January 2022 to May 2026: a date to come is odd


def of_models(hub: Hub, dice: np.random.Generator) -> Iterator[pa.Table]:
    """The models' table, a chunk at a time."""
    for start in range(0, hub.models, CHUNK):
        numbers = np.arange(start, min(start + CHUNK, hub.models))
        named = slice(*np.searchsorted(hub.children, (start, start + len(numbers))))
        yield _models(hub, numbers, hub.children[named] - start, hub.parents[named], dice)


def of_datasets(hub: Hub, dice: np.random.Generator) -> Iterator[pa.Table]:
    """The datasets' table, a chunk at a time."""
    for start in range(0, hub.datasets, CHUNK):
        numbers = np.arange(start, min(start + CHUNK, hub.datasets))
        every = np.arange(len(numbers))
        extended = np.flatnonzero(dice.random(len(numbers)) < EXTENDED)
        sources = joined("extended|", _mentioned_datasets(hub, len(extended), dice))
        license_ = drawn(dice, LICENSES, len(numbers))
        task = drawn(dice, TASKS, len(numbers))
        sources_said = json_lists(lists(len(numbers), (extended, sources)))
        card = joined('{"license": ["', license_, '"], "source_datasets": ', sources_said, "}")
        tags = lists(
            len(numbers),
            (every, joined("license:", license_)),
            (every, joined("task_categories:", task)),
            (extended, joined("source_datasets:", sources)),
        )
        yield _table("7", dataset_names(hub, numbers), numbers, card, tags, dice)


def a_day_later(table: pa.Table, dice: np.random.Generator, contents: float, counters: float) -> pa.Table:
    """The rows, a share of them with another date (and task, where there is one), a share with other downloads."""
    touched, counted = (pa.array(dice.random(table.num_rows) < share) for share in (contents, counters))
    dated = pc.add(table["lastModified"], pa.scalar(86_400_000, pa.duration("ms")))
    changed = {
        "lastModified": pc.if_else(touched, dated, table["lastModified"]),
        "downloads": pc.if_else(counted, pc.add(table["downloads"], 1), table["downloads"]),
    }
    if "pipeline_tag" in table.column_names:
        changed["pipeline_tag"] = pc.if_else(touched, "feature-extraction", table["pipeline_tag"])
    for name, column in changed.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def model_names(hub: Hub, numbers: Numbers) -> Texts:
    """The ids of these models."""
    word = WORDS.take(pa.array(numbers % len(WORDS), pa.int64()))
    return joined("studio", texts(hub.owners[numbers]), "/", word, "-", texts(numbers))


def dataset_names(hub: Hub, numbers: Numbers) -> Texts:
    """The ids of these datasets."""
    return joined("studio", texts(numbers * 7 % hub.authors), "/set-", texts(numbers))


def _models(hub: Hub, numbers: Numbers, child: Numbers, parent: Numbers, dice: np.random.Generator) -> pa.Table:
    rows, every = len(numbers), np.arange(len(numbers))
    said, resolved, is_resolved = _mentioned_models(hub, child, parent, dice)
    relation = RELATIONS.take(pa.array(np.maximum(hub.relations[numbers[child]], 0), pa.int64()))
    trained = np.sort(np.flatnonzero(dice.random(rows) < TRAINED).repeat(2)[:: dice.integers(1, 3)])
    sets = _mentioned_datasets(hub, len(trained), dice)
    license_, library = drawn(dice, LICENSES, rows), drawn(dice, LIBRARIES, rows, (60, 15, 10, 8, 5, 2))
    task, language = drawn(dice, TASKS, rows, (5, 2, 1, 1, 1)), drawn(dice, LANGUAGES, rows, (70, 5, 5, 5, 5, 5, 5))
    plain = np.flatnonzero(is_resolved)
    tags = lists(
        rows,
        (every, library),
        (every, joined("license:", license_)),
        (every, language),
        (every, task),
        (every, drawn(dice, ("region:us",), rows)),
        (every, drawn(dice, ("safetensors", "endpoints_compatible", "autotrain_compatible"), rows)),
        (child[plain], joined("base_model:", resolved.take(plain))),
        (child[plain], joined("base_model:", relation.take(plain), ":", resolved.take(plain))),
        (trained, joined("dataset:", sets)),
    )
    bases, used = json_lists(lists(rows, (child, said))), json_lists(lists(rows, (trained, sets)))
    opening = joined('{"license": "', license_, '", "language": ["', language, '"], "base_model": ')
    card = joined(opening, bases, ', "datasets": ', used, "}")
    table = _table("6", model_names(hub, numbers), numbers, card, tags, dice)
    return table.append_column("pipeline_tag", task).append_column("library_name", library)


def _mentioned_models(
    hub: Hub, child: Numbers, parent: Numbers, dice: np.random.Generator
) -> tuple[Texts, Texts, Numbers]:
    """What the card says, what the Hub made of it, and whether it made anything of it."""
    lost = texts(dice.integers(0, max(hub.models // 50, 1), len(parent)))
    names = chosen(parent < 0, joined("lost", lost, "/base-", lost), model_names(hub, np.maximum(parent, 0)))
    fate = dice.random(len(parent))
    old = chosen(fate < RENAMED, joined("old-", texts(parent)), names)
    return old, names, (parent >= 0) | (fate > 0.5)


def _mentioned_datasets(hub: Hub, count: int, dice: np.random.Generator) -> Texts:
    """Popular ones far more often; by an old id without namespace, or by a word that means none, now and then."""
    numbers = (hub.datasets * dice.random(count) ** 6).astype(np.int64)
    fate = dice.random(count)
    names = chosen(fate < SHORT, joined("set-", texts(numbers)), dataset_names(hub, numbers))
    return chosen(fate > 1 - PLACEHOLDER, drawn(dice, PLACEHOLDERS, count), names)


def _table(
    first_digit: str, names: Texts, numbers: Numbers, card: Texts, tags: object, dice: np.random.Generator
) -> pa.Table:
    rows = len(numbers)
    created = dice.integers(FIRST_DAY, LAST_DAY, rows)
    modified = created + dice.integers(0, 10**7, rows)
    odd = drawn(dice, ODD_CARDS, rows)
    downloads = (10 ** (dice.random(rows) ** 3 * 7)).astype(np.int64)
    return pa.table(
        {
            "_id": joined(first_digit, pc.utf8_lpad(texts(numbers), 23, "0")),
            "id": names,
            "author": pc.replace_substring_regex(names, "/.*", ""),
            "cardData": chosen(dice.random(rows) < ODD, odd, card),
            "createdAt": pa.array(created * 1000, pa.timestamp("ms", tz="UTC")),
            "lastModified": pa.array(modified * 1000, pa.timestamp("ms", tz="UTC")),
            "downloads": downloads,
            "likes": (downloads // 1000).astype(np.int64),
            "tags": tags,
        }
    )
