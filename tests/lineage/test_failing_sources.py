"""Harvests of a Hub that fails, lists badly or changes while it is read: what each fault comes to."""

import math

import pytest

from lineage.models import Artifact, Derivation, Quarantine
from lineage.vocabulary import Kind, RunState
from tests.harvesting import Clock, gone, harvest_hub, listed, models, names
from tests.hub_faults import (
    AN_OBJECT,
    BROKEN_OFF,
    EMPTY,
    EXPIRED,
    HTML,
    TRUNCATED,
    Fault,
    at_random,
    dripping,
    in_turn,
    rate_limited,
    retry_after,
    server_error,
    slow,
    to_next,
)
from tests.hub_standin import HubStandIn, serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(server_error(500), id="500"),
        pytest.param(server_error(503), id="503"),
        pytest.param(HTML, id="HTML with 200"),
        pytest.param(EMPTY, id="empty body"),
        pytest.param(AN_OBJECT, id="{} for a list"),
        pytest.param(TRUNCATED, id="truncated JSON"),
        pytest.param(BROKEN_OFF, id="connection broken off"),
        pytest.param(slow(1.2), id="hung"),
        pytest.param(dripping(0.05), id="dripping"),  # a byte now and then: never silent, and never whole
        pytest.param(to_next("http://hub.invalid/api/models"), id="next on another host"),
        pytest.param(EXPIRED, id="first page refused"),
    ],
)
@pytest.mark.parametrize("page", [1, 2])
def test_a_passing_fault_costs_nothing(hub, settings, fault, page):
    hub.faults = in_turn([None] * (page - 1) + [fault])
    run = harvest_hub(hub, settings)
    assert run.state == RunState.COMPLETE
    assert (len(listed()), run.counts["pages_given_up"]) == (7, 0)


def test_mixed_faults_leave_the_same_base(hub, settings):
    hub.shelves[Kind.MODEL] = models(30)
    hub.faults = at_random(seed=7, share=0.3)
    assert harvest_hub(hub, settings).state == RunState.COMPLETE
    assert len(listed()) == 32


@pytest.mark.parametrize("fault", [rate_limited(120), retry_after(120)], ids=["RateLimit", "Retry-After"])
def test_a_wait_the_hub_asks_for_is_kept_and_the_page_asked_again(hub, settings, fault):
    clock = Clock()
    hub.faults = in_turn([None, fault])
    assert harvest_hub(hub, settings, clock=clock).state == RunState.COMPLETE
    assert 118 <= sum(clock.slept) <= 120  # the clock of the tests moves on a second at each look
    asked = [seen.query.get("cursor") for seen in hub.list_requests]
    assert asked[1] == asked[2]


def test_the_wait_announced_with_a_good_page_is_kept_too(hub, settings):
    clock = Clock()
    hub.faults = in_turn([Fault(headers={"RateLimit": '"api";r=0;t=60'})])
    assert harvest_hub(hub, settings, clock=clock).state == RunState.COMPLETE
    assert sum(clock.slept) >= 58


def test_a_page_that_stays_bad_is_given_up_and_marks_nothing_of_its_kind_absent(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves = {Kind.MODEL: models(4), Kind.DATASET: hub.shelves[Kind.DATASET][:1]}
    hub.faults = lambda seen: HTML if seen.path == "/api/models" and "cursor" in seen.query else None
    run = harvest_hub(hub, settings)
    assert (run.state, run.counts["pages_given_up"]) == (RunState.PARTIAL, 1)
    assert "could not be read" in run.message
    assert gone() == ["squad-team/squad"]  # the other list was read to its end
    assert Quarantine.objects.get().reason == "bad_page"


def test_a_hub_that_never_answers_fails_the_run_and_changes_nothing(hub, settings):
    harvest_hub(hub, settings)
    hub.faults = lambda seen: server_error(503)
    run = harvest_hub(hub, settings)
    assert run.state == RunState.FAILED
    assert hub.endpoint in run.message
    assert "503" in run.message
    assert gone() == []


def test_between_failed_attempts_the_waits_grow(hub, settings):
    settings.HARVEST_RETRY_SECONDS = 0.02
    clock = Clock()
    clock.__class__ = _Exact
    hub.faults = lambda seen: server_error(503)
    harvest_hub(hub, settings, clock=clock, kinds=[Kind.MODEL])
    first, second = clock.slept
    assert 0.015 <= first <= 0.03
    assert 0.06 <= second <= 0.12


class _Exact(Clock):
    """Moves on by sleeping only."""

    def __call__(self):
        return self.at


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(lambda hub, seen: to_next("SELF"), id="to itself"),
        pytest.param(lambda hub, seen: to_next(f"{hub.endpoint}/api/models?limit=2"), id="to the first page"),
        pytest.param(
            lambda hub, seen: to_next(f"{hub.endpoint}/api/models?limit=2&turn={(_turn(seen) + 1) % 5}"),
            id="round five",
        ),
    ],
)
def test_a_listing_that_goes_round_in_a_circle_ends(hub, settings, turn):
    hub.faults = lambda seen: turn(hub, seen) if seen.path == "/api/models" else None
    run = harvest_hub(hub, settings)
    assert run.state == RunState.PARTIAL
    assert len(hub.list_requests) < 20
    assert Quarantine.objects.get().reason == "next_page_repeats"


def _turn(seen):
    return int(seen.query.get("turn", ["0"])[0])


def test_a_next_page_on_another_host_is_never_asked(hub, settings):
    with serving(HubStandIn(models(1))) as elsewhere:
        hub.faults = lambda seen: to_next(f"{elsewhere.endpoint}/api/models") if seen.path == "/api/models" else None
        run = harvest_hub(hub, settings)
    assert elsewhere.seen == []
    assert run.state == RunState.PARTIAL


def test_an_expired_cursor_begins_the_listing_again_and_keeps_what_was_seen(hub, settings):
    hub.faults = in_turn([None, None, EXPIRED])
    run = harvest_hub(hub, settings)
    assert (run.state, run.counts["created"]) == (RunState.COMPLETE, 7)
    assert run.lanes.get(kind=Kind.MODEL).restarts == 1


def test_a_cursor_that_always_expires_ends_the_lane(hub, settings):
    hub.faults = lambda seen: EXPIRED if "cursor" in seen.query else None
    run = harvest_hub(hub, settings, kinds=[Kind.MODEL])
    assert (run.state, run.lanes.get().restarts) == (RunState.PARTIAL, 3)
    assert listed() == ["org/m1", "org/m2"]


@pytest.mark.parametrize(("shelf", "kept"), [(Kind.MODEL, 5), (Kind.DATASET, 2)])
def test_an_empty_listing_is_never_read_as_an_empty_hub(hub, settings, shelf, kept):
    harvest_hub(hub, settings)
    hub.shelves[shelf] = []
    run = harvest_hub(hub, settings)
    assert run.state == RunState.PARTIAL
    assert "empty" in run.message
    assert len(names(Artifact.objects.listed().of_kind(shelf))) == kept


def test_a_hub_that_lists_nothing_at_all_fails_the_run(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves = {Kind.MODEL: [], Kind.DATASET: []}
    assert harvest_hub(hub, settings).state == RunState.FAILED
    assert gone() == []


def test_one_bad_record_is_quarantined_and_the_rest_of_its_page_kept(hub, settings):
    hub.shelves[Kind.MODEL][0] = {"id": "not a name", "tags": []}
    hub.shelves[Kind.MODEL][2] = ["a", "list"]
    run = harvest_hub(hub, settings)
    assert (run.state, run.counts["quarantined"]) == (RunState.COMPLETE, 2)
    assert [m for m in listed() if m.startswith("org/m")] == ["org/m2", "org/m4", "org/m5"]
    assert all(one.kind == Kind.MODEL for one in Quarantine.objects.all())


ODD = [
    {"downloads": math.nan},
    {"createdAt": "2099-01-01T00:00:00Z"},
    {"author": "o\x00rg"},
    {"tags": ["lone \ud800"]},
    {"tags": [f"{number:0100}" for number in range(100_000)]},  # ten megabytes
]


@pytest.mark.parametrize("fields", ODD, ids=["NaN", "future date", "NUL", "surrogate", "tags"])
def test_an_odd_value_is_quarantined_and_its_record_kept(hub, settings, fields):
    hub.shelves[Kind.MODEL][0] |= fields
    run = harvest_hub(hub, settings)
    assert (run.state, run.counts["set_aside"], run.counts["quarantined"], len(listed())) == (
        RunState.COMPLETE,
        1,
        0,
        7,
    )
    assert Quarantine.objects.get().field in fields
    assert Artifact.objects.get(repo_id="org/m1").created_at is None


def test_a_self_parent_and_a_circle_lose_no_record(hub, settings):
    """The first is counted among what names nothing; of the second both edges hold, and no family hangs on it."""
    for one, base in ((0, "org/m1"), (1, "org/m3"), (2, "org/m2")):
        hub.shelves[Kind.MODEL][one] |= {"tags": [f"base_model:{base}"], "cardData": {"base_model": base}}
    run = harvest_hub(hub, settings)
    assert (run.state, len(listed()), run.counts["edges_begun"]) == (RunState.COMPLETE, 7, 2)
    assert Artifact.objects.get(repo_id="org/m1").unusable == {"self": 1}
    assert run.counts["cycles_broken"] == 1


def test_fields_renamed_for_all_stop_the_harvest_before_anything_is_marked(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves[Kind.MODEL] = [{"name": f"org/m{one}"} for one in range(50)]
    run = harvest_hub(hub, settings)
    assert run.state == RunState.FAILED
    assert "renamed" in run.message
    assert gone() == []


def moved(field):
    """So many models whose `field` bears another name, or is of another kind."""
    return [
        {name: value for name, value in one.items() if name != field} | {f"{field}New": one[field]}
        for one in models(120)
    ]


@pytest.mark.parametrize("field", ["tags", "cardData"])
def test_without_the_fields_that_say_the_sources_nothing_is_stored(hub, settings, field):
    """Otherwise every model would seem to have lost its parents."""
    hub.page_size = 200
    hub.shelves[Kind.MODEL] = models(120)
    hub.shelves[Kind.MODEL][1] |= {"tags": ["base_model:org/m1"], "cardData": {"base_model": "org/m1"}}
    assert harvest_hub(hub, settings).counts["edges_begun"] == 1
    hub.shelves[Kind.MODEL] = moved(field)
    run = harvest_hub(hub, settings)
    assert run.state == RunState.FAILED
    assert "renamed" in run.message
    assert Derivation.objects.filter(held_until=None).count() == 1
    assert gone() == []


def test_a_listing_that_never_bore_a_field_is_read(hub, settings):
    """A mirror, or a listing made elsewhere, may say less: nothing is lost by it."""
    hub.page_size = 200
    hub.shelves[Kind.MODEL] = moved("tags")
    assert [harvest_hub(hub, settings).state for _ in range(2)] == [RunState.COMPLETE] * 2


def test_a_value_retyped_for_all_stops_the_harvest(hub, settings):
    hub.page_size = 100
    hub.shelves[Kind.MODEL] = [one | {"createdAt": 1_732_406_400} for one in models(500)]
    assert harvest_hub(hub, settings).state == RunState.FAILED
    assert len(hub.list_requests) == 3
    assert gone() == []


def test_a_great_many_bad_records_stop_the_harvest_at_once(hub, settings):
    hub.page_size = 100
    hub.shelves[Kind.MODEL] = [{"name": "x", "tags": [], "cardData": {}} for _ in range(1000)]
    run = harvest_hub(hub, settings)
    assert run.state == RunState.FAILED
    assert len(hub.list_requests) == 3


def test_bad_records_below_one_in_a_hundred_are_only_quarantined(hub, settings):
    hub.page_size = 1000
    hub.shelves[Kind.MODEL] = [{"name": "x"} for _ in range(30)] + models(3000)
    run = harvest_hub(hub, settings)
    assert (run.state, run.counts["quarantined"]) == (RunState.COMPLETE, 30)


def test_a_repository_renamed_between_two_pages_is_one_artifact(hub, settings):
    def rename(page):
        if page == 1:
            hub.shelves[Kind.MODEL].append(hub.shelves[Kind.MODEL][0] | {"id": "new-org/m1"})

    hub.after_page = rename
    run = harvest_hub(hub, settings)
    assert run.state == RunState.COMPLETE
    assert Artifact.objects.filter(hub_id=f"{1:024x}").count() == 1
    assert Artifact.objects.current().filter(repo_id__in=["org/m1", "new-org/m1"], presence="listed").count() == 1


def test_a_repository_deleted_between_two_pages_loses_nobody_else_after_two_harvests(hub, settings):
    hub.after_page = lambda page: hub.shelves[Kind.MODEL].pop(0) if page == 1 else None
    harvest_hub(hub, settings)
    hub.after_page = lambda page: None
    harvest_hub(hub, settings)
    assert [m for m in listed() if m.startswith("org/m")] == ["org/m2", "org/m3", "org/m4", "org/m5"]
    assert gone() == ["org/m1"]
