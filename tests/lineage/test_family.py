"""Families drawn as text: two spaces a generation; `+` open, `-` closed, `(n)` children in all, `…n` others."""

from collections.abc import Collection
from typing import Any

import pytest

from lineage import family, graph
from lineage.family import Branch, Scope, children_of, family_tree, primary_line
from lineage.models import Artifact, Counter, Derivation
from lineage.relatives import Source
from lineage.vocabulary import Certainty, Presence, Relation
from tests.factories import make_artifact, make_derivation

pytestmark = pytest.mark.django_db


def plant(picture: str) -> dict[str, Artifact]:
    """A family from an indented picture; the earlier of two siblings is the more downloaded."""
    planted: dict[str, Artifact] = {}
    line: list[Artifact] = []
    for place, row in enumerate(row for row in picture.splitlines() if row.strip()):
        depth, name = (len(row) - len(row.lstrip())) // 2, row.strip()
        artifact = under(line[depth - 1] if depth else None, f"org/{name}")
        Counter.objects.create(artifact=artifact, downloads=1000 - place)
        planted[name], line[depth:] = artifact, [artifact]
    return planted


def under(parent: Artifact | None, repo_id: str) -> Artifact:
    """An artifact made from its primary parent."""
    artifact = make_artifact(repo_id, parent=parent)
    if parent is not None:
        make_derivation(parent, artifact)
    return artifact


def tree(focus: Artifact, opened: Collection[int] = (), **scope: Any) -> list[Branch]:
    """The tree of the genealogy as it stands."""
    graph.build()
    return family_tree(graph.current(), focus, Scope(opened, **scope))


def drawn(branches: list[Branch]) -> str:
    """The tree as a reader sees it, from the order and the ends of its branches."""
    rows, level = [], 0
    for branch in branches:
        name = branch.artifact.repo_id.removeprefix("org/")
        mark = ("+" if branch.drawn else "-") + f"({branch.children})" if branch.children else ""
        rows.append("  " * level + name + mark + "*" * branch.is_focus + f" ⋮{branch.skipped}" * bool(branch.skipped))
        level += bool(branch.drawn)
        for ended in branch.closes:
            if ended.others:
                rows.append("  " * level + f"…{ended.others}")
            level -= 1
    assert level == 0
    return "\n".join(rows)


def art(picture: str) -> str:
    """The picture without its common indentation and blank lines."""
    rows = [row for row in picture.splitlines() if row.strip()]
    margin = min(len(row) - len(row.lstrip()) for row in rows)
    return "\n".join(row[margin:] for row in rows)


FAMILY = art("""
    llama
      instruct
        chat
          chat-gguf
        coder
      base-gguf
        deep
          deeper
""")


@pytest.mark.parametrize(
    ("focus", "opened", "expected"),
    [
        ("llama", [], "llama+(2)*\n  instruct-(2)\n  base-gguf-(1)"),
        ("base-gguf", [], "llama+(2)\n  base-gguf+(1)*\n    deep-(1)\n  …1"),
        ("chat", [], "llama+(2)\n  instruct+(2)\n    chat+(1)*\n      chat-gguf\n    …1\n  …1"),
        ("chat-gguf", [], "llama+(2)\n  instruct+(2)\n    chat+(1)\n      chat-gguf*\n    …1\n  …1"),
        ("llama", ["instruct"], "llama+(2)*\n  instruct+(2)\n    chat-(1)\n    coder\n  base-gguf-(1)"),
        ("chat", ["llama"], "llama+(2)\n  instruct+(2)\n    chat+(1)*\n      chat-gguf\n    …1\n  base-gguf-(1)"),
        # an open branch that is not drawn, for its own parent is closed, does nothing
        ("llama", ["deep"], "llama+(2)*\n  instruct-(2)\n  base-gguf-(1)"),
    ],
)
def test_the_line_down_to_the_focus_and_the_children_of_what_is_open(focus, opened, expected):
    planted = plant(FAMILY)
    assert drawn(tree(planted[focus], [planted[name].pk for name in opened])) == expected


def test_keys_of_nothing_and_of_other_families_do_nothing():
    planted, stranger = plant("a\n  b"), plant("x\n  y")
    assert drawn(tree(planted["a"], [stranger["x"].pk, 10**15, 0, -1])) == "a+(1)*\n  b"


def test_one_without_family_is_alone():
    (branch,) = tree(make_artifact("org/alone"))
    assert (branch.children, branch.others, branch.closes) == (0, 0, [])


def test_only_the_most_downloaded_children_are_drawn():
    planted = plant("a\n  b\n  c\n  d\n  e")
    assert drawn(tree(planted["a"], children=2)) == "a+(4)*\n  b\n  c\n  …2"
    assert drawn(tree(planted["e"], children=2)) == "a+(4)\n  e*\n  …3"
    assert drawn(tree(planted["e"], [planted["a"].pk], children=2)) == "a+(4)\n  e*\n  b\n  c\n  …1"


def test_no_more_branches_are_opened_than_the_bound(monkeypatch):
    monkeypatch.setattr(family, "NODES_OPEN", 1)
    planted = plant("a\n  b\n    c\n  d\n    e")
    opened = [planted["b"].pk, planted["d"].pk]
    assert drawn(tree(planted["a"], opened)) == "a+(2)*\n  b+(1)\n    c\n  d-(1)"


@pytest.mark.parametrize(
    ("levels", "shut", "expected"),
    [
        (0, [], "llama*-"),
        (2, [], "llama+(2)*\n  instruct+(2)\n    chat-(1)\n    coder\n  base-gguf+(1)\n    deep-(1)"),
        (2, ["instruct"], "llama+(2)*\n  instruct-(2)\n  base-gguf+(1)\n    deep-(1)"),
        (9, [], FAMILY),
    ],
)
def test_generations_are_opened_below_the_focus_unless_shut(levels, shut, expected):
    planted = plant(FAMILY)
    told = drawn(tree(planted["llama"], shut=[planted[name].pk for name in shut], levels=levels))
    if levels == 9:
        told = "\n".join(line.split("+")[0].split("-(")[0].rstrip("*") for line in told.splitlines())
    assert told == expected.replace("llama*-", "llama-(2)*")


def test_what_is_opened_by_its_key_wins_over_shut():
    planted = plant("a\n  b\n    c")
    assert drawn(tree(planted["a"], [planted["b"].pk], shut=[planted["b"].pk])) == "a+(1)*\n  b+(1)\n    c"


def test_no_more_nodes_are_drawn_than_the_bound_those_above_first(monkeypatch):
    monkeypatch.setattr(family, "NODES_DRAWN", 3)
    planted = plant("a\n  b\n    d\n    e\n  c\n    f")
    assert drawn(tree(planted["a"], levels=5)) == "a+(2)*\n  b+(2)\n    d\n    …1\n  c-(1)"


def test_folded_relations_are_counted_and_not_drawn():
    planted = plant("a\n  b\n  c\n    d\n  e")
    for name in "ce":
        Derivation.objects.filter(derived=planted[name]).update(relation=Relation.QUANTIZED)
    root, *others = tree(planted["a"], folded=frozenset({Relation.QUANTIZED}))
    assert [branch.artifact for branch in others] == [planted["b"]]
    assert (root.children, root.drawn, root.folded, root.others) == (3, 1, 2, 0)
    # the line down to the artifact itself is drawn whatever is folded
    assert [branch.artifact for branch in tree(planted["d"], folded=frozenset(Relation))] == [
        planted[name] for name in "acd"
    ]


def test_each_branch_knows_the_edge_from_its_parent_and_its_other_sources():
    planted = plant("a\n  b\n  c")
    other, guessed = make_artifact("org/x"), make_artifact("org/y")
    make_derivation(planted["b"], planted["c"], relation=Relation.MERGE, certainty=Certainty.DECLARED)
    make_derivation(other, planted["c"], relation=Relation.MERGE)
    make_derivation(guessed, planted["c"], certainty=Certainty.INFERRED)
    branches = {branch.artifact.repo_id: branch for branch in tree(planted["a"])}
    assert branches["org/a"].source is None
    assert branches["org/c"].source == Source(planted["a"].pk, Relation.FINETUNE, Certainty.RESOLVED)
    assert branches["org/c"].also == [
        Source(planted["b"].pk, Relation.MERGE, Certainty.DECLARED),
        Source(other.pk, Relation.MERGE, Certainty.RESOLVED),
    ]


def test_many_other_sources_are_counted(monkeypatch):
    monkeypatch.setattr(family, "ALSO_SHOWN", 1)
    planted = plant("a\n  b")
    for name in ("x", "y", "z"):
        make_derivation(make_artifact(f"org/{name}"), planted["b"], relation=Relation.MERGE)
    branch = tree(planted["a"])[1]
    assert (len(branch.also), branch.also_others) == (1, 2)


def test_of_a_long_line_the_root_and_the_nearest_are_drawn(monkeypatch):
    monkeypatch.setattr(family, "LINE_SHOWN", 2)
    planted = plant("a\n  b\n    c\n      d\n        e\n          f")
    assert drawn(tree(planted["e"])) == "a+(1) ⋮2\n  d+(1)\n    e+(1)*\n      f"


def test_a_line_of_a_thousand_generations_is_drawn():
    last = make_artifact("org/0")
    for number in range(1, 1000):
        last = under(last, f"org/{number}")
    branches = tree(last)
    assert len(branches) == family.LINE_SHOWN + 1
    assert branches[0].skipped == 1000 - len(branches)


def test_an_artifact_known_under_another_name_is_no_child():
    planted = plant("a\n  b\n  c")
    Artifact.objects.filter(pk=planted["c"].pk).update(superseded_by=planted["b"])
    Derivation.objects.filter(derived=planted["c"]).delete()
    assert drawn(tree(planted["a"])) == "a+(1)*\n  b"


def test_gone_and_mentioned_ones_stay_in_the_family(at):
    planted = plant("a\n  b")
    Artifact.objects.filter(pk=planted["a"].pk).update(presence=Presence.GONE, gone_since=at)
    assert drawn(tree(planted["b"])) == "a+(1)\n  b*"


def test_children_of_one_node_for_a_script():
    planted = plant(FAMILY)
    root, *children = children_of(graph.current(), planted["instruct"])
    assert (root.artifact, root.drawn, root.others) == (planted["instruct"], 2, 0)
    assert [(child.artifact.repo_id, child.children) for child in children] == [("org/chat", 1), ("org/coder", 0)]
    assert [ended for child in children for ended in child.closes] == [root]


def test_a_circle_in_the_parents_ends_the_line():
    a, b = make_artifact(), make_artifact()
    Artifact.objects.filter(pk=a.pk).update(parent=b)
    Artifact.objects.filter(pk=b.pk).update(parent=a)
    assert primary_line(a.pk) == [b.pk, a.pk]
    assert tree(a) == []


@pytest.mark.parametrize("size", [3, 60])
def test_queries_do_not_grow_with_the_family(django_assert_num_queries, size):
    planted = plant("a\n" + "\n".join(f"  b{number}\n    c{number}" for number in range(size)))
    opened = graph.current()
    with django_assert_num_queries(2):
        family_tree(opened, planted["c1"], Scope([planted["a"].pk, planted["b1"].pk, planted["b2"].pk], levels=3))
