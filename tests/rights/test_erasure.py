"""Erasure and objection: everything of an account leaves, and no later harvest brings it back."""

from datetime import timedelta

import pytest
from django.db import transaction

from lineage import disclosures, graph, history, policy
from lineage.linking import link
from lineage.models import (
    Alias,
    Artifact,
    Author,
    Counter,
    Derivation,
    Mention,
    NameInquiry,
    Sighting,
    WeeklyCounter,
)
from lineage.presence import mark_absent
from lineage.staging import store
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import AccountKind, AliasOrigin, Certainty, Direction, Kind, RunState
from rights import suppressions
from rights.effects import EffectRefused, erase, object_to, preview, rectify, restrict
from rights.models import JournalEntry, NameDoubt, Suppression
from rights.policy import _sweep
from tests.factories import AT, make_alias, make_run, make_user
from tests.lineage.linking.cards import edges
from tests.rights.listing import record

pytestmark = pytest.mark.django_db
HUB = (
    record("org/base", "1"),
    record("dev/one", "2", "org/base", tags=("dev",)),
    record("dev/two", "3", "dev/one"),
    record("lab/leaf", "4", "dev/two", datasets=["Dev/data"], tags=("dev", "dev/one")),
    record("lab/dev-tools", "5"),
    record("lab/devices", "6"),
)


def harvest(*records, day=0):
    """One complete harvest of these models, screened as a page is."""
    at = AT + timedelta(days=day)
    run = make_run(RunState.RUNNING, started_at=at)
    with transaction.atomic():
        screened = policy.current().screen(records)
        stored = store(screened.records, run=run, at=at)
    _sweep()
    mark_absent(run=run, kinds=[Kind.MODEL])
    link(at=at)
    run.state, run.ended_at = RunState.COMPLETE, at
    run.save()
    return stored


@pytest.fixture
def harvested():
    harvest(*HUB)


def effect(verb=erase, account="dev", **more):
    return verb(account=account, **{"reference": "case-1", "by": 7, "at": AT + timedelta(hours=1)} | more)


def names():
    """Every name that stands where names stand."""
    return {
        *Artifact.objects.values_list("repo_id", flat=True),
        *Artifact.objects.values_list("owner", flat=True),
        *Author.objects.values_list("name", flat=True),
        *Mention.objects.values_list("target", flat=True),
        *Alias.objects.values_list("name", flat=True),
        *(tag for tags in Artifact.objects.values_list("tags", flat=True) for tag in tags if "/" in tag),
    }


def relatives_on(day):
    """The listed ancestors and descendants, all of others, of each artifact of others as of that day."""
    past = history.graph_on((AT + timedelta(days=day)).date(), at=AT + timedelta(days=60))
    others = dict(Artifact.objects.exclude(owner__iexact="dev").values_list("pk", "repo_id"))
    listed = Artifact.objects.filter(pk__in=others, presence="listed")
    everything = Filters(certainty=Certainty.INFERRED)
    return {
        (artifact.repo_id, way): {
            others[key]
            for key in trace_from(artifact, direction=way, filters=everything, opened=past).keys.tolist()
            if key in others
        }
        for artifact in listed
        for way in Direction
    }


def is_clean(*accounts):
    return not [name for name in names() if name.partition("/")[0].lower() in accounts]


@pytest.mark.usefixtures("harvested")
class TestErase:
    def test_nothing_of_the_account_is_left_and_others_stay(self):
        gone = effect()
        assert is_clean("dev")
        assert edges() == {"org/base -[unspecified,resolved]-> lab/leaf"}
        assert (gone.artifacts, gone.authors, gone.mentions) == (3, 1, 2)
        assert {"lab/dev-tools", "lab/devices"} <= names()
        assert Artifact.objects.get(repo_id="lab/leaf").tags == ["dev"]

    def test_thirty_harvests_do_not_bring_it_back(self):
        effect()
        before = edges()
        for day in range(1, 31):
            harvest(*HUB, day=day)
            assert is_clean("dev")
        assert edges() == before
        assert Derivation.objects.count() == 1

    def test_the_past_is_without_it_and_others_have_the_same_relatives_there(self):
        harvest(*HUB[:3], record("lab/leaf", "4", "lab/devices"), *HUB[4:], day=1)
        then, now = relatives_on(0), relatives_on(1)
        assert "lab/leaf" in then["org/base", Direction.DOWNSTREAM]
        assert then != now
        effect(at=AT + timedelta(days=1, hours=1))
        for day in (2, 3):
            harvest(*HUB, day=day)
            assert (relatives_on(0), relatives_on(1)) == (then, now)
            assert is_clean("dev")

    def test_a_second_harvest_after_it_changes_nothing(self):
        effect()
        harvest(*HUB, day=1)
        again = harvest(*HUB, day=2)
        assert (again.created, again.updated, again.mentions_added, again.mentions_changed) == (0, 0, 0, 0)

    @pytest.mark.parametrize("name", ["renamed", "DEV2"])
    def test_nor_under_another_name(self, name):
        effect()
        moved = [record(f"{name}/one", "2", "org/base"), record("lab/leaf", "4", f"{name}/two")]
        for day in (1, 2):
            harvest(*moved, HUB[0], record(f"{name}/fresh", "7"), day=day)
            assert is_clean("dev", name.lower())

    def test_what_was_stored_of_a_new_name_before_it_was_learned_leaves(self):
        effect()
        harvest(HUB[0], record("renamed/fresh", "7", "org/base"), record("lab/leaf", "4", "renamed/fresh"), day=1)
        assert not is_clean("renamed")
        harvest(HUB[0], record("renamed/fresh", "7"), record("renamed/one", "2"), record("lab/leaf", "4"), day=2)
        assert is_clean("dev", "renamed")
        assert edges() == {"org/base -[unspecified,resolved]-> lab/leaf"}

    def test_the_journal_and_the_list_hold_no_name(self):
        effect()
        entry = JournalEntry.objects.get()
        assert (entry.act, entry.by_key, entry.reference) == ("erasure", 7, "case-1")
        assert entry.details["artifacts"] == 3
        for row in (*JournalEntry.objects.values(), *Suppression.objects.values(), *NameDoubt.objects.values()):
            assert "dev" not in str(row)
        assert suppressions.find_account("DEV").get().reference == "case-1"

    def test_names_that_contain_it_become_a_list(self):
        effect()
        assert [Artifact.objects.get(pk=one.artifact_key).repo_id for one in NameDoubt.objects.all()] == [
            "lab/dev-tools"
        ]

    def test_a_former_name_of_the_account_leaves_and_stays_away(self):
        one = Artifact.objects.get(repo_id="dev/one")
        make_alias("earlier/one", one, origin=AliasOrigin.RENAME)
        make_alias("lab/given", one, origin=AliasOrigin.RENAME)
        effect()
        harvest(*HUB, record("earlier/x", "8"), record("lab/given", "9"), day=1)
        assert is_clean("dev", "earlier")
        assert Artifact.objects.filter(repo_id="lab/given").exists()

    def test_an_objection_does_the_same_on_its_own_ground(self):
        effect(object_to)
        assert is_clean("dev")
        assert suppressions.find_account("dev").get().ground == "objection"
        assert JournalEntry.objects.get().act == "objection"


@pytest.mark.usefixtures("harvested")
class TestRefusals:
    @pytest.mark.parametrize("account", ["dev/one", "", "a b", "..", "é"])
    def test_what_can_be_no_account(self, account):
        with pytest.raises(EffectRefused, match="account"):
            effect(account=account)

    def test_an_organisation_has_no_such_right(self):
        Author.objects.filter(name="dev").update(kind=AccountKind.ORGANISATION)
        with pytest.raises(EffectRefused, match="organisation"):
            effect()
        assert not is_clean("dev")
        assert not Suppression.objects.exists()

    @pytest.mark.parametrize(("second", "passes"), [(None, False), (7, False), (8, True)])
    def test_a_great_impact_needs_a_second_agent(self, settings, second, passes):
        settings.RIGHTS_SECOND_APPROVAL = 1
        if not passes:
            with pytest.raises(EffectRefused, match="second agent"):
                effect(second=second)
        else:
            effect(second=second)
        assert is_clean("dev") is passes

    def test_a_case_is_needed(self):
        with pytest.raises(EffectRefused, match="reference"):
            effect(reference="")

    def test_an_account_of_whom_nothing_is_held_is_kept_away_all_the_same(self):
        assert effect(account="nobody").artifacts == 0
        harvest(*HUB, record("nobody/new", "9"), day=1)
        assert is_clean("nobody")


@pytest.mark.usefixtures("harvested")
def test_a_preview_says_what_will_leave_and_changes_nothing():
    before = names()
    seen = preview("DEV", at=AT)
    assert (seen.artifacts, seen.authors, seen.mentions, seen.edges, seen.others) == (3, 1, 2, 4, 1)
    assert str(seen) == "1 account, 3 artifacts, 2 mentions by others, 1 descendant of others"
    assert not seen.needs_second
    assert names() == before
    assert not JournalEntry.objects.exists()


class TestRecipients:
    """Who has a copy of what an effect changes is counted before it and told after it (Art. 19)."""

    @pytest.fixture
    def handed(self):
        harvest(*HUB)
        graph.build()
        origins = {name: Artifact.objects.get(repo_id=name) for name in ("org/base", "lab/devices")}
        by = {name: make_user() for name in origins}
        for name, origin in origins.items():
            disclosures.hand_over(trace_from(origin), form="csv", by=by[name], at=AT)
        return by["org/base"].pk

    def test_a_preview_counts_them_and_the_records_of_others(self, handed):
        seen = preview("dev", at=AT)
        assert (seen.exports, seen.recipients, seen.records) == (1, frozenset({handed}), 1)
        assert seen.counts()["recipients"] == 1
        assert ("records of others that are touched", 1) in set(seen.lines())
        assert list(seen.lines())[-1][1] == 1000

    def test_a_copy_that_may_no_longer_be_kept_counts_no_more(self, handed):
        assert preview("dev", at=AT.replace(year=2028)).recipients == frozenset()

    def test_the_preview_counts_every_row_that_leaves(self, handed):
        def total():
            tables = (Artifact, Author, Alias, Mention, Derivation, Counter, WeeklyCounter, Sighting, NameInquiry)
            return sum(model._default_manager.count() for model in tables)

        seen, before = preview("dev", at=AT), total()
        gone = effect()
        assert before - total() == seen.rows - gone.bridges

    @pytest.mark.parametrize("verb", [erase, object_to, restrict])
    def test_an_effect_on_the_account_says_whom_to_tell(self, handed, verb):
        assert effect(verb).recipients == {handed}

    def test_a_rectification_too(self, handed):
        key = Artifact.objects.get(repo_id="dev/one").pk
        said = rectify(artifact_key=key, field="license", value="mit", reference="case-1", by=7, at=AT)
        assert said.recipients == {handed}
