"""Raw records of any shape, and what is kept of them."""

import json
import math
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.hub.mentions import MOST
from lineage.hub.names import is_repo_id
from lineage.hub.parse import MOST_TAGS, STRUCTURED, TAG, parse
from lineage.hub.records import HubRecord, Refused
from lineage.vocabulary import Field, Kind

MODEL, DATASET = Kind.MODEL, Kind.DATASET


def deep(make, levels=20_000):
    value = make()
    for _ in range(levels):
        value = [value] if make is list else {"a": value}
    return value


def taken(raw: object, kind: Kind = MODEL) -> HubRecord:
    record = parse(raw, kind)
    assert isinstance(record, HubRecord)
    return record


def refused(raw: object) -> Refused:
    record = parse(raw, MODEL)
    assert isinstance(record, Refused)
    return record


def read(kind=MODEL, **raw) -> HubRecord:
    return taken({"id": "org/name", **raw}, kind)


def test_a_whole_record_is_read():
    raw = {
        "_id": "621FFDC136468D709F17ABCD",
        "id": "org/name",
        "modelId": "org/name",
        "author": "somebody else",
        "createdAt": "2024-05-01T10:00:00.000Z",
        "lastModified": "2024-05-02T10:00:00.000Z",
        "pipeline_tag": "text-generation",
        "library_name": "peft",
        "gated": "manual",
        "disabled": True,
        "usedStorage": 12,
        "downloads": 34,
        "likes": 5,
        "tags": ["peft", "license:mit", "region:us", "base_model:a/b", "art", "loss:MSE", "dataset:c"],
        "cardData": {"license": "mit", "language": ["fr", "en"], "extra_gated_prompt": "prose"},
        "description": "prose",
        "siblings": [{"rfilename": "x"}],
        "_source": "a collector",
    }
    record = read(**raw)
    assert [(m.field, m.target) for m in record.mentions] == [(Field.BASE_MODEL_TAG, "a/b"), (Field.DATASET_TAG, "c")]
    assert record == HubRecord(
        kind=MODEL,
        repo_id="org/name",
        hub_id="621ffdc136468d709f17abcd",
        author="org",
        created_at=datetime(2024, 5, 1, 10, tzinfo=UTC),
        modified_at=datetime(2024, 5, 2, 10, tzinfo=UTC),
        license="mit",
        task="text-generation",
        library="peft",
        languages=("en", "fr"),
        tags=("art", "loss:MSE", "peft"),
        gated="manual",
        disabled=True,
        size=12,
        downloads=34,
        likes=5,
        mentions=record.mentions,
    )


@pytest.mark.parametrize(
    ("raw", "reason", "field"),
    [
        (None, "not_a_record", ""),
        ([], "not_a_record", ""),
        ("org/name", "not_a_record", ""),
        (7, "not_a_record", ""),
        (math.nan, "not_a_record", ""),
        ({}, "no_id", "id"),
        ({"id": None}, "no_id", "id"),
        ({"_id": "621ffdc136468d709f17abcd"}, "no_id", "id"),
        ({"id": ""}, "bad_id", "id"),
        ({"id": 7}, "bad_id", "id"),
        ({"id": ["org/name"]}, "bad_id", "id"),
        ({"id": "a/b/c"}, "bad_id", "id"),
        ({"id": "../name"}, "bad_id", "id"),
        ({"id": "org/na\x00me"}, "bad_id", "id"),
        ({"id": "org/na\ud800me"}, "bad_id", "id"),
        ({"id": "org/" + "n" * 97}, "bad_id", "id"),
        ({"id": "org/name\n"}, "bad_id", "id"),
        ({"modelId": "a b"}, "bad_id", "modelId"),
        ({"id": "org/name", "tags": {"base_model": "a/b"}}, "bad_tags", "tags"),
        ({"id": "org/name", "tags": 7}, "bad_tags", "tags"),
        ({"id": "org/name", "tags": "base_model:a/b"}, "bad_tags", "tags"),
        ({"id": "org/name", "private": True}, "private", "private"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(raw, reason, field):
    assert (refused(raw).reason, refused(raw).field) == (reason, field)


@pytest.mark.parametrize(
    ("raw", "length"),
    [("abc", 3), ({"id": "a b c"}, 5), ([1, 2], 6), ({"id": "org/name", "tags": "xyz"}, 3)],
)
def test_of_a_refused_record_only_a_length_is_kept(raw, length):
    assert refused(raw).length == length


def test_a_record_that_is_no_json_is_refused_without_a_length():
    circle: list[object] = []
    circle.append(circle)
    assert [refused(raw).length for raw in (circle, object(), {1j: 2}, deep(list))] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("raw", "fact", "value"),
    [
        ({"id": None, "modelId": "a/b"}, "repo_id", "a/b"),
        # the Hub's own key
        ({"_id": "621ffdc136468d709f17abc"}, "hub_id", ""),
        ({"_id": "g21ffdc136468d709f17abcd"}, "hub_id", ""),
        ({"_id": "٦21ffdc136468d709f17abcd"}, "hub_id", ""),
        ({"_id": {"$oid": "621ffdc136468d709f17abcd"}}, "hub_id", ""),
        # the author
        ({"author": "other"}, "author", "org"),
        ({"id": "squad", "author": "org-1"}, "author", "org-1"),
        ({"id": "squad", "author": "A. Person <a@b.c>"}, "author", ""),
        ({"id": "squad", "author": "a/b"}, "author", ""),
        ({"id": "squad", "author": ["org"]}, "author", ""),
        ({"id": "squad"}, "author", ""),
        # dates
        ({"createdAt": "2024-05-01"}, "created_at", datetime(2024, 5, 1, tzinfo=UTC)),
        ({"createdAt": "2024-05-01T02:00:00+02:00"}, "created_at", datetime(2024, 5, 1, tzinfo=UTC)),
        ({"createdAt": datetime(2024, 5, 1)}, "created_at", datetime(2024, 5, 1, tzinfo=UTC)),  # noqa: DTZ001
        (
            {"createdAt": datetime(2024, 5, 1, 2, tzinfo=timezone(timedelta(hours=2)))},
            "created_at",
            datetime(2024, 5, 1, tzinfo=UTC),
        ),
        ({"createdAt": "yesterday"}, "created_at", None),
        ({"createdAt": "9999-12-31T23:59:59-23:00"}, "created_at", None),
        ({"createdAt": "0001-01-01T00:00:00+23:00"}, "created_at", None),
        ({"createdAt": "2999-01-01"}, "created_at", None),
        ({"createdAt": "1970-01-01T00:00:00Z"}, "created_at", None),
        ({"createdAt": 1714557600}, "created_at", None),
        ({"createdAt": "2" * 10_000_000}, "created_at", None),
        # licence
        ({"cardData": {"license": ["mit", "gpl-3.0", "mit"]}}, "license", "mit, gpl-3.0"),
        ({"cardData": {"license": ["x" * 100, "y" * 100]}}, "license", "x" * 100),
        ({"cardData": {"license": "x" * 500}}, "license", "x" * 128),
        ({"cardData": {"license": ["\u200b"]}, "tags": ["license:mit", "license:gpl"]}, "license", "mit, gpl"),
        ({"cardData": {"license": {"a": 1}}, "tags": ["license:mit"]}, "license", "mit"),
        ({"cardData": {"license": []}}, "license", ""),
        # task, library
        ({"pipeline_tag": ["a"]}, "task", "a"),
        ({"pipeline_tag": 7, "cardData": {"pipeline_tag": "b"}}, "task", "b"),
        ({"tags": ["task_categories:c"]}, "task", ""),
        ({"library_name": "x" * 100}, "library", "x" * 64),
        ({"library_name": None, "tags": ["library:l"]}, "library", "l"),
        ({"library_name": "a\x00\u202eb\ud800c"}, "library", "abc"),
        # languages
        ({"cardData": {"language": "fr"}, "tags": ["language:en"]}, "languages", ("en", "fr")),
        ({"cardData": {"language": False}}, "languages", ("no",)),
        ({"cardData": {"language": ["sv", False, None, 7, {}]}}, "languages", ("no", "sv")),
        ({"cardData": {"language": ["x" * 33, "  ", "pt "]}}, "languages", ("pt",)),
        # free tags
        ({"tags": ["b", "a", "b", None, 7, ["c"], " a "]}, "tags", ("a", "b")),
        ({"tags": '["b", "a"]'}, "tags", ("a", "b")),
        ({"tags": None}, "tags", ()),
        ({"tags": ["x" * 201, "\u200b", "AhıskaTürkleri", "a\x00b"]}, "tags", ("AhıskaTürkleri", "ab")),
        ({"tags": [prefix + "x" for prefix in STRUCTURED]}, "tags", ()),
        ({"tags": ["\u200bbase_model:a/b", " license:mit"]}, "tags", ()),
        ({"tags": [f"{n:05}" for n in range(2074, 0, -1)]}, "tags", tuple(f"{n:05}" for n in range(1, MOST_TAGS + 1))),
        # switches
        ({"gated": False}, "gated", ""),
        ({"gated": True}, "gated", "auto"),
        ({"gated": "auto"}, "gated", "auto"),
        ({"gated": "whatever"}, "gated", ""),
        ({"disabled": "yes"}, "disabled", False),
        ({"private": False}, "disabled", False),
        # numbers
        ({"usedStorage": None, "mainSize": 7}, "size", 7),
        ({"usedStorage": 0, "mainSize": 7}, "size", 0),
        ({"usedStorage": 2**63}, "size", None),
        ({"downloads": -1}, "downloads", None),
        ({"downloads": 12.0}, "downloads", 12),
        ({"downloads": 12.5}, "downloads", None),
        ({"downloads": math.nan}, "downloads", None),
        ({"downloads": math.inf}, "downloads", None),
        ({"downloads": True}, "downloads", None),
        ({"downloads": "12"}, "downloads", None),
        ({"downloads": 10**4000}, "downloads", None),
        ({"likes": 2**31 - 1}, "likes", 2**31 - 1),
        ({"likes": 2**31}, "likes", None),
        # cards of other shapes
        ({"cardData": '{"license": "mit"}'}, "license", "mit"),
        ({"cardData": "{not json", "tags": ["license:mit"]}, "license", "mit"),
        ({"cardData": "[" * 100_000}, "license", ""),
        ({"cardData": [{"license": "mit"}]}, "license", ""),
        ({"cardData": "reference://x {{ 7*7 }}"}, "license", ""),
        ({"cardData": {"eval_results": "a string", "size_categories": {"a": []}, "license": "mit"}}, "license", "mit"),
    ],
)
def test_a_fact_is_cleaned_and_bounded(raw, fact, value):
    assert getattr(read(**raw), fact) == value


@pytest.mark.parametrize(
    ("raw", "task"),
    [
        ({"cardData": {"task_categories": ["a", "b"]}, "tags": ["task_categories:c"]}, "a"),
        ({"tags": ["task_categories:c", "task_categories:d"]}, "c"),
        ({"pipeline_tag": "x"}, ""),
    ],
)
def test_a_datasets_task_is_its_first_category(raw, task):
    assert read(DATASET, **raw).task == task


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["a/b", "org/name", "squad", "/x/y", "None", "extended|a|b", "base_model:a/b", "\ud800", "\x00", ""]
)
TAGS = st.builds("{}{}".format, st.sampled_from([*STRUCTURED, "base_model:merge:", ""]), NAMES)
CARDS = st.dictionaries(
    st.sampled_from(["base_model", "base_model_relation", "base_model:merge", "datasets", "source_datasets", "license",
                     "language", "tags", "task_categories", "pipeline_tag", "library_name"]),
    JSON_VALUES | NAMES | st.lists(NAMES | JSON_VALUES, max_size=5),
)  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["org/name", "squad"]) | JSON_VALUES,
        "modelId": JSON_VALUES,
        "_id": JSON_VALUES,
        "author": JSON_VALUES,
        "createdAt": JSON_VALUES | st.datetimes().map(str) | st.datetimes(timezones=st.just(UTC)),
        "lastModified": JSON_VALUES | st.datetimes(),
        "tags": st.lists(TAGS | JSON_VALUES, max_size=8) | JSON_VALUES,
        "cardData": CARDS | CARDS.map(json.dumps) | JSON_VALUES,
        "downloads": JSON_VALUES,
        "likes": JSON_VALUES,
        "usedStorage": JSON_VALUES,
        "gated": JSON_VALUES,
        "private": JSON_VALUES,
    },
)


@given(RECORDS | JSON_VALUES, st.sampled_from(Kind))
@settings(max_examples=200, deadline=None)
def test_no_input_makes_the_parser_raise_and_all_output_is_bounded(raw, kind):
    record = parse(raw, kind)
    if isinstance(record, Refused):
        assert record.reason.isidentifier()
        return
    assert is_repo_id(record.repo_id)
    assert len(record.mentions) <= MOST
    assert all(is_repo_id(mention.target) for mention in record.mentions)
    assert all(mention.target != record.repo_id or mention.target_kind != kind for mention in record.mentions)
    keys = [(m.field, m.target_kind, m.target, m.relation) for m in record.mentions]
    assert len(keys) == len(set(keys))
    texts = (record.license, record.task, record.library, *record.languages, *record.tags)
    for text in texts:
        assert len(text) <= TAG
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
    assert parse(raw, kind) == record


@pytest.mark.parametrize("kind", Kind)
def test_a_deep_nest_is_no_text(kind):
    card = {name: deep(list) for name in ("base_model", "datasets", "source_datasets", "language", "license", "tags")}
    assert read(kind, cardData=card, tags=[deep(dict)], author=deep(dict)).mentions == ()
    assert read(kind, cardData=deep(dict)).mentions == ()


@pytest.mark.parametrize(
    "raw",
    [
        {"tags": ["base_model:" + "x" * 10_000_000]},
        {"tags": [f"base_model:org/name-{number:06}" for number in range(200_000)]},
        {"tags": [f"tag number {number:06}" for number in range(500_000)]},
        {"tags": ["\u200b" * 200] * 50_000},
        {"cardData": {"base_model": "models--" * 1_000_000}},
        {"cardData": {"base_model": [["x"]] * 500_000, "license": ["x" * 100] * 100_000}},
        {"cardData": json.dumps({"base_model": ["/" * 100] * 100_000})},
    ],
    ids=range(7),
)
def test_ten_megabytes_take_bounded_time(raw, seconds):
    with seconds(8):
        record = read(**raw)
    assert len(record.mentions) <= MOST
    assert len(record.tags) <= MOST_TAGS
