"""A raw record is recognised by all that is read of it but its counters, in either shape of source."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from lineage.hub.columns import ColumnRows
from lineage.hub.parse import COUNTERS, FIELDS
from lineage.hub.raw import chosen, key_of, recognisable
from lineage.vocabulary import Kind

KEY = key_of(Kind.MODEL, b"")
HUB_ID = "621ffdc136468d709f17abcd"
RECORD = {
    "_id": HUB_ID,
    "id": "org/m",
    "author": "org",
    "cardData": '{"license": "mit"}',
    "createdAt": datetime(2024, 5, 1, tzinfo=UTC),
    "disabled": False,
    "downloads": 7,
    "gated": "auto",
    "lastModified": datetime(2024, 5, 2, tzinfo=UTC),
    "library_name": "peft",
    "likes": 3,
    "mainSize": 12,
    "modelId": "org/m",
    "pipeline_tag": "fill-mask",
    "private": False,
    "tags": ["a", "b"],
    "usedStorage": 4.5,
}
OTHERWISE = {
    "_id": HUB_ID.replace("d", "e"),
    "createdAt": datetime(2024, 5, 3, tzinfo=UTC),
    "disabled": True,
    "lastModified": None,
    "mainSize": 13,
    "private": True,
    "tags": ["b", "a"],
    "usedStorage": None,
}
TYPES: dict[str, Any] = {
    **dict.fromkeys(FIELDS, pa.string()),
    **dict.fromkeys(("createdAt", "lastModified"), pa.timestamp("ms", "UTC")),
    **dict.fromkeys(("disabled", "private"), pa.bool_()),
    **dict.fromkeys(("downloads", "likes", "mainSize"), pa.int64()),
    "tags": pa.list_(pa.string()),
    "usedStorage": pa.float64(),
}
SCHEMA = pa.schema(TYPES)


def as_list(*records):
    return records


def as_columns(*records, schema=SCHEMA):
    return ColumnRows(pa.RecordBatch.from_pylist(list(records), schema=schema))


either = pytest.mark.parametrize("shaped", [as_list, as_columns])


def digest(rows, key=KEY):
    return raw_of(rows, key).digest


def raw_of(rows, key=KEY):
    (raw,) = recognisable(rows, key)
    assert raw is not None
    return raw


def test_the_record_of_these_tests_bears_every_field_that_is_read():
    assert RECORD.keys() == set(FIELDS)


@either
@pytest.mark.parametrize("name", sorted(set(FIELDS) - set(COUNTERS)))
def test_each_field_makes_another_digest(shaped, name):
    changed = {**RECORD, name: OTHERWISE.get(name, "other")}
    assert digest(shaped(changed)) != digest(shaped(RECORD))


@either
@pytest.mark.parametrize("name", sorted(COUNTERS))
def test_counters_make_none_and_are_told(shaped, name):
    raw = raw_of(shaped({**RECORD, name: 8}))
    assert raw.digest == digest(shaped(RECORD))
    assert (raw.hub_id, getattr(raw, name)) == (HUB_ID, 8)


@either
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"author": "ab", "library_name": "c"}, {"author": "a", "library_name": "bc"}),
        ({"author": None, "library_name": ""}, {"author": "", "library_name": None}),
        ({"author": "a,b"}, {"author": "a", "cardData": "b"}),
        ({"tags": ["a", "b"]}, {"tags": ["ab"]}),
        ({"tags": []}, {"tags": [""]}),
        ({"tags": None}, {"tags": []}),
        ({"tags": ["a", "b\0c"]}, {"tags": ["a", "b", "c"]}),
    ],
)
def test_no_text_passes_for_another(shaped, one, other):
    assert digest(shaped({**RECORD, **one})) != digest(shaped({**RECORD, **other}))


@either
def test_another_key_makes_all_digests_others(shaped):
    keys = [key_of(Kind.MODEL, b""), key_of(Kind.DATASET, b""), key_of(Kind.MODEL, b"listed")]
    assert len({digest(shaped(RECORD), key) for key in keys}) == len(keys)


def test_another_version_of_the_parser_makes_another_key(monkeypatch):
    monkeypatch.setattr("lineage.hub.raw.PARSER_VERSION", 10**6)
    assert key_of(Kind.MODEL, b"") != KEY


@either
@pytest.mark.parametrize("odd", [{"_id": None}, {"_id": "short"}])
def test_a_record_without_id_of_the_hub_is_not_recognised(shaped, odd):
    assert recognisable(shaped({**RECORD, **odd}), KEY) == [None]


@pytest.mark.parametrize("odd", ["text", None, 3, {**RECORD, "usedStorage": 2**70}, {**RECORD, "tags": ["\ud800"]}])
def test_what_cannot_be_digested_is_not_recognised(odd):
    assert recognisable([odd], KEY) == [None]


def test_a_column_of_an_unknown_make_leaves_all_to_the_parser():
    schema = SCHEMA.set(SCHEMA.get_field_index("cardData"), pa.field("cardData", pa.struct([("license", pa.string())])))
    rows = as_columns({**RECORD, "cardData": {"license": "mit"}}, schema=schema)
    assert recognisable(rows, KEY) == [None]


def test_a_list_with_a_missing_element_is_left_to_the_parser():
    assert recognisable(as_columns({**RECORD, "tags": ["a", None]}), KEY) == [None]


def test_a_column_fewer_makes_another_digest():
    without = as_columns({**RECORD, "author": None}, schema=SCHEMA.remove(SCHEMA.get_field_index("author")))
    assert digest(without) != digest(as_columns({**RECORD, "author": None}))


@pytest.mark.parametrize("offset", [0, 1, 3])
def test_the_place_of_a_row_in_its_batch_makes_no_difference(offset):
    others = [{**RECORD, "author": "x" * number, "tags": ["t"] * number} for number in range(5)]
    rows = as_columns(*others[:offset], RECORD, *others[offset:])
    assert (
        recognisable(rows, KEY)[offset]
        == recognisable(rows[offset:], KEY)[0]
        == recognisable(as_columns(RECORD), KEY)[0]
    )


@either
def test_chosen_rows_are_those_at_their_places(shaped):
    records = [{**RECORD, "author": str(number)} for number in range(4)]
    assert authors(chosen(shaped(*records), [3, 1])) == ["3", "1"]
    assert authors(chosen(shaped(*records), [0, 1, 2, 3])) == ["0", "1", "2", "3"]
    assert len(shaped(*records)[1:3]) == 2
    assert shaped(*records)[1:3][0]["author"] == "1"


def authors(records: list[Any]) -> list[str]:
    return [record["author"] for record in records]
