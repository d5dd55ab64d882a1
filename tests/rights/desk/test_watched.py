"""What a trace watched for a case becomes is entered into that case, once, while it is open."""

import pytest

from lineage.models import Watch, WatchedChange
from lineage.vocabulary import Direction
from rights.admin.words import act_words
from rights.desk import watched
from rights.models import JournalEntry, RightsCase
from tests.factories import AT, make_artifact, make_run, make_user
from tests.rights.desk.cases import make_case

pytestmark = pytest.mark.django_db


def noted(purpose):
    """One change under a trace that somebody watches for this."""
    watch = Watch.objects.create(
        artifact=make_artifact(), holder=make_user(), direction=Direction.DOWNSTREAM, set_at=AT, purpose=purpose
    )
    counts = {"appeared": 2, "left": 1, "reparented": 0, "unlisted": 0}
    return WatchedChange.objects.create(watch=watch, before=make_run(), after=make_run(), noted_at=AT, **counts)


def test_each_change_is_entered_once_into_its_case():
    case = make_case()
    change = noted(case.reference)
    noted("study")
    assert [watched.enter(at=AT) for _ in range(2)] == [1, 0]
    entry = JournalEntry.objects.get(act=watched.CHANGED)
    assert (entry.reference, entry.details["change"], entry.details["appeared"]) == (case.reference, change.pk, 2)
    assert act_words(entry) == "a watched trace changed"
    noted(case.reference)
    assert watched.enter(at=AT) == 1


def test_a_case_that_is_closed_is_left_alone():
    case = make_case()
    noted(case.reference)
    RightsCase.objects.update(closed_at=AT)
    assert watched.enter(at=AT) == 0
