"""The direct sources and derivatives of an artifact, grouped by relation, read from the graph's arrays."""

from dataclasses import dataclass

import numpy as np

from lineage.graph import Graph
from lineage.graph.arrays import PRESENCES
from lineage.trace import CERTAINTIES, KINDS, RELATIONS, Adjacency, Filters, walk
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation


@dataclass(frozen=True, slots=True)
class Relative:
    """One artifact at the other end of an edge; `key` is its primary key."""

    key: int
    kind: Kind
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Relatives:
    """All edges of one relation, one way: how many there are, and the most downloaded of those artifacts."""

    relation: Relation
    count: int
    shown: list[Relative]

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many artifacts the Hub lists, of each kind, and how many models among them have no known source."""

    models: int
    datasets: int
    silent_models: int


def relatives(graph: Graph, key: int, direction: Direction, *, limit: int) -> list[Relatives]:
    """Direct derivatives (downstream) or sources (upstream), in the order of the relations, at most `limit` of each.

    Costs what the artifact has of edges. Empty for an artifact that the graph does not hold.
    """
    node = graph.node_of(key)
    if node is None:
        return []
    edges = graph.adjacency(direction)
    mine = slice(int(edges.starts[node]), int(edges.starts[node + 1]))
    codes = edges.relations[mine]
    return [
        _group(graph, edges, mine.start + np.flatnonzero(codes == code), RELATIONS[code], limit)
        for code in np.unique(codes).tolist()
    ]


def most_downloaded(graph: Graph, key: int, *, limit: int) -> tuple[list[int], int]:
    """Keys of the direct derivatives of the artifact's own kind, the most downloaded first, then by name; and how many.

    Edges that a rule assumed do not count. At most `limit` keys.
    """
    node = graph.node_of(key)
    if node is None:
        return [], 0
    edges = graph.downstream
    mine = slice(int(edges.starts[node]), int(edges.starts[node + 1]))
    ends = edges.ends[mine]
    counted = (edges.certainties[mine] != CERTAINTIES.index(Certainty.INFERRED)) & (
        graph.kinds[ends] == graph.kinds[node]
    )
    derived = np.unique(ends[counted])
    best = derived[np.argsort(-graph.downloads[derived], kind="stable")[:limit]]
    return graph.keys[best].tolist(), len(derived)


def reach(graph: Graph, key: int, direction: Direction) -> int:
    """How many artifacts a trace with its default filters finds from this one."""
    node = graph.node_of(key)
    return 0 if node is None else len(walk(graph.adjacency(direction), node, Filters(), graph.marks))


def _group(
    graph: Graph, edges: Adjacency, places: "np.ndarray[tuple[int], np.dtype[np.intp]]", relation: Relation, limit: int
) -> Relatives:
    """The edges at these places: the most downloaded first, then by name."""
    downloads = graph.downloads[edges.ends[places]]
    best = places[np.argsort(-downloads, kind="stable")[:limit]]
    ends = edges.ends[best]
    columns = graph.keys[ends].tolist(), graph.kinds[ends].tolist(), edges.certainties[best].tolist()
    shown = [Relative(key, KINDS[kind], CERTAINTIES[code]) for key, kind, code in zip(*columns, strict=True)]
    return Relatives(relation, len(places), shown)


def coverage(graph: Graph) -> Coverage:
    """What the base holds, to say beside every count how much of the Hub is silent. Some milliseconds at millions."""
    listed = graph.presences == PRESENCES.index(Presence.LISTED)
    models = listed & (graph.kinds == KINDS.index(Kind.MODEL))
    sourceless = np.diff(graph.upstream.starts) == 0
    counts = [int(np.count_nonzero(which)) for which in (models, listed & ~models, models & sourceless)]
    return Coverage(*counts)
