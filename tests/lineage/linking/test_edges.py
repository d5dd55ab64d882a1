from datetime import timedelta

import pytest
from django.db import connection

from lineage.inquiries import record_answer
from lineage.linking import link
from lineage.linking.desk import clear_desk
from lineage.linking.edges import EDGES, lay_out_edges
from lineage.linking.nodes import lay_out_nodes
from lineage.linking.targets import lay_out_targets
from lineage.models import Artifact, Bridge, Decision, Derivation, DerivationVerdict, Mention
from lineage.vocabulary import Certainty, Field, Kind, Presence, Relation
from tests.factories import AT, make_artifact, make_derivation, make_mention, make_user
from tests.lineage.linking.cards import card, edges

LATER = AT + timedelta(days=1)

# what org/child says of org/base → the relation and certainty of the edges between them
SAID = {
    "one base in the card": ({"bases": ["org/base"]}, {"unspecified,declared"}),
    "a tag with its relation": ({"tags": ["org/base as adapter"]}, {"adapter,resolved"}),
    "tag and card agree": (
        {"tags": ["org/base as adapter"], "bases": ["org/base as adapter"]},
        {"adapter,resolved"},
    ),
    "the card states no relation": ({"tags": ["org/base as adapter"], "bases": ["org/base"]}, {"adapter,resolved"}),
    "the tag states no relation": ({"tags": ["org/base"], "bases": ["org/base as merge"]}, {"merge,resolved"}),
    "two relations": (
        {"tags": ["org/base as finetune", "org/base as adapter"]},
        {"finetune,resolved", "adapter,resolved"},
    ),
    "one relation declared, the other resolved": (
        {"tags": ["org/base as finetune"], "bases": ["org/base as merge"]},
        {"finetune,resolved", "merge,declared"},
    ),
    "an unspecified tag strengthens every relation": (
        {"tags": ["org/base"], "bases": ["org/base as merge", "org/base as finetune"]},
        {"merge,resolved", "finetune,resolved"},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "expected"), SAID.values(), ids=SAID)
def test_the_evidence_of_a_pair_makes_its_edges(said, expected, at):
    make_artifact("org/base")
    card("org/child", **said)
    link(at=at)
    assert edges() == {f"org/base -[{words}]-> org/child" for words in expected}


@pytest.mark.django_db
def test_several_names_of_one_source_are_one_edge(at):
    for name in ("squad", "SQuAD-v1"):
        record_answer(kind=Kind.DATASET, name=name, answer="redirect", repo_id="rajpurkar/squad", at=at)
    card("org/child", datasets=["squad", "SQuAD-v1", "rajpurkar/squad"])
    link(at=at)
    assert edges() == {"rajpurkar/squad -[trained_on,declared]-> org/child"}


@pytest.mark.django_db
def test_an_alias_that_leads_back_to_the_artifact_itself_makes_no_edge(at):
    card("rajpurkar/squad", kind=Kind.DATASET, sources=["squad"])
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="rajpurkar/squad", at=at)
    link(at=at)
    assert edges() == set()


@pytest.mark.django_db
def test_a_model_and_a_dataset_of_one_name_are_two_nodes(at):
    card("org/twin", kind=Kind.DATASET, sources=["org/raw"])
    card("org/twin", datasets=["org/twin"])
    link(at=at)
    assert edges() == {
        "org/raw -[extended_from,declared]-> org/twin",
        "org/twin -[trained_on,declared]-> org/twin",
    }


@pytest.mark.django_db
def test_edges_of_what_left_the_hub_keep_holding(at):
    child = card("org/child", tags=["org/base"])
    base = make_artifact("org/base")
    link(at=at)
    Artifact.objects.filter(pk__in=[child.pk, base.pk]).update(presence=Presence.GONE, gone_since=LATER)
    linked = link(at=LATER)
    assert (linked.edges_begun, linked.edges_ended, linked.edges_reassessed) == (0, 0, 0)
    assert edges() == {"org/base -[unspecified,resolved]-> org/child"}


@pytest.mark.django_db
def test_an_edge_ends_with_its_evidence_and_comes_back_as_a_new_row(at):
    child = card("org/child", tags=["org/base"])
    link(at=at)
    child.mentions.all().delete()
    link(at=LATER)
    make_mention(child, "org/base", resolved=True)
    link(at=LATER + timedelta(days=1))
    assert list(Derivation.objects.order_by("pk").values_list("relation", "held_from", "held_until")) == [
        (Relation.UNSPECIFIED, at, LATER),
        (Relation.FINETUNE, LATER + timedelta(days=1), None),
    ]


@pytest.mark.django_db
def test_a_certainty_changes_in_place(at):
    child = card("org/child", bases=["org/base"])
    link(at=at)
    make_mention(child, "org/base", resolved=True, relation=Relation.UNSPECIFIED)
    linked = link(at=LATER)
    assert (linked.edges_begun, linked.edges_ended, linked.edges_reassessed) == (0, 0, 1)
    assert edges() == {"org/base -[unspecified,resolved]-> org/child"}
    Mention.objects.filter(field=Field.BASE_MODEL_TAG).delete()
    assert link(at=LATER).edges_reassessed == 1
    assert Derivation.objects.get().held_from == at


@pytest.mark.django_db
def test_an_edge_known_from_later_on_never_ends_before_it_begins(at):
    edge = make_derivation(make_artifact("org/base"), make_artifact("org/child"), held_from=LATER)
    link(at=at)
    edge.refresh_from_db()
    assert edge.held_until == LATER


@pytest.mark.django_db
def test_an_edge_moves_with_its_alias_and_back(at):
    card("org/child", bases=["old/m as merge"])
    link(at=at)
    assert edges() == {"old/m -[merge,declared]-> org/child"}
    teacher = card("org/teacher", bases=["old/m"], tags=["new/m"])
    link(at=LATER)
    assert "new/m -[merge,declared]-> org/child" in edges()
    teacher.mentions.all().delete()
    link(at=LATER + timedelta(days=1))
    assert edges() == {"old/m -[merge,declared]-> org/child"}


def decide(decision: Decision, source: Artifact, derived: Artifact, relation: str) -> None:
    DerivationVerdict.objects.create(
        source=source,
        derived=derived,
        relation=relation,
        decision=decision,
        reason="seen",
        decided_at=AT,
        decided_by=make_user(),
    )


# verdicts on org/base → org/child, whose card says finetune (resolved) and merge (declared)
DECIDED = {
    "an edge the cards do not know": ([("add", "adapter")], {"finetune,resolved", "merge,declared", "adapter,curated"}),
    "an edge the cards know": ([("add", "merge")], {"finetune,resolved", "merge,curated"}),
    "one relation rejected": ([("reject", "finetune")], {"merge,declared"}),
    "all rejected": ([("reject", "")], set()),
    "all rejected but one added": ([("reject", ""), ("add", "merge")], {"merge,curated"}),
    "unspecified added": ([("add", "unspecified")], {"finetune,curated", "merge,curated"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("verdicts", "expected"), DECIDED.values(), ids=DECIDED)
def test_verdicts_are_stronger_than_cards(verdicts, expected, at):
    base = make_artifact("org/base")
    child = card("org/child", tags=["org/base as finetune"], bases=["org/base as merge"])
    for decision, relation in verdicts:
        decide(Decision(decision), base, child, relation)
    link(at=at)
    assert edges() == {f"org/base -[{words}]-> org/child" for words in expected}


@pytest.mark.django_db
def test_rejecting_a_relation_leaves_what_states_none(at):
    base = make_artifact("org/base")
    child = card("org/child", tags=["org/base"], bases=["org/base as merge"])
    decide(Decision.REJECT, base, child, Relation.MERGE)
    link(at=at)
    assert edges() == {"org/base -[unspecified,resolved]-> org/child"}


@pytest.mark.django_db
def test_a_verdict_follows_its_artifacts_and_falls_silent_where_they_fell_together(at):
    new, child = make_artifact("new/m"), make_artifact("org/child")
    old = make_artifact("old/m", presence=Presence.MENTIONED)
    lost = make_artifact("org/child", is_current=False, presence=Presence.GONE, gone_since=at)
    record_answer(kind=Kind.MODEL, name="old/m", answer="redirect", repo_id="new/m", at=at)
    for source, derived in ((old, child), (old, new), (old, lost)):
        decide(Decision.ADD, source, derived, Relation.MERGE)
    link(at=at)
    assert edges() == {"new/m -[merge,curated]-> org/child"}


@pytest.mark.django_db
def test_curated_edges_need_no_card_and_outlive_their_artifacts_listing(at):
    base, child = make_artifact("org/base"), make_artifact("org/child", presence=Presence.MENTIONED)
    decide(Decision.ADD, base, child, Relation.QUANTIZED)
    link(at=at)
    Artifact.objects.filter(pk=base.pk).update(presence=Presence.GONE, gone_since=LATER)
    assert link(at=LATER).changed == 0
    assert Derivation.objects.holding().get().certainty == Certainty.CURATED


def joins(plan):
    """The ways in which a plan joins tables."""
    if plan["Node Type"] in ("Nested Loop", "Hash Join", "Merge Join"):
        yield plan["Node Type"]
    for part in plan.get("Plans", ()):
        yield from joins(part)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite joins by the indexes it is given")
@pytest.mark.django_db
def test_many_bridges_are_not_looked_for_one_by_one(at):
    """Claims that state no relation: none at first, thousands when the bridges come; PostgreSQL has to know."""
    pairs = range(2_000)
    first = make_artifact("org/first").pk
    Artifact.objects.bulk_create(Artifact(kind=Kind.MODEL, repo_id=f"org/m-{n}", presence="listed") for n in pairs)
    made = list(Artifact.objects.filter(pk__gt=first).values_list("pk", flat=True))
    Mention.objects.bulk_create(
        Mention(artifact_id=key, field=Field.BASE_MODEL_TAG, target_kind=Kind.MODEL, target="org/first", relation=how)
        for key in made
        for how in (Relation.FINETUNE, Relation.ADAPTER)
    )
    Bridge.objects.bulk_create(
        Bridge(source_id=key, derived_id=first, certainty=Certainty.DECLARED, held_from=AT, made_at=AT) for key in made
    )

    with clear_desk() as desk:
        nodes = lay_out_nodes(desk)
        lay_out_targets(desk)
        lay_out_edges(desk, nodes)
        (((plan,),),) = desk.rows(f"EXPLAIN (FORMAT JSON) {EDGES}")

    assert list(joins(plan["Plan"]))
    assert "Nested Loop" not in list(joins(plan["Plan"]))
