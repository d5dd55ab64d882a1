"""The key file: made by rotation, readable by its owner only, replaced as a whole."""

import stat
from pathlib import Path

import pytest

from rights import keyring


@pytest.fixture
def place(settings):
    return Path(settings.SUPPRESSION_KEYS)


def test_without_a_file_there_are_no_keys():
    assert keyring.active() == ()


def test_rotation_adds_a_key_and_keeps_the_former_ones(place):
    first, second = keyring.rotate(), keyring.rotate()

    assert keyring.active() == (first, second)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in place.parent.iterdir()] == [place.name]


def test_retiring_removes_one_key():
    first, second = keyring.rotate(), keyring.rotate()

    assert keyring.retire(first.key_id)
    assert not keyring.retire(first.key_id)
    assert keyring.active() == (second,)


@pytest.mark.parametrize("body", [b"k1 broken", b"\xff\xfe", b"k1 c2hvcnQ="])
def test_a_damaged_file_is_no_empty_one(place, body):
    place.parent.mkdir()
    place.write_bytes(body)

    with pytest.raises(keyring.KeysMissing, match="SUPPRESSION_KEYS"):
        keyring.active()
    with pytest.raises(keyring.KeysMissing):
        keyring.rotate()
    assert place.read_bytes() == body
