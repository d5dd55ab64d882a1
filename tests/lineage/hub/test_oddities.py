"""Records that are kept without an odd value: which value, and why."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from lineage.hub.oddities import oddity, without_future
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.vocabulary import Kind

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
WELL = {
    "id": "org/name",
    "author": "org",
    "tags": ["pytorch"],
    "cardData": {"license": "mit"},
    "createdAt": "2026-11-24T13:00:00.000Z",
    "lastModified": "2026-11-24T13:00:00.000Z",
    "downloads": 3,
    "likes": 0,
}


@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"downloads": math.nan}, "not_a_number", "downloads"),
        ({"downloads": math.inf}, "not_a_number", "downloads"),
        ({"downloads": -1}, "not_a_number", "downloads"),
        ({"downloads": "3"}, "not_a_number", "downloads"),
        ({"likes": 2**31}, "not_a_number", "likes"),
        ({"likes": True}, "not_a_number", "likes"),
        ({"createdAt": "yesterday"}, "not_a_date", "createdAt"),
        ({"createdAt": 1732406400}, "not_a_date", "createdAt"),
        ({"createdAt": "2026-11-26T00:00:00Z"}, "future_date", "createdAt"),
        ({"lastModified": "2099-01-01T00:00:00Z"}, "future_date", "lastModified"),
        ({"author": "o\x00rg"}, "broken_text", "author"),
        ({"library_name": "\ud800"}, "broken_text", "library_name"),
        ({"tags": ["pytorch", "nul\x00"]}, "broken_text", "tags"),
        ({"tags": ["pytorch", 7]}, "not_text", "tags"),
        ({"tags": [f"tag {number:096}" for number in range(5001)]}, "too_long", "tags"),
    ],
)
def test_an_odd_value_is_named_and_its_record_is_taken(changed, reason, field):
    raw = WELL | changed
    found = oddity(raw, at=AT)
    assert found
    assert (found.reason, found.field) == (reason, field)
    assert isinstance(parse(raw, Kind.MODEL), HubRecord)


@pytest.mark.parametrize(
    "raw",
    [
        WELL,
        {"id": "org/name"},
        WELL | {"cardData": None, "createdAt": None, "downloads": None},
        WELL | {"cardData": '{"license": "mit"}', "tags": '["pytorch"]'},
        WELL | {"cardData": ["a", "list"]},
        WELL | {"createdAt": AT + timedelta(hours=23)},
        None,
        "a text",
    ],
    ids=range(8),
)
def test_what_is_absent_or_as_usual_is_not_odd(raw):
    assert oddity(raw, at=AT) is None


def test_a_date_that_has_not_come_is_not_kept():
    record = parse(WELL | {"createdAt": "2098-01-01T00:00:00Z"}, Kind.MODEL)
    assert isinstance(record, HubRecord)
    kept = without_future(record, at=AT)
    assert (kept.created_at, kept.modified_at) == (None, record.modified_at)
    assert without_future(kept, at=AT) is kept


@pytest.mark.hub_records
def test_no_real_record_is_odd(hub_rows):
    """Above one in a hundred a harvest would stop."""
    rows = [row for name in ("models", "datasets") for row in hub_rows(name)]
    assert [found for row in rows if (found := oddity(row, at=AT))] == []
