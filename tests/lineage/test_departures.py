"""What left the Hub: purged after 30 days where it is a person's, guarded, and linked again when it comes back."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from lineage import amendments, departures, harvest
from lineage.models import Alarm, Artifact, Author, Bridge, Departed, HarvestLane, HarvestRun, Mention
from lineage.tasks import purge_departed
from lineage.tracing import trace_from
from lineage.vocabulary import AccountKind, Kind, Presence, RunState
from tests.factories import AT as NOW
from tests.factories import make_artifact, make_author, make_derivation, make_run
from tests.harvesting import Clock, harvest_hub, models, record
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = NOW - 60 * DAY
LATER = AT + 31 * DAY


@pytest.fixture(autouse=True)
def site(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0


def listing(rows=100, *, at=LATER, state=RunState.COMPLETE, kind=Kind.MODEL):
    run = make_run(state=state, started_at=at, ended_at=at, created_at=at, options={"limit": None})
    HarvestLane.objects.create(run=run, kind=kind, rows=rows, done=True, read_whole=state == RunState.COMPLETE)
    return run


def gone(name, kind=AccountKind.PERSON, *, since=AT, **fields):
    owner = name.partition("/")[0]
    author = Author.objects.filter(name=owner).first() or make_author(owner, kind=kind)
    return make_artifact(name, author=author, presence=Presence.GONE, gone_since=since, **fields)


def left():
    return set(Artifact.objects.values_list("repo_id", flat=True))


def test_persons_leave_and_organisations_stay_as_gone():
    listing(at=AT)
    listing()
    gone("ada/m")
    gone("nobody-knows/m", AccountKind.UNKNOWN)
    gone("org/m", AccountKind.ORGANISATION)
    gone("gpt-old", AccountKind.ORGANISATION)
    assert departures.purge(at=LATER).artifacts == 2
    assert left() == {"org/m", "gpt-old"}


@pytest.mark.parametrize(
    ("since", "fields"),
    [
        (LATER - 30 * DAY + timedelta(seconds=1), {}),
        (AT, {"withheld_at": AT}),
    ],
    ids=["not for thirty days", "withheld: its restriction keeps it"],
)
def test_what_stays(since, fields):
    listing(at=LATER - DAY)
    listing()
    gone("ada/m", since=since, **fields)
    assert departures.purge(at=LATER).artifacts == 0
    assert left() == {"ada/m"}


def test_two_listings_cut_short_alike_purge_nothing():
    listing(at=LATER - 2 * DAY)
    gone("ada/m")
    for day in (1, 0):
        listing(rows=94, at=LATER - day * DAY)
    assert departures.purge(at=LATER).artifacts == 0


def test_an_old_name_of_what_is_still_there_stays():
    listing(at=AT)
    listing()
    gone("ada/old", superseded_by=make_artifact("ada/new"))
    assert departures.purge(at=LATER).artifacts == 0


@pytest.mark.parametrize(
    ("rows", "state"),
    [(0, RunState.PARTIAL), (10, RunState.COMPLETE), (50, RunState.COMPLETE), (94, RunState.COMPLETE)],
)
def test_after_a_listing_that_is_too_short_nothing_is_purged(rows, state):
    listing(at=AT)
    listing(rows, state=state)
    gone("ada/m")
    assert departures.purge(at=LATER) == departures.Purged(0, {})
    assert left() == {"ada/m"}
    assert not Alarm.objects.exists()


def test_after_one_absence_alone_nothing_is_purged():
    listing(at=AT - DAY)
    listing(at=AT)
    gone("ada/m", since=AT)
    assert departures.purge(at=LATER).artifacts == 0


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.PAUSED, RunState.QUEUED])
def test_while_a_harvest_is_under_way_nothing_is_purged(state):
    listing(at=AT)
    listing()
    make_run(state=state, created_at=LATER, ended_at=None)
    gone("ada/m")
    assert departures.purge(at=LATER).artifacts == 0


def test_too_many_at_once_wait_for_a_person(settings):
    listing(at=AT)
    listing()
    for number in range(departures.ALWAYS_FEW + 1):
        gone(f"ada/m{number}")
    outcome = departures.purge(at=LATER)
    assert outcome == departures.Purged(0, {"model": [21, 21]})
    alarm = Alarm.objects.standing().get()
    assert (alarm.kind, alarm.details) == ("purge_held", {"leaving": {"model": [21, 21]}})
    with pytest.raises(CommandError, match="Too many at once"):
        call_command("harvest", "purge")
    assert len(left()) == 21
    call_command("harvest", "purge", "--despite-guard")
    assert left() == set()
    assert not Alarm.objects.standing().exists()


def test_what_was_made_from_it_stays_joined_to_its_sources():
    listing(at=AT)
    listing()
    base, middle, end = make_artifact("org/base"), gone("ada/middle"), make_artifact("org/end")
    make_derivation(base, middle)
    make_derivation(middle, end)
    departures.purge(at=LATER)
    assert trace_from(base).keys.tolist() == [end.pk]
    assert Bridge.objects.get().derived == end


def base_and_children(*more):
    return [
        record("org/base", 901),
        *more,
        record("org/child", 903, tags=["base_model:ada/middle", "base_model:finetune:ada/middle"]),
    ]


MIDDLE = record("ada/middle", 902, tags=["base_model:org/base", "base_model:finetune:org/base"])


def test_what_comes_back_is_linked_again_and_its_name_was_not_kept_meanwhile(settings):
    """Through whole harvests: listed, gone, purged, listed again; after two runs everything is as it was."""
    clock = Clock()
    with serving(HubStandIn([*base_and_children(MIDDLE), *models(30, "org3")])) as hub:

        def day(shelf):
            hub.shelves[Kind.MODEL] = [*shelf, *models(30, "org3")]
            clock.at += DAY
            run = harvest_hub(hub, settings, clock=clock, aliases=False, kinds=[Kind.MODEL])
            assert run.state == RunState.COMPLETE

        day(base_and_children(MIDDLE))
        for _ in range(2):
            day(base_and_children())
        clock.at += 30 * DAY
        assert departures.purge(at=clock.at).artifacts == 1
        assert not Artifact.objects.filter(repo_id__contains="ada").exists()
        assert not Mention.objects.filter(target__contains="ada").exists()
        assert "ada" not in str(list(Departed.objects.values_list("name", "owner")))

        day(base_and_children())
        assert not Artifact.objects.filter(repo_id__contains="ada").exists()
        for _ in range(2):
            day(base_and_children(MIDDLE))
    middle, child = Artifact.objects.get(repo_id="ada/middle"), Artifact.objects.get(repo_id="org/child")
    assert middle.presence == Presence.LISTED
    assert child.pk in trace_from(middle).keys.tolist()
    assert middle.pk in trace_from(Artifact.objects.get(repo_id="org/base")).keys.tolist()
    assert not Departed.objects.exists()


def test_an_erasure_forgets_what_departed_of_the_account():
    child = make_artifact("org/child")
    for owner in ("ada", "bob"):
        Departed.objects.create(
            name=departures.name_of("model", f"{owner}/m"),
            owner=amendments.fingerprint_of_account(owner),
            derived=child,
            latest_key=1,
        )
    amendments.contract(artifacts=[], accounts=["Ada"], at=AT)
    assert Departed.objects.get().owner == amendments.fingerprint_of_account("bob")


def test_the_task():
    purge_departed()
    assert not HarvestRun.objects.exists()
    assert harvest.stalled_runs(at=AT) == []
