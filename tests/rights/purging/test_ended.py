"""After the purge no byte of what was harvested is left, and a backup that is restored is purged again."""

import pytest

from tests.rights.installation import left, lived
from tests.rights.purging.ended import NAMES


def hits(*bodies):
    return {word for word in NAMES for body in bodies if word.encode() in body.lower()}


@pytest.mark.django_db
def test_no_byte_is_left_of_the_project(tmp_path, surroundings):
    planted, said = lived("tests.rights.purging.ended", tmp_path, surroundings)

    assert hits(*planted) == set(NAMES)
    assert not hits(said)
    assert not hits(*left(surroundings))
