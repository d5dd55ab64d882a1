"""Backup, effects, restore, replay: what was decided since holds again, and no byte of the erased is left."""

import pytest

from tests.rights.installation import left, lived
from tests.rights.restoring import GONE


def hits(*bodies):
    return [word for word in GONE for body in bodies if word.encode() in body.lower()]


@pytest.mark.django_db
def test_a_restored_backup_learns_what_was_done_after_it(tmp_path, surroundings):
    _planted, said = lived("tests.rights.restoring", tmp_path, surroundings)

    assert not hits(said)
    assert not hits(*left(surroundings))
