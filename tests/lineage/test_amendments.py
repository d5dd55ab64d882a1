"""Withheld artifacts stay as they are; contracted ones leave, and nobody else's genealogy changes."""

from datetime import timedelta

import pytest
from django.db import transaction

from lineage import graph
from lineage.amendments import contract, release, withhold
from lineage.linking import link
from lineage.models import Alias, Artifact, Author, Bridge, Derivation, Mention, NameInquiry, Sighting
from lineage.presence import mark_absent
from lineage.remains import remains
from lineage.staging import store
from lineage.tracing import trace_from
from lineage.verdicts import reject_derivation
from lineage.vocabulary import Direction, Kind, Presence
from tests.factories import AT, make_alias, make_artifact, make_author, make_mention, make_run, make_user
from tests.lineage.linking.cards import card, edges, families, parents
from tests.rights.listing import record

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def keys(*names):
    return list(Artifact.objects.filter(repo_id__in=names).values_list("pk", flat=True))


def relatives(*without):
    """Everybody's ancestors and descendants by name, but those named."""
    found = {}
    for artifact in Artifact.objects.exclude(repo_id__in=without):
        for direction in Direction:
            reached = trace_from(artifact, direction=direction).keys.tolist()
            names = set(Artifact.objects.filter(pk__in=reached).values_list("repo_id", flat=True))
            found[artifact.repo_id, direction] = names - set(without)
    return {which: names for which, names in found.items() if names}


@pytest.fixture
def family():
    """a/base → x/one → x/two → b/leaf and c/leaf; b/leaf → d/last."""
    card("a/base")
    card("x/one", tags=["a/base as finetune"])
    card("x/two", tags=["x/one as adapter"])
    card("b/leaf", tags=["x/two as quantized"])
    card("c/leaf", bases=["x/two"])
    card("d/last", tags=["b/leaf as finetune"])
    link(at=AT)


@pytest.mark.usefixtures("family")
class TestContract:
    def test_others_keep_their_relatives(self):
        before = relatives("x/one", "x/two")
        contract(artifacts=keys("x/one", "x/two"), at=LATER)
        assert relatives() == before

    def test_the_bridge_says_nothing_but_that_there_is_a_way(self):
        contract(artifacts=keys("x/one", "x/two"), at=LATER)
        assert edges() == {
            "a/base -[unspecified,resolved]-> b/leaf",
            "a/base -[unspecified,declared]-> c/leaf",
            "b/leaf -[finetune,resolved]-> d/last",
        }
        assert parents() == {"b/leaf": "a/base", "c/leaf": "a/base", "d/last": "b/leaf"}
        assert set(families().values()) == {"a/base"}

    def test_it_holds_since_the_way_held_and_not_since_the_removal(self):
        contract(artifacts=keys("x/one", "x/two"), at=LATER)
        assert set(Derivation.objects.values_list("held_from", "held_until")) == {(AT, None)}

    def test_linking_again_changes_nothing_and_a_harvest_neither(self):
        contract(artifacts=keys("x/one", "x/two"), at=LATER)
        before = edges()
        assert link(at=LATER).changed == 0
        assert link(at=LATER + timedelta(days=30)).changed == 0
        assert edges() == before

    def test_nothing_of_the_name_is_left(self):
        make_alias("x/old", Artifact.objects.get(repo_id="x/two"))
        make_mention(Artifact.objects.get(repo_id="d/last"), "x/old")
        NameInquiry.objects.create(
            kind=Kind.MODEL, name="old", answer="redirect", artifact_id=keys("x/two")[0], asked_at=AT
        )
        contract(artifacts=keys("x/one", "x/two"), at=LATER)

        assert not Mention.objects.filter(target__startswith="x/").exists()
        assert not Artifact.objects.filter(repo_id__startswith="x/").exists()
        assert not Alias.objects.exists()
        assert not NameInquiry.objects.exists()

    def test_the_past_stays_what_it_was_for_others(self):
        Mention.objects.filter(artifact__repo_id="b/leaf").delete()
        link(at=LATER)
        contract(artifacts=keys("x/one", "x/two"), at=LATER + timedelta(days=1))

        assert "a/base -[unspecified,resolved]-> b/leaf" not in edges()
        then = graph.as_it_stood(at=AT, as_of=AT)
        base = Artifact.objects.get(repo_id="a/base")
        reached = trace_from(base, opened=then).keys.tolist()
        assert set(Artifact.objects.filter(pk__in=reached).values_list("repo_id", flat=True)) == {
            "b/leaf",
            "c/leaf",
            "d/last",
        }

    def test_one_after_the_other_is_as_both_at_once(self):
        contract(artifacts=keys("x/one"), at=LATER)
        contract(artifacts=keys("x/two"), at=LATER)
        assert {edge.split(" -")[0] + " → " + edge.split("> ")[1] for edge in edges()} == {
            "a/base → b/leaf",
            "a/base → c/leaf",
            "b/leaf → d/last",
        }
        assert Bridge.objects.count() == 2

    def test_a_direct_edge_is_not_made_surer_by_a_bridge(self):
        make_mention(Artifact.objects.get(repo_id="b/leaf"), "a/base", relation="merge")
        link(at=LATER)
        contract(artifacts=keys("x/one", "x/two"), at=LATER)
        assert "a/base -[merge,declared]-> b/leaf" in edges()
        assert "a/base -[unspecified,resolved]-> b/leaf" not in edges()

    def test_staff_may_reject_a_bridge(self):
        contract(artifacts=keys("x/one", "x/two"), at=LATER)
        ends = Artifact.objects.get(repo_id="a/base"), Artifact.objects.get(repo_id="b/leaf")
        reject_derivation(source=ends[0], derived=ends[1], relation=None, reason="no", by=make_user(), at=LATER)
        assert "a/base -[unspecified,resolved]-> b/leaf" not in edges()

    def test_what_does_not_exist_changes_nothing(self):
        before = edges()
        assert contract(artifacts=[], at=LATER).artifacts == 0
        assert edges() == before


class TestContractAnAccount:
    def test_mentions_in_any_case_go_and_the_author_with_them(self):
        make_author("dev")
        speaker = card("b/leaf", bases=["dev/base", "Dev/Base", "dev-team/base"], datasets=["DEV/data"])
        link(at=AT)

        gone = contract(artifacts=keys("dev/base", "Dev/Base", "DEV/data"), accounts=["dev"], at=LATER)

        assert set(speaker.mentions.values_list("target", flat=True)) == {"dev-team/base"}
        assert (gone.mentions, gone.authors) == (3, 1)
        assert not Author.objects.exists()

    def test_what_others_name_by_an_old_name_of_it_stays_theirs(self):
        """A repository that was given to an organisation: its derivatives declare it by its former owner's id."""
        given = card("org/given")
        make_alias("dev/given", given)
        NameInquiry.objects.create(kind=Kind.MODEL, name="dev/given", answer="redirect", artifact=given, asked_at=AT)
        card("b/leaf", bases=["dev/given"])
        link(at=AT)
        before = relatives()
        assert before

        contract(artifacts=[], accounts=["dev"], at=LATER)

        assert relatives() == before
        assert not Alias.objects.exists()
        assert link(at=LATER).changed == 0

    def test_a_name_that_means_somebody_elses_today_stays(self):
        gone = make_artifact("org/name", is_current=False, presence=Presence.GONE, gone_since=AT)
        card("org/name")
        card("b/leaf", tags=["org/name as finetune"])
        link(at=AT)

        contract(artifacts=[gone.pk], at=LATER)

        assert edges() == {"org/name -[finetune,resolved]-> b/leaf"}

    def test_old_rows_of_it_leave_with_it(self):
        now = card("dev/now")
        before = make_artifact("other/before", is_current=False, superseded_by=now)
        assert remains([now.pk]).keys == {now.pk, before.pk}


class TestWithhold:
    @pytest.fixture
    def held(self):
        artifact = card("x/held", tags=["a/base as finetune"], hub_id="1" * 24)
        card("b/leaf", tags=["x/held as finetune"])
        link(at=AT)
        withhold(artifacts=[artifact.pk], at=AT)
        return artifact

    def stored(self, key):
        return Artifact.objects.filter(pk=key).values().get(), list(Mention.objects.filter(artifact=key).values())

    @pytest.mark.parametrize(
        "seen", [record("x/held", "1"), record("x/held", "2"), record("y/renamed", "1"), record("x/held")]
    )
    def test_a_harvest_neither_updates_it_nor_takes_its_name(self, held, seen):
        before, artifacts = self.stored(held.pk), Artifact.objects.count()
        with transaction.atomic():
            stored = store([seen], run=make_run(), at=LATER)
        link(at=LATER)
        assert self.stored(held.pk) == before
        assert Artifact.objects.count() == artifacts
        assert stored.unchanged == 1

    def test_a_harvest_does_not_mark_it_absent(self, held):
        run = make_run()
        Sighting.objects.create(run=run, artifact=make_artifact("org/seen"))
        mark_absent(run=run, kinds=[Kind.MODEL])
        held.refresh_from_db()
        assert held.presence == Presence.LISTED

    def test_one_that_is_only_mentioned_is_not_swept(self):
        named = make_artifact("x/named", presence=Presence.MENTIONED, withheld_at=AT)
        link(at=AT)
        assert Artifact.objects.filter(pk=named.pk).exists()

    def test_traces_walk_through_it_and_it_comes_back_whole(self, held):
        assert len(trace_from(Artifact.objects.get(repo_id="a/base"))) == 2
        before = self.stored(held.pk)
        assert withhold(artifacts=[held.pk], at=LATER) == 0
        assert release(artifacts=[held.pk], at=LATER) == 1
        assert release(artifacts=[held.pk], at=LATER) == 0
        assert self.stored(held.pk) == (before[0] | {"withheld_at": None}, before[1])
