"""Records recognised by their digests: what is stored of them, and when they are not recognised after all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from lineage.hub.raw import RawRecord
from lineage.hub.records import HubRecord
from lineage.models import Artifact, Counter, HarvestRun, Sighting, WeeklyCounter
from lineage.staging import Moved, Stored, recognise, store
from lineage.vocabulary import Kind, Presence
from tests.factories import AT

pytestmark = pytest.mark.django_db
HUB_ID, DIGEST = "6" * 24, b"d" * 16
LATER = AT + timedelta(days=7)


def start(at=AT):
    return HarvestRun.objects.create(source="snapshot", state="complete", created_at=at, started_at=at, ended_at=at)


def keep(record, digest=DIGEST, **how):
    with transaction.atomic():
        return store([record], at=AT, run=how.pop("run", None) or start(), digests={id(record): digest})


def keep_recognised(known, run, at=AT):
    with transaction.atomic():
        return store([], run=run, at=at, recognised=list(known.values()))


def raw(digest=DIGEST, hub_id=HUB_ID, downloads=1, likes=1):
    return RawRecord(hub_id, digest, downloads, likes)


def model(**facts):
    return replace(HubRecord(Kind.MODEL, "org/m", hub_id=HUB_ID, downloads=1, likes=1), **facts)


@pytest.fixture
def stored():
    keep(model())
    return Artifact.objects.get()


def test_a_record_that_says_the_same_is_marked_as_seen_and_nothing_else_is_written(stored):
    run = start(LATER)
    assert keep_recognised(recognise([raw()], Kind.MODEL), run, LATER) == Stored(unchanged=1)
    assert Sighting.objects.filter(run=run, artifact=stored).exists()
    assert WeeklyCounter.objects.count() == 1


def test_its_counters_are_stored_with_the_point_of_their_week(stored):
    known = recognise([raw(downloads=9, likes=None)], Kind.MODEL)
    assert keep_recognised(known, start(LATER), LATER) == Stored(unchanged=1, counters=1)
    counter = Counter.objects.get()
    assert (counter.downloads, counter.likes, bytes(counter.raw_digest)) == (9, 1, DIGEST)
    assert WeeklyCounter.objects.count() == 2


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (raw(digest=b"e" * 16), Kind.MODEL),
        (raw(hub_id="7" * 24), Kind.MODEL),
        (raw(), Kind.DATASET),
        (None, Kind.MODEL),
    ],
)
def test_another_digest_repository_or_kind_is_not_recognised(stored, says, kind):
    assert recognise([says], kind) == {}


def test_a_repository_that_stands_twice_in_a_batch_is_compared(stored):
    assert recognise([raw(), raw(downloads=2)], Kind.MODEL) == {}


STATES = [
    {"is_current": False},
    {"presence": Presence.GONE, "gone_since": AT},
    {"withheld_at": AT},
    {"digest": b""},
]
in_each_state = pytest.mark.parametrize("state", STATES, ids=lambda state: next(iter(state)))


@in_each_state
def test_an_artifact_that_does_not_stand_as_read_is_not_recognised(stored, state):
    Artifact.objects.update(**state)
    assert recognise([raw()], Kind.MODEL) == {}


@in_each_state
def test_what_changes_between_looking_and_storing_is_noticed(stored, state):
    known, run = recognise([raw()], Kind.MODEL), start(LATER)
    Artifact.objects.update(**state)
    with pytest.raises(Moved):
        keep_recognised(known, run)
    assert not Sighting.objects.filter(run=run).exists()


def test_what_the_run_has_seen_already_is_compared(stored):
    known, run = recognise([raw()], Kind.MODEL), start(LATER)
    keep_recognised(known, run)
    with pytest.raises(Moved):
        keep_recognised(known, run)


def test_a_new_version_without_digest_is_parsed_from_then_on(stored):
    keep(model(task="fill-mask"), digest=b"")
    assert recognise([raw()], Kind.MODEL) == {}


def test_the_same_version_from_another_source_is_recognised_by_its_latest_digest(stored):
    other = b"o" * 16
    assert keep(model(), digest=other).counters == 0
    assert recognise([raw()], Kind.MODEL) == {}
    assert list(recognise([raw(digest=other)], Kind.MODEL)) == [0]


def test_a_record_without_counters_has_no_digest(db):
    keep(model(downloads=None, likes=None))
    assert not Counter.objects.exists()
    assert recognise([raw()], Kind.MODEL) == {}


def test_a_newer_repository_of_the_same_batch_takes_the_name_of_a_recognised_one(stored):
    known, younger = recognise([raw()], Kind.MODEL), model(hub_id="9" * 24, created_at=AT)
    with transaction.atomic():
        store([younger], run=start(LATER), at=LATER, recognised=list(known.values()))
    assert list(Artifact.objects.order_by("hub_id").values_list("hub_id", "is_current")) == [
        (HUB_ID, False),
        ("9" * 24, True),
    ]
