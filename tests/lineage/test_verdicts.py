from datetime import timedelta

import pytest

from lineage import verdicts
from lineage.models import AliasVerdict, Artifact, DerivationVerdict, GraphState
from lineage.verdicts import VerdictRefused
from lineage.vocabulary import Kind, Presence, Relation
from tests.factories import AT, make_artifact, make_user
from tests.lineage.linking.cards import aliases, card, edges

LATER = AT + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return make_user()


def test_an_added_edge_is_in_force_at_once_and_gone_once_withdrawn(at, by):
    base, child = make_artifact("org/base"), make_artifact("org/child")
    verdict = verdicts.add_derivation(
        source=base, derived=child, relation=Relation.MERGE, reason=" the paper says so ", by=by, at=at
    )
    assert edges() == {"org/base -[merge,curated]-> org/child"}
    assert (verdict.reason, verdict.decided_by, verdict.decided_at) == ("the paper says so", by, at)
    generation = GraphState.objects.get().generation
    verdicts.withdraw_derivation_verdict(verdict=verdict, by=by, at=LATER)
    assert edges() == set()
    assert GraphState.objects.get().generation > generation
    assert GraphState.objects.get().as_of is None


@pytest.mark.parametrize("relation", [Relation.FINETUNE, None])
def test_a_rejected_edge_is_gone_and_back_once_withdrawn(relation, at, by):
    base, child = make_artifact("org/base"), card("org/child", tags=["org/base as finetune"])
    verdict = verdicts.reject_derivation(source=base, derived=child, relation=relation, reason="wrong", by=by, at=at)
    assert edges() == set()
    verdicts.withdraw_derivation_verdict(verdict=verdict, by=by, at=LATER)
    assert edges() == {"org/base -[finetune,resolved]-> org/child"}


def test_a_second_verdict_on_the_same_edge_replaces_the_first(at, by):
    said = {"source": make_artifact(), "derived": make_artifact(), "relation": Relation.MERGE, "by": by}
    verdicts.reject_derivation(**said, reason="no", at=at)
    verdicts.add_derivation(**said, reason="yes", at=LATER)
    assert DerivationVerdict.objects.get().reason == "yes"
    assert len(edges()) == 1


POSSIBLE = {
    (Kind.MODEL, Kind.MODEL): {"finetune", "adapter", "quantized", "merge", "unspecified"},
    (Kind.DATASET, Kind.MODEL): {"trained_on"},
    (Kind.DATASET, Kind.DATASET): {"extended_from"},
    (Kind.MODEL, Kind.DATASET): set[str](),
}


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("kinds", POSSIBLE, ids="-".join)
def test_which_relation_can_be_between_which_kinds(kinds, relation, at, by):
    source, derived = (make_artifact(kind=kind) for kind in kinds)

    def add() -> None:
        verdicts.add_derivation(source=source, derived=derived, relation=relation, reason="x", by=by, at=at)

    if relation in POSSIBLE[kinds]:
        add()
        assert len(edges()) == 1
    else:
        with pytest.raises(VerdictRefused):
            add()
        assert not DerivationVerdict.objects.exists()


def test_a_model_is_never_rejected_as_a_source_of_a_dataset(at, by):
    source, derived = make_artifact(), make_artifact(kind=Kind.DATASET)
    with pytest.raises(VerdictRefused):
        verdicts.reject_derivation(source=source, derived=derived, relation=None, reason="x", by=by, at=at)


def test_an_edge_needs_two_artifacts_that_stand(at, by):
    new = make_artifact("new/m")
    same = make_artifact("old/m", superseded_by=new, presence=Presence.MENTIONED)
    lost = make_artifact("new/m", is_current=False, presence=Presence.GONE, gone_since=at)
    for source in (new, same, lost):
        with pytest.raises(VerdictRefused):
            verdicts.add_derivation(source=source, derived=new, relation=Relation.MERGE, reason="x", by=by, at=at)
    assert not DerivationVerdict.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_a_verdict_needs_a_reason_of_a_sensible_length(reason, at, by):
    with pytest.raises(VerdictRefused):
        verdicts.add_derivation(
            source=make_artifact(), derived=make_artifact(), relation=Relation.MERGE, reason=reason, by=by, at=at
        )
    with pytest.raises(VerdictRefused):
        verdicts.reject_alias(kind=Kind.MODEL, name="x", reason=reason, by=by, at=at)


def test_what_a_name_means_is_in_force_at_once_and_over_once_withdrawn(at, by):
    squad = make_artifact("rajpurkar/squad", Kind.DATASET)
    card("org/m", datasets=["squad-old"])
    verdict = verdicts.mean_alias(kind=Kind.DATASET, name="squad-old", artifact=squad, reason="x", by=by, at=at)
    assert aliases() == {"squad-old => rajpurkar/squad (staff)"}
    assert edges() == {"rajpurkar/squad -[trained_on,declared]-> org/m"}
    verdicts.withdraw_alias_verdict(verdict=verdict, by=by, at=LATER)
    assert aliases() == set()
    assert edges() == {"squad-old -[trained_on,declared]-> org/m"}


def test_a_rejected_name_means_nothing_until_that_is_withdrawn(at, by):
    card("org/child", bases=["old/m"], tags=["new/m"])
    verdict = verdicts.reject_alias(kind=Kind.MODEL, name="old/m", reason="x", by=by, at=at)
    assert aliases() == set()
    verdicts.withdraw_alias_verdict(verdict=verdict, by=by, at=LATER)
    assert aliases() == {"old/m => new/m (card)"}


def test_another_verdict_on_a_name_replaces_the_first(at, by):
    verdicts.reject_alias(kind=Kind.MODEL, name="old/m", reason="x", by=by, at=at)
    verdicts.mean_alias(kind=Kind.MODEL, name="old/m", artifact=make_artifact("new/m"), reason="y", by=by, at=LATER)
    assert aliases() == {"old/m => new/m (staff)"}
    assert AliasVerdict.objects.count() == 1


@pytest.mark.parametrize("name", ["", "a/b/c", "no id", "https://huggingface.co/a/b", "new/m"])
def test_names_that_can_mean_nothing_else_are_refused(name, at, by):
    artifact = make_artifact("new/m")
    with pytest.raises(VerdictRefused):
        verdicts.mean_alias(kind=Kind.MODEL, name=name, artifact=artifact, reason="x", by=by, at=at)
    assert not AliasVerdict.objects.exists()


def test_a_name_means_something_of_its_own_kind_and_never_itself(at, by):
    a, b = make_artifact("org/a"), make_artifact("org/b")
    with pytest.raises(VerdictRefused):
        verdicts.mean_alias(kind=Kind.DATASET, name="x", artifact=a, reason="x", by=by, at=at)
    verdicts.mean_alias(kind=Kind.MODEL, name="org/a", artifact=b, reason="x", by=by, at=at)
    a = Artifact.objects.get(pk=a.pk)
    with pytest.raises(VerdictRefused):
        verdicts.mean_alias(kind=Kind.MODEL, name="org/b", artifact=a, reason="x", by=by, at=at)
    assert aliases() == {"org/a => org/b (staff)"}


def test_refusals_name_nothing_from_the_hub(at, by):
    with pytest.raises(VerdictRefused) as refusal:
        verdicts.mean_alias(kind=Kind.MODEL, name="org/a", artifact=make_artifact("org/a"), reason="x", by=by, at=at)
    assert "org/a" not in str(refusal.value)
