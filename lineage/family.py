"""One family drawn as a tree, along each artifact's primary parent: the one place where django-tree-queries reads.

Its recursive query starts from every root there is, so it is always given the few artifacts to draw: the line from the
root down to the artifact in question, and the children of the nodes that are open. Which children those are, and how
many there are, is read from the graph: a query would look through all of them, and one artifact can have a hundred
thousand.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from lineage.graph import Graph
from lineage.models import Artifact
from lineage.relatives import most_downloaded

CHILDREN_SHOWN = 20  # of each open node, the most downloaded
CHILDREN_SOUGHT = 200  # derivatives among which they are sought: some stand under another source
NODES_OPEN = 25  # at once: with their children, some 500 nodes
LINE_SHOWN = 20  # generations above the artifact; of a longer line, the root and the nearest

ANCESTRY = """
    WITH RECURSIVE line(id, parent_id) AS (
        SELECT id, parent_id FROM lineage_artifact WHERE id = %s
        UNION
        SELECT above.id, above.parent_id FROM lineage_artifact AS above JOIN line ON above.id = line.parent_id
    )
    SELECT id, parent_id FROM line
"""


@dataclass(slots=True)
class Branch:
    """One line of the drawn tree.

    `children`: how many direct derivatives of its kind it has; `drawn`: how many of them follow, which are those that
    stand under it; `skipped`: generations between it and the next one drawn. `closes`: the branches whose last drawn child this is, innermost first.
    """

    artifact: Artifact
    depth: int
    children: int = 0
    drawn: int = 0
    skipped: int = 0
    is_open: bool = False
    is_focus: bool = False
    closes: list["Branch"] = field(default_factory=list)

    @property
    def others(self) -> int:
        """Children that are not drawn."""
        return self.children - self.drawn


def family_tree(graph: Graph, focus: Artifact, opened: Collection[int] = ()) -> list[Branch]:
    """The family of `focus` from its root, depth first: its line of parents, and the children of every open node.

    `focus` is open, and so are those of `opened` (keys) that are drawn; keys of anything else do nothing. Three queries,
    whatever the size of the family.
    """
    line = primary_line(focus.pk)
    unfolded = [focus.pk, *[key for key in opened if key != focus.pk][:NODES_OPEN]]
    ranks = _ranked_children(graph, unfolded)
    hidden = set(line[1:-LINE_SHOWN])
    nodes = _drawn({*line, *ranks})
    nodes.sort(key=lambda node: [(ranks.get(key, 0), key) for key in node.tree_path])
    branches = [
        Branch(node, node.tree_depth, is_open=node.pk in unfolded, is_focus=node.pk == focus.pk)
        for node in nodes
        if node.pk not in hidden
    ]
    if hidden:
        branches[0].skipped = len(hidden)
    return _laid_out(graph, branches)


def children_of(graph: Graph, node: Artifact) -> list[Branch]:
    """The most downloaded children of one node, each closed, in drawing order; the last one closes the node's branch."""
    ranks = _ranked_children(graph, [node.pk])
    children = Artifact.objects.in_bulk(ranks)
    branches = [Branch(children[key], 1) for key in sorted(ranks, key=lambda key: (ranks[key], key)) if key in children]
    return _laid_out(graph, [Branch(node, 0, is_open=True), *branches])


def primary_line(key: int) -> list[int]:
    """Keys from the root of the primary line down to this artifact. One query, of as many rows as generations."""
    with connection.cursor() as cursor:
        cursor.execute(ANCESTRY, [key])
        parents: dict[int, int | None] = dict(cursor.fetchall())
    line: list[int] = []
    above: int | None = key
    while above is not None and above in parents:
        line.append(above)
        above = parents.pop(above)
    return line[::-1]


def _ranked_children(graph: Graph, parents: Sequence[int]) -> dict[int, int]:
    """The children to draw of each parent: their keys, with their place among their siblings from 1. One query."""
    sought = {parent: most_downloaded(graph, parent, limit=CHILDREN_SOUGHT)[0] for parent in parents}
    keys = {key for derived in sought.values() for key in derived}
    standing = Artifact.objects.standing().filter(pk__in=keys, parent__in=parents).values_list("pk", "parent")
    parent_of = dict(standing)
    ranks: dict[int, int] = {}
    for parent, derived in sought.items():
        children = [key for key in derived if parent_of.get(key) == parent][:CHILDREN_SHOWN]
        ranks |= {key: place for place, key in enumerate(children, start=1)}
    return ranks


def _drawn(keys: Collection[int]) -> list[Any]:
    """Those of the artifacts that hang together from the root, each with the library's `tree_depth` and `tree_path`."""
    forest = Artifact.forest.with_tree_fields().tree_filter(pk__in=keys).filter(pk__in=keys)
    return list(forest.select_related("counter"))


def _laid_out(graph: Graph, branches: list[Branch]) -> list[Branch]:
    """Count children and say where each branch ends, so that a template can draw nested lists in one pass."""
    above: list[Branch] = []
    for position, branch in enumerate(branches):
        branch.children = most_downloaded(graph, branch.artifact.pk, limit=0)[1]
        above = above[: _level(branch, above)]
        if above:
            above[-1].drawn += 1
        above.append(branch)
        following = branches[position + 1] if position + 1 < len(branches) else None
        ends = _level(following, above) if following else 0
        branch.closes = [ended for ended in reversed(above[ends:]) if ended is not branch]
    return branches


def _level(branch: Branch, above: Sequence[Branch]) -> int:
    """How many of the branches above it are its ancestors."""
    return sum(ancestor.depth < branch.depth for ancestor in above)
