"""Fingerprints: one for all spellings of a name, none without the key."""

import pytest

from rights.fingerprints import SECRET_BYTES, BadKeys, Key, folded, read_keys, written

KEY = Key("k1", bytes(range(SECRET_BYTES)))
OTHER = Key("k2", bytes(SECRET_BYTES))


@pytest.mark.parametrize(
    "spelling", ["Made-Up.Person", "made-up.person", "MADE-UP.PERSON", "ｍade-up.person", " made-up.person "]
)
def test_spellings_of_one_account_share_a_fingerprint(spelling):
    assert KEY.of_account(spelling) == KEY.of_account("made-up.person")


@pytest.mark.parametrize("other", ["made-up_person", "made-up.person2", "made-upperson", "", "made-up.person/x"])
def test_other_accounts_do_not(other):
    assert KEY.of_account(other) != KEY.of_account("made-up.person")


@pytest.mark.parametrize("name", ["İ", "ẞ", "ﬁ", "Å", "ǰ̣", "\ud800"])
def test_folding_twice_is_folding_once(name):
    assert folded(folded(name)) == folded(name)


def test_what_is_fingerprinted_is_part_of_it():
    marks = {KEY.of_account("a"), KEY.of_repository("a"), KEY.of_name("model", "a"), KEY.of_name("dataset", "a")}
    assert len(marks) == 4


def test_another_key_gives_another_fingerprint():
    assert KEY.of_account("a") != OTHER.of_account("a")
    assert len(KEY.of_account("a")) == 64


def test_a_key_file_is_read_as_it_was_written():
    assert read_keys(written([KEY, OTHER])) == (KEY, OTHER)
    assert read_keys("\n\n" + written([KEY]) + "\n") == (KEY,)
    assert read_keys("") == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("k1", "1"),
        ("k1 not-base64!", "1"),
        ("k1 c2hvcnQ=", "1"),
        (written([KEY]) + "cut off", "2"),
        (written([KEY, KEY]), "2"),
    ],
)
def test_a_damaged_key_file_is_refused_without_showing_it(text, line):
    with pytest.raises(BadKeys) as refused:
        read_keys(text)
    assert str(refused.value) == line
