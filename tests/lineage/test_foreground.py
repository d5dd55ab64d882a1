"""Whole harvests of the pretended Hub in one process: to the end, in part, and what is left when one ends early."""

import pytest

from lineage import staging
from lineage.lanes import TakenOver
from lineage.models import Artifact, Author, HarvestRun, Quarantine
from lineage.vocabulary import AliasOrigin, Kind, RunState
from tests import policies
from tests.harvesting import Clock, Nobody, gone, harvest_hub, listed, models, names, record
from tests.hub_faults import rate_limited, server_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


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


def test_a_limit_reads_so_many_of_each_list_and_marks_nothing_absent(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves = {Kind.MODEL: models(9)[5:], Kind.DATASET: hub.shelves[Kind.DATASET]}
    run = harvest_hub(hub, settings, limit=3)
    assert (run.state, run.counts["rows"], run.counts["created"]) == (RunState.PARTIAL, 5, 3)
    assert gone() == []


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
