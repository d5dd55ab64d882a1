"""One family drawn as a tree, along each artifact's primary parent: the one place where django-tree-queries reads.

Its recursive query starts from every root there is, so it is always given the few artifacts to draw: the line from the
root down to the artifact in question, and the children of the nodes that are open. Which children those are, and how
many there are, is read from the graph: a query would look through all of them, and one artifact can have a hundred
thousand.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from lineage.graph import Graph
from lineage.models import Artifact
from lineage.relatives import Source, most_downloaded, sources
from lineage.vocabulary import Relation

CHILDREN_SHOWN = 20  # of each open node, the most downloaded, unless more are asked for
CHILDREN_SOUGHT = 200  # derivatives among which they are sought: some stand under another source
SOUGHT_IN_ALL = 2_000  # the same, of all the nodes of a drawing together
NODES_OPEN = 25  # by their own keys, at once
NODES_DRAWN = 500  # below the line of the artifact
LINE_SHOWN = 20  # generations above the artifact; of a longer line, the root and the nearest
ALSO_SHOWN = 5  # other sources of one artifact

ANCESTRY = """
    WITH RECURSIVE line(id, parent_id) AS (
        SELECT id, parent_id FROM lineage_artifact WHERE id = %s
        UNION
        SELECT above.id, above.parent_id FROM lineage_artifact AS above JOIN line ON above.id = line.parent_id
    )
    SELECT id, parent_id, 1 FROM line
"""
# With the parents of others asked at once, where they stand in the genealogy.
STANDING = """
    UNION ALL
    SELECT id, parent_id, 0 FROM lineage_artifact
    WHERE is_current AND superseded_by_id IS NULL AND parent_id IS NOT NULL AND id IN ({places})
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of a family is drawn.

    `levels`: generations below the artifact, open unless `shut`; `opened`: further branches, wherever they stand. Both
    are keys, and `opened` wins. `children`: how many of one branch are drawn at most. Derivatives of the relations
    `folded` are counted and not drawn.
    """

    opened: Collection[int] = ()
    shut: Collection[int] = ()
    levels: int = 1
    children: int = CHILDREN_SHOWN
    folded: frozenset[Relation] = frozenset()


@dataclass(slots=True)
class Branch:
    """One line of the drawn tree.

    `children`: how many direct derivatives of its kind it has; `drawn`: how many of them follow, which are those that
    stand under it; `folded`: how many are left out by their relation; `skipped`: generations between it and the next
    one drawn. `closes`: the branches whose last drawn child this is, innermost first. `source`: the edge from its
    parent, None for a root; `also`: edges from its other sources of its kind, `also_others` of them not among these.
    """

    artifact: Artifact
    depth: int
    children: int = 0
    drawn: int = 0
    skipped: int = 0
    is_open: bool = False
    is_focus: bool = False
    folded: int = 0
    closes: list["Branch"] = field(default_factory=list)
    source: Source | None = None
    also: list[Source] = field(default_factory=list)
    also_others: int = 0

    @property
    def others(self) -> int:
        """Children that are neither drawn nor folded."""
        return self.children - self.drawn - self.folded


def family_tree(graph: Graph, focus: Artifact, scope: Scope = Scope()) -> list[Branch]:
    """The family of `focus` from its root, depth first: its line of parents, and the children of every open node.

    Keys of anything that is not drawn do nothing. Two queries, whatever the size of the family and of the scope.
    """
    line, ranks, unfolded = _ranked_children(graph, focus.pk, scope)
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
    return _laid_out(graph, branches, scope.folded)


def children_of(graph: Graph, node: Artifact) -> list[Branch]:
    """The most downloaded children of one node, each closed, in drawing order; the last one ends the branch."""
    _line, ranks, _open = _ranked_children(graph, node.pk, Scope())
    children = Artifact.objects.in_bulk(ranks)
    branches = [Branch(children[key], 1) for key in sorted(ranks, key=lambda key: (ranks[key], key)) if key in children]
    return _laid_out(graph, [Branch(node, 0, is_open=True), *branches])


def primary_line(key: int) -> list[int]:
    """Keys from the root of the primary line down to this artifact. One query, of as many rows as generations."""
    return _line_and_parents(key, ())[0]


def _line_and_parents(key: int, others: Collection[int]) -> tuple[list[int], dict[int, int]]:
    """The primary line of `key` from its root, and the parent of each of the `others` that has one. One query."""
    more = STANDING.format(places=", ".join(["%s"] * len(others))) if others else ""
    with connection.cursor() as cursor:
        cursor.execute(ANCESTRY + more, [key, *others])
        rows = cursor.fetchall()
    above = {child: parent for child, parent, in_line in rows if in_line}
    line: list[int] = []
    at: int | None = key
    while at is not None and at in above:
        line.append(at)
        at = above.pop(at)
    return line[::-1], {child: parent for child, parent, in_line in rows if not in_line}


def _ranked_children(graph: Graph, focus: int, scope: Scope) -> tuple[list[int], dict[int, int], Collection[int]]:
    """The line of `focus`; the children to draw, with their place among their siblings from 1; which nodes are open.

    Generation by generation, so that those above are drawn where not all can be. One query.
    """
    sought = _sought(graph, focus, scope)
    line, parent_of = _line_and_parents(focus, {key for derived in sought.values() for key in derived})
    ranks: dict[int, int] = {}
    waiting = deque([focus, *(key for key in line if key != focus)])
    reached = set(waiting)
    while waiting and len(ranks) < NODES_DRAWN:
        parent = waiting.popleft()
        children = [key for key in sought.get(parent, []) if parent_of.get(key) == parent]
        drawn = children[: min(scope.children, NODES_DRAWN - len(ranks))]
        ranks |= {key: place for place, key in enumerate(drawn, start=1)}
        waiting.extend(key for key in drawn if key not in reached)
        reached.update(drawn)
    return line, ranks, sought.keys()


def _sought(graph: Graph, focus: int, scope: Scope) -> Mapping[int, list[int]]:
    """The derivatives, most downloaded first, of each node that is open if it is drawn: some stand under another."""
    shut = set(scope.shut) - set(scope.opened)
    limit = max(CHILDREN_SOUGHT, scope.children)
    sought: dict[int, list[int]] = {}

    def seek(keys: Collection[int], left: int) -> int:
        """The derivatives of these; returns how many more nodes may be looked at."""
        for key in keys:
            if key not in sought and key not in shut and left > 0:
                sought[key] = most_downloaded(graph, key, limit=limit, without=scope.folded)[0]
                left -= 1 + len(sought[key])
        return left

    level, left = [focus], SOUGHT_IN_ALL
    for _generation in range(scope.levels):
        left = seek(level, left)
        level = [child for key in level for child in sought.get(key, []) if child not in sought]
        if not level or left <= 0:
            break
    seek([key for key in scope.opened if key != focus][:NODES_OPEN], SOUGHT_IN_ALL)
    return sought


def _drawn(keys: Collection[int]) -> list[Any]:
    """Those of the artifacts that hang together from the root, each with the library's `tree_depth` and `tree_path`."""
    forest = Artifact.forest.with_tree_fields().tree_filter(pk__in=keys).filter(pk__in=keys)
    return list(forest.only("kind", "repo_id", "presence", "withheld_at", "parent"))


def _laid_out(graph: Graph, branches: list[Branch], folded: frozenset[Relation] = frozenset()) -> list[Branch]:
    """Count children and say where each branch ends, so that a template can draw nested lists in one pass."""
    above: list[Branch] = []
    for position, branch in enumerate(branches):
        _tell(graph, branch, folded)
        above = above[: _level(branch, above)]
        if above:
            above[-1].drawn += 1
        above.append(branch)
        following = branches[position + 1] if position + 1 < len(branches) else None
        ends = _level(following, above) if following else 0
        branch.closes = [ended for ended in reversed(above[ends:]) if ended is not branch]
    return branches


def _tell(graph: Graph, branch: Branch, folded: frozenset[Relation]) -> None:
    """What the graph knows of one branch: how many children, and the edges from its sources."""
    key = branch.artifact.pk
    branch.children = most_downloaded(graph, key, limit=0)[1]
    if branch.is_open and folded:
        branch.folded = branch.children - most_downloaded(graph, key, limit=0, without=folded)[1]
    known = sources(graph, key)
    parent = branch.artifact.parent_id
    branch.source = next((source for source in known if source.key == parent), None)
    also = [source for source in known if source.key != parent]
    branch.also, branch.also_others = also[:ALSO_SHOWN], max(len(also) - ALSO_SHOWN, 0)


def _level(branch: Branch, above: Sequence[Branch]) -> int:
    """How many of the branches above it are its ancestors."""
    return sum(ancestor.depth < branch.depth for ancestor in above)
