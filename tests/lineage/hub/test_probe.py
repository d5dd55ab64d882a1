"""How a live page differs from what is expected."""

import pytest

from lineage.hub.probe import EXPECTED, Differences, differences, lost
from lineage.vocabulary import Kind

EXAMPLES = {"text": "x", "number": 1, "yes/no": False, "list": [], "object": {}, "null": None}


def as_expected(kind: Kind) -> dict[str, object]:
    return {name: EXAMPLES[min(types)] for name, types in EXPECTED[kind].items()}


@pytest.mark.parametrize("kind", Kind)
def test_a_page_as_expected_has_none(kind):
    found = differences([as_expected(kind), {"id": "a/b", "modelId": "a/b"}], kind)
    assert found == Differences(2, (), (), ())
    assert found.none


@pytest.mark.parametrize(
    ("change", "missing", "new", "retyped"),
    [
        ({"tags": None}, (), (), ("tags: null, not list",)),
        ({"likes": "3", "downloads": 1.5}, (), (), ("likes: text, not number",)),
        ({"gated": "auto", "private": "no"}, (), (), ("private: text, not yes/no",)),
        ({"zeal": 1, "colour": 1}, (), ("colour", "zeal"), ()),
    ],
)
def test_a_difference_is_named_without_its_value(change, missing, new, retyped):
    found = differences([as_expected(Kind.MODEL) | change], Kind.MODEL)
    assert (found.missing, found.new, found.retyped) == (missing, new, retyped)
    assert not found.none


def test_a_field_that_no_record_bears_is_missing():
    record = as_expected(Kind.DATASET)
    record["labels"] = record.pop("tags")
    found = differences([record, {"id": "a/b"}], Kind.DATASET)
    assert (found.missing, found.new) == (("tags",), ("labels",))


@pytest.mark.parametrize("records", [[], [None, 7, "x"]])
def test_a_page_of_nothing_is_not_as_expected(records):
    found = differences(records, Kind.MODEL)
    assert not found.none
    assert found.missing == tuple(sorted(EXPECTED[Kind.MODEL]))


def page(**fields):
    return [{"id": f"org/m{one}", "tags": ["a"], "cardData": {}} | fields for one in range(99)]


@pytest.mark.parametrize(
    ("fields", "last", "is_first", "expected"),
    [
        ({}, {}, True, ()),
        ({"tags": "a"}, {}, True, ("tags",)),
        ({"tags": "a"}, {"tags": []}, True, ()),  # one record is enough
        ({"tags": None, "cardData": None}, {}, True, ("tags", "cardData")),
        ({"cardData": None}, {}, True, ("cardData",)),
        ({"cardData": None}, {}, False, ()),  # an account may list a page of models without a card
        ({"tags": None}, {}, False, ("tags",)),
    ],
)
def test_what_no_record_of_a_page_bears_any_more(fields, last, is_first, expected):
    assert lost([*page(**fields), {"id": "org/last", **fields} | last], is_first=is_first) == expected


def test_a_short_page_says_nothing_about_all():
    assert lost(page(tags=None), is_first=True) == ()
    assert lost([None] * 100, is_first=False) == ("tags",)
