"""Whole harvests of the pretended Hub: what each fault comes to, and what is left when a harvest ends early."""

import pytest

from lineage import staging
from lineage.lanes import TakenOver
from lineage.models import Artifact, Author, HarvestRun, Quarantine
from lineage.vocabulary import AliasOrigin, Kind, Presence, RunState
from tests import policies
from tests.harvesting import Clock, Nobody, harvest_hub, listed, models, names, record
from tests.hub_faults import (
    AN_OBJECT,
    BROKEN_OFF,
    EMPTY,
    EXPIRED,
    HTML,
    TRUNCATED,
    Fault,
    at_random,
    in_turn,
    rate_limited,
    retry_after,
    server_error,
    slow,
    to_next,
)
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db
DATASETS = [record("org/data", 101), record("squad-team/squad", 102)]


@pytest.fixture(autouse=True)
def at_once(settings):
    """Nothing waits in earnest, and everything may be harvested."""
    settings.HARVEST_RETRY_SECONDS = 0
    settings.HUB_TIMEOUT_SECONDS = 0.5
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"


@pytest.fixture
def hub():
    with serving(HubStandIn(models(5), DATASETS, page_size=2)) as standin:
        yield standin


def gone():
    return names(Artifact.objects.filter(presence=Presence.GONE))


def test_every_page_of_both_lists_is_stored_and_the_run_is_complete(hub, settings):
    run = harvest_hub(hub, settings)
    assert (run.state, run.message) == (RunState.COMPLETE, "")
    assert listed() == ["org/data", "org/m1", "org/m2", "org/m3", "org/m4", "org/m5", "squad-team/squad"]
    counted = {name: run.counts[name] for name in ("pages", "rows", "created", "unchanged", "quarantined")}
    assert counted == {"pages": 4, "rows": 7, "created": 7, "unchanged": 0, "quarantined": 0}
    assert set(Author.objects.values_list("name", flat=True)) == {"org", "squad-team"}


def test_the_second_harvest_changes_no_row(hub, settings):
    harvest_hub(hub, settings)
    again = harvest_hub(hub, settings, clock=Clock())
    assert (again.state, again.counts["changed"], again.counts["unchanged"]) == (RunState.COMPLETE, 0, 7)


def test_what_a_complete_harvest_does_not_show_is_gone_and_may_come_back(hub, settings):
    harvest_hub(hub, settings)
    removed = hub.shelves[Kind.MODEL].pop(1)
    assert harvest_hub(hub, settings).counts["gone"] == 1
    assert gone() == ["org/m2"]
    hub.shelves[Kind.MODEL].append(removed)
    harvest_hub(hub, settings)
    assert gone() == []


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
    hub.shelves = {Kind.MODEL: models(4), Kind.DATASET: DATASETS[:1]}
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


def test_fields_renamed_for_all_stop_the_harvest_before_anything_is_marked(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves[Kind.MODEL] = [{"name": f"org/m{one}"} for one in range(50)]
    run = harvest_hub(hub, settings)
    assert run.state == RunState.FAILED
    assert "renamed" in run.message
    assert gone() == []


def test_a_great_many_bad_records_stop_the_harvest_at_once(hub, settings):
    hub.page_size = 100
    hub.shelves[Kind.MODEL] = [{"name": "x"} for _ in range(1000)]
    run = harvest_hub(hub, settings)
    assert run.state == RunState.FAILED
    assert len(hub.list_requests) == 3


def test_bad_records_below_one_in_a_hundred_are_only_quarantined(hub, settings):
    hub.page_size = 1000
    hub.shelves[Kind.MODEL] = [{"name": "x"} for _ in range(30)] + models(3000)
    run = harvest_hub(hub, settings)
    assert (run.state, run.counts["quarantined"]) == (RunState.COMPLETE, 30)


def test_a_limit_reads_so_many_of_each_list_and_marks_nothing_absent(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves = {Kind.MODEL: models(9)[5:], Kind.DATASET: DATASETS}
    run = harvest_hub(hub, settings, limit=3)
    assert (run.state, run.counts["rows"], run.counts["created"]) == (RunState.PARTIAL, 5, 3)
    assert gone() == []


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


def test_ctrl_c_keeps_the_pages_stored_and_the_next_harvest_starts_at_once(hub, settings):
    class Interrupted(Nobody):
        def read(self, lane, step):
            if lane.pages == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        harvest_hub(hub, settings, watch=Interrupted())
    run = HarvestRun.objects.get()
    assert (run.state, len(listed())) == (RunState.CANCELLED, 4)
    assert "4 records read are kept" in run.message
    assert harvest_hub(hub, settings).state == RunState.COMPLETE


def test_a_period_that_ends_meanwhile_stops_the_harvest(hub, settings):
    policies.ShutAfterTwoQuestions.questions = 0
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.ShutAfterTwoQuestions"
    run = harvest_hub(hub, settings)
    assert (run.state, run.message) == (RunState.FAILED, "The period is over.")
    assert hub.seen == []


def test_an_unforeseen_error_fails_the_run_by_its_class_alone(hub, settings, monkeypatch):
    def broken(*_records, **_context):
        raise ZeroDivisionError("org/m1")

    monkeypatch.setattr(staging, "store", broken)
    with pytest.raises(ZeroDivisionError):
        harvest_hub(hub, settings)
    run = HarvestRun.objects.get()
    assert run.state == RunState.FAILED
    assert "ZeroDivisionError" in run.message
    assert "org/m1" not in run.message


def test_a_run_taken_over_meanwhile_writes_nothing_more(hub, settings):
    class TakesOver(Nobody):
        def read(self, lane, step):
            HarvestRun.objects.update(generation=99)

    with pytest.raises(TakenOver):
        harvest_hub(hub, settings, watch=TakesOver())
    assert (HarvestRun.objects.get().state, len(listed())) == (RunState.RUNNING, 2)


def test_what_the_policy_drops_is_nowhere(hub, settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.WithoutErased"
    card = {"cardData": {"base_model": "erased/base"}}
    hub.shelves[Kind.MODEL] = [record("erased/m", 7), record("org/m8", 8, **card), {"id": "erased/bad name"}]
    run = harvest_hub(hub, settings, kinds=[Kind.MODEL])
    assert (run.counts["dropped"], run.counts["dropped_mentions"]) == (1, 1)
    assert names(Artifact.objects.all()) == ["org/m8"]
    assert not Author.objects.filter(name="erased").exists()
    assert "erased" not in str(list(Quarantine.objects.values()))


def test_old_names_are_asked_of_the_hub_at_the_end(hub, settings):
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": ["squad"]}
    hub.redirects[Kind.DATASET, "squad"] = "squad-team/squad"
    run = harvest_hub(hub, settings)
    artifact = Artifact.objects.get(repo_id="squad-team/squad")
    assert (run.state, artifact.aliases.live().get().origin) == (RunState.COMPLETE, AliasOrigin.REDIRECT)
    assert artifact.derivations_from.get().derived.repo_id == "org/m1"


def test_old_names_are_not_asked_where_that_was_not_wanted(hub, settings):
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": ["squad"]}
    harvest_hub(hub, settings, aliases=False)
    assert [seen for seen in hub.seen if not seen.is_list] == []


def test_a_hub_that_stops_answering_questions_does_not_undo_the_harvest(hub, settings):
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": [f"old{one}" for one in range(9)]}
    hub.faults = lambda seen: None if seen.is_list else server_error(503)
    assert harvest_hub(hub, settings).state == RunState.COMPLETE
    assert len([seen for seen in hub.seen if not seen.is_list]) == 5


def test_the_limit_of_the_hub_is_kept_while_asking(hub, settings):
    clock = Clock()
    hub.shelves[Kind.MODEL][0]["cardData"] = {"datasets": ["squad"]}
    hub.redirects[Kind.DATASET, "squad"] = "squad-team/squad"
    limits = [rate_limited(200)]
    hub.faults = lambda seen: limits.pop() if limits and not seen.is_list else None
    assert harvest_hub(hub, settings, clock=clock).state == RunState.COMPLETE
    assert clock.slept == [200.0]
