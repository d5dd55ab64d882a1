"""What goes when an account leaves: found in time linear in what it owns."""

import time

import pytest

from lineage.models import Alias
from lineage.remains import Remains
from lineage.vocabulary import Kind
from tests.factories import make_alias, make_artifact

pytestmark = pytest.mark.django_db


def owned(number):
    return frozenset(("model", f"big-owner/m{one}") for one in range(number))


def test_an_account_of_many_repositories_is_found_quickly():
    """One account of the Hub owns 70,000: each name is looked at once, not once a name."""
    began = time.process_time()
    found = Remains(frozenset(), owned(20_000), frozenset()).verdicts()
    assert found.query.where.children
    assert time.process_time() - began < 2


def test_names_of_each_kind_are_looked_for_among_their_own():
    kept = make_alias("squad", make_artifact("org/kept", kind=Kind.DATASET))
    gone = make_alias("old", make_artifact("org/gone"))
    names = frozenset({("model", "old"), ("model", "squad")})
    assert list(Remains(frozenset(), names, frozenset()).aliases()) == [gone]
    assert set(Alias.objects.all()) == {kept, gone}
