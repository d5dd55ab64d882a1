"""JSON that was written to break its reader."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.hub.decoding import decode, decode_list

DEEP = "[" * 5_000 + "]" * 5_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ('{"a": [1, 2.5]}', {"a": [1, 2.5]}),
        ("1" * 400, int("1" * 400)),
        ('{"a": ' + "1" * 5000 + "}", {"a": None}),
        ("[1e999]", [math.inf]),
        ('"\\ud800"', "\ud800"),
        ('{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_a_text_is_decoded(text, value):
    assert decode(text) == value


@pytest.mark.parametrize("text", ["", "{", "nil", "[1,]", DEEP, '{"a":' * 5_000, "[" * 5_000])
def test_what_cannot_be_read_is_an_error_of_one_kind(text):
    with pytest.raises(ValueError, match=r".+"):
        decode(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[]", []),
        (' [1, {"a": "]"}] ', [1, {"a": "]"}]),
        (f"[{DEEP}]", [None]),
        (f' [1, {DEEP}, {{"a": "x, \\"]}}["}}] ', [1, None, {"a": 'x, "]}['}]),
        (f'[{{"a": {DEEP}}}, "b", {DEEP}, nil]', [None, "b", None, None]),
    ],
)
def test_a_list_keeps_what_can_be_read(text, values):
    assert decode_list(text) == values


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", '"[]"', "[1", "[1]]", "[1] [2]", f"[{DEEP}", f"[{DEEP}]]",
     f'{{"a": {DEEP}}}', f"[{DEEP}] [2]", DEEP[:-9]],
    ids=lambda text: f"{text[:8]}-{len(text)}",
)  # fmt: skip
def test_a_list_cut_short_is_no_list(text):
    with pytest.raises(ValueError, match=r".+"):
        decode_list(text)


JSON_VALUES = st.recursive(
    st.none() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(JSON_VALUES, max_size=4))
@settings(deadline=None)
def test_cutting_at_the_commas_gives_what_reading_gives(values):
    assert decode_list(json.dumps([*values, "last"])[:-1] + f", {DEEP}]") == [*values, "last", None]


def test_cutting_takes_time_linear_in_the_text(seconds):
    with seconds(5), pytest.raises(ValueError, match="cut short"):
        decode_list("[" + "[" * 5_000 + '"\\"' * 300_000 + "]")
