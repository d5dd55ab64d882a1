import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.linking import link
from lineage.linking.families import grow
from lineage.models import Artifact
from lineage.vocabulary import Kind
from tests.factories import make_artifact
from tests.lineage.linking.cards import card, families, parents

CHOSEN = {
    "the first in the card's order": ({"bases": ["org/z", "org/a"]}, "org/z"),
    "the card's order before a resolved tag": ({"tags": ["org/a"], "bases": ["org/z"]}, "org/z"),
    "code points where the card says nothing": ({"tags": ["org/b", "org/Z", "org/a"]}, "org/Z"),
    "a guess is no parent": ({"bases": ["ORG/guessed", "org/z"]}, "org/z"),
    "a dataset is no parent of a model": ({"datasets": ["org/a"], "bases": ["org/z"]}, "org/z"),
    "only datasets": ({"datasets": ["org/a"]}, None),
    "a position counts though the relation stands elsewhere": (
        {"tags": ["org/z as merge", "org/a as merge"], "bases": ["org/z"]},
        "org/z",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_the_primary_parent(said, expected, at):
    for name in ("org/z", "org/guessed"):
        make_artifact(name)
    card("org/child", **said)
    link(at=at)
    assert parents().get("org/child") == expected


@pytest.mark.django_db
def test_datasets_have_families_of_their_own(at):
    card("org/child", kind=Kind.DATASET, sources=["org/z", "org/a"])
    link(at=at)
    assert parents() == {"org/child": "org/z"}
    assert families() == {"org/child": "org/z", "org/z": "org/z"}


@pytest.mark.django_db
def test_a_family_bears_the_root_of_the_primary_line_and_singles_none(at):
    make_artifact("org/single")
    card("org/b", tags=["org/a"])
    card("org/c", tags=["org/b"])
    card("org/d", tags=["org/b", "org/x"])
    card("org/m", datasets=["org/data"])
    link(at=at)
    assert parents() == {"org/b": "org/a", "org/c": "org/b", "org/d": "org/b"}
    assert families() == dict.fromkeys(("org/a", "org/b", "org/c", "org/d"), "org/a")


@pytest.mark.django_db
def test_a_circle_of_parents_loses_the_edge_into_its_smallest_name(at):
    card("org/b", tags=["org/c"])
    card("org/c", tags=["org/Z"])
    card("org/Z", tags=["org/b"])
    card("org/leaf", tags=["org/c"])
    assert link(at=at).cycles_broken == 1
    assert parents() == {"org/b": "org/c", "org/c": "org/Z", "org/leaf": "org/c"}
    assert set(families().values()) == {"org/Z"}
    assert Artifact.objects.get(cycle_broken=True).repo_id == "org/Z"


@pytest.mark.django_db
def test_places_are_taken_back_with_their_evidence(at):
    child = card("org/b", tags=["org/a"])
    card("org/a", tags=["org/b"])
    link(at=at)
    child.mentions.all().delete()
    linked = link(at=at)
    assert (parents(), linked.cycles_broken) == ({"org/a": "org/b"}, 0)
    Artifact.objects.get(repo_id="org/a").mentions.all().delete()
    link(at=at)
    assert (parents(), families()) == ({}, {})
    assert not Artifact.objects.filter(cycle_broken=True).exists()


@given(st.dictionaries(st.integers(1, 30), st.integers(1, 30), max_size=30))
def test_a_forest_has_no_circles_and_breaks_each_once(drawn):
    drawn = {child: parent for child, parent in drawn.items() if child != parent}
    children, above = (np.array(list(side), dtype=np.int64) for side in (drawn.keys(), drawn.values()))
    forest = grow(children, above, smallest=min)
    parents_of = {
        key: parent for key, parent in zip(forest.keys.tolist(), forest.parents.tolist(), strict=True) if parent
    }
    roots = dict(zip(forest.keys.tolist(), forest.roots.tolist(), strict=True))
    broken = {key for key, mark in zip(forest.keys.tolist(), forest.broken.tolist(), strict=True) if mark}
    assert set(roots) == set(drawn) | set(drawn.values())
    assert {key: parent for key, parent in drawn.items() if key not in broken} == parents_of
    for key in roots:
        line = [key]
        while line[-1] in parents_of:
            line.append(parents_of[line[-1]])
            assert len(line) <= len(roots)
        assert roots[key] == line[-1]
    for key in broken:
        circle = [key]
        while (after := drawn[circle[-1]]) != key:
            circle.append(after)
        assert key == min(circle)
        assert len(broken & set(circle)) == 1


def test_a_long_line_and_a_long_circle():
    count = 5000
    children = np.arange(2, count + 1, dtype=np.int64)
    line = grow(children, children - 1, smallest=min)
    assert set(line.roots.tolist()) == {1}
    circle = grow(np.append(children, 1), np.append(children - 1, count), smallest=min)
    assert set(circle.roots.tolist()) == {1}
    assert circle.broken.sum() == 1


def test_an_empty_forest():
    nothing = np.empty(0, dtype=np.int64)
    assert grow(nothing, nothing, smallest=min).keys.tolist() == []
