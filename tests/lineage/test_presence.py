"""What a complete harvest did not see."""

from datetime import timedelta

import pytest

from lineage.models import Artifact, Sighting
from lineage.presence import mark_absent
from lineage.vocabulary import Kind
from tests.factories import make_run
from tests.lineage.staging.pictures import AT, drawn, play, record, start_run, store_pages

pytestmark = pytest.mark.django_db
BOTH = (Kind.MODEL, Kind.DATASET)


@pytest.mark.parametrize(
    ("before", "seen", "kinds", "marked", "after"),
    [
        pytest.param("1:a 2:b", "1:a", BOTH, 1, "1:a 2:b!", id="absent"),
        pytest.param("1:a 2:b", "1:a 2:b", BOTH, 0, "1:a 2:b", id="all seen"),
        pytest.param("1:a d2:b", "1:a", [Kind.MODEL], 0, "1:a d2:b", id="another kind was not read"),
        pytest.param("1:a d2:b", "1:a", BOTH, 0, "1:a d2:b", id="nothing seen is no answer"),
        pytest.param("1:a", "", BOTH, 0, "1:a", id="an empty listing"),
        pytest.param("~a 1:b", "1:b", BOTH, 0, "1:b ~a", id="only mentioned"),
        pytest.param("1:a 2:b", "1:b", BOTH, 0, "(2:b) 1:b a=>1", id="renamed onto what is absent"),
        pytest.param("-:a 1:b", "1:b", BOTH, 1, "-:a! 1:b", id="absent, without _id"),
    ],
)
def test_absence(before, seen, kinds, marked, after):
    play(before)
    run = start_run(AT + timedelta(days=1))
    store_pages([[record(token) for token in seen.split()]], run=run)

    assert mark_absent(run=run, kinds=kinds) == marked
    assert drawn() == after


def test_it_is_gone_since_the_run_began_and_stays_so():
    play("1:a 2:b")
    for day in (1, 2):
        run = start_run(AT + timedelta(days=day))
        store_pages([[record("1:a")]], run=run)
        mark_absent(run=run, kinds=BOTH)

    assert Artifact.objects.get(repo_id="org/b").gone_since == AT + timedelta(days=1)


def test_what_earlier_runs_saw_of_these_kinds_is_forgotten():
    play("1:a d1:a")
    run = start_run()
    store_pages([[record("1:a")]], run=run)

    mark_absent(run=run, kinds=BOTH)

    assert set(Sighting.objects.values_list("artifact__kind", "run")) == {("model", run.pk), ("dataset", run.pk - 1)}


def test_a_run_that_never_started_says_nothing():
    with pytest.raises(ValueError, match="never started"):
        mark_absent(run=make_run(started_at=None), kinds=BOTH)
