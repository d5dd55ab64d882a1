"""Single facts out of raw values; the parser's own table has the others."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.hub.facts import clean, decoded, distinct, hub_id_of, length_of, texts_of


@pytest.mark.parametrize(
    ("text", "most", "cleaned"),
    [
        ("abc", 10, "abc"),
        (" abc ", 10, "abc"),
        ("abcdef", 3, "abc"),
        ("ab cd", 3, "ab"),
        ("a\x00b\u200bc\u202ed\ud800e\x1bf\u2066g\ufeffh\U000e0041i", 20, "abcdefghi"),
        ("été 日本", 10, "été 日本"),
        ("\x00" * 50, 10, ""),
    ],
)
def test_a_text_is_cleaned(text, most, cleaned):
    assert clean(text, most) == cleaned


@given(st.text(st.characters()), st.integers(1, 50))
@settings(deadline=None)
def test_a_cleaned_text_can_be_stored_and_stays_as_it_is(text, most):
    cleaned = clean(text, most)
    assert len(cleaned) <= most
    assert clean(cleaned, most) == cleaned
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned


@pytest.mark.parametrize(
    ("value", "texts"),
    [("a", ["a"]), (["a", False, 1, None, "b"], ["a", "no", "b"]), (False, ["no"]), (True, []), (None, []), ({}, [])],
)
def test_texts_are_read_from_a_text_or_a_list(value, texts):
    assert list(texts_of(value)) == texts


def test_distinct_texts_are_sorted_bounded_and_without_prefixes():
    texts = ["b", "a", "b", "x:1", "\u200bx:2", "long", ""]
    assert distinct(texts, longest=3, most=9, without=("x:",)) == ("a", "b")
    assert distinct(texts, longest=9, most=2) == ("a", "b")


@pytest.mark.parametrize(("value", "read"), [("{}", {}), ("{", None), ([1], [1]), (None, None), ("7", 7)])
def test_a_json_text_is_decoded(value, read):
    assert decoded(value) == read


@pytest.mark.parametrize(("value", "length"), [("abc", 3), ([], 2), ({"a": 1}, 8), (object(), 0), (float("nan"), 3)])
def test_the_length_of_a_value(value, length):
    assert length_of(value) == length


def test_a_hub_id_is_lower_case_hexadecimal():
    assert hub_id_of("ABCDEFabcdef012345678901") == "abcdefabcdef012345678901"
    assert hub_id_of("abcdef") == hub_id_of(7) == hub_id_of("x" * 24) == ""
