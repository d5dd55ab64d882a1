"""What would remain of a withdrawn artifact, along each way."""

import pytest

from lineage.dossier.withdrawal import ASSUMPTIONS, Remains, after, consequences
from lineage.vocabulary import Certainty, Relation
from tests.factories import make_artifact
from tests.graphs import draw


@pytest.mark.parametrize(
    ("way", "remains"),
    [
        ("quantized", "copy"),
        ("finetune", "changed"),
        ("merge", "mixed"),
        ("adapter", "needed"),
        ("trained_on", "learnt"),
        ("extended_from", "content"),
        ("unspecified", "unknown"),
        ("quantized quantized", "copy"),
        ("quantized finetune", "changed"),
        ("finetune quantized", "changed"),
        ("finetune merge", "mixed"),
        ("merge quantized", "mixed"),
        ("merge finetune", "mixed"),
        ("finetune adapter", "needed"),
        ("adapter quantized", "unknown"),
        ("adapter adapter", "needed"),
        ("finetune unspecified", "unknown"),
        ("trained_on quantized", "learnt"),
        ("trained_on finetune merge", "learnt"),
        ("trained_on adapter", "needed"),
        ("extended_from extended_from", "content"),
        ("extended_from trained_on finetune", "learnt"),
        ("unspecified quantized", "unknown"),
    ],
)
def test_what_remains_along_a_way(way: str, remains: str) -> None:
    state: Remains | None = None
    for relation in way.split():
        state = after(state, Relation(relation))
    assert state == Remains(remains)


def test_every_outcome_states_its_assumption() -> None:
    assert set(ASSUMPTIONS) == set(Remains)


@pytest.mark.django_db
def test_the_table_counts_each_sort_of_descendant() -> None:
    drawn = draw("""
        a -[quantized]-> q1; a -[quantized,declared]-> q2; a -> f -[quantized]-> q3; a -[adapter]-> l -[quantized]-> q4
        q1 -[quantized]-> q5; a -[merge,inferred]-> guess
    """)
    told = [
        (line.relation.value, line.remains.value, line.count, line.direct, line.weakest.value)
        for line in consequences(drawn["a"])
    ]
    assert told == [
        ("finetune", "changed", 1, 1, "resolved"),
        ("adapter", "needed", 1, 1, "resolved"),
        ("quantized", "copy", 3, 2, "declared"),
        ("quantized", "changed", 1, 0, "resolved"),
        ("quantized", "unknown", 1, 0, "resolved"),
    ]
    assert [line.relation for line in consequences(drawn["a"], certainty=Certainty.INFERRED)].count(Relation.MERGE) == 1


@pytest.mark.django_db
def test_of_what_nothing_was_made_nothing_remains() -> None:
    assert consequences(make_artifact()) == []
