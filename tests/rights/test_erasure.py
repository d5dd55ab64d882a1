"""Erasure and objection: everything of an account leaves, and no later harvest brings it back."""

from datetime import timedelta

import pytest
from django.db import transaction

from lineage import policy
from lineage.linking import link
from lineage.models import Alias, Artifact, Author, Derivation, Mention
from lineage.presence import mark_absent
from lineage.staging import store
from lineage.vocabulary import AccountKind, AliasOrigin, Kind, RunState
from rights import suppressions
from rights.effects import EffectRefused, erase, object_to, preview
from rights.models import JournalEntry, NameDoubt, Suppression
from rights.policy import _sweep
from tests.factories import AT, make_alias, make_run
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
    seen = preview("DEV")
    assert (seen.artifacts, seen.authors, seen.mentions, seen.edges, seen.others) == (3, 1, 2, 4, 1)
    assert str(seen) == "1 account, 3 artifacts, 2 mentions by others, 1 descendant of others"
    assert not seen.needs_second
    assert names() == before
    assert not JournalEntry.objects.exists()
