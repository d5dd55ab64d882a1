"""The direct sources and derivatives of an artifact, grouped by relation, read from the graph's arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.graph import Graph
from lineage.graph.arrays import PRESENCES
from lineage.trace import CERTAINTIES, KINDS, RELATIONS, Adjacency, Filters, walk
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation


@dataclass(frozen=True, slots=True)
class Relative:
    """One artifact at the other end of an edge; `key` is its primary key. `downloads`: in the last 30 days."""

    key: int
    kind: Kind
    certainty: Certainty
    downloads: int


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


@dataclass(frozen=True, slots=True)
class Source:
    """The edge from one source: its key, the relation and the certainty."""

    key: int
    relation: Relation
    certainty: Certainty


def sources(graph: Graph, key: int) -> list[Source]:
    """The edges from the direct sources of the artifact's own kind, one each: the surest, then the preferred relation.

    Edges that a rule assumed do not count. In order of their keys.
    """
    node = graph.node_of(key)
    if node is None:
        return []
    edges = graph.upstream
    mine = slice(int(edges.starts[node]), int(edges.starts[node + 1]))
    found: dict[int, tuple[int, int]] = {}
    columns = edges.ends[mine].tolist(), edges.certainties[mine].tolist(), edges.relations[mine].tolist()
    for end, certainty, relation in zip(*columns, strict=True):
        if certainty != CERTAINTIES.index(Certainty.INFERRED) and graph.kinds[end] == graph.kinds[node]:
            found[end] = min(found.get(end, (certainty, relation)), (certainty, relation))
    edges_by_key = sorted((int(graph.keys[end]), *edge) for end, edge in found.items())
    return [Source(key, RELATIONS[relation], CERTAINTIES[certainty]) for key, certainty, relation in edges_by_key]


def most_downloaded(
    graph: Graph, key: int, *, limit: int, without: frozenset[Relation] = frozenset()
) -> tuple[list[int], int]:
    """Keys of the direct derivatives of the artifact's own kind, the most downloaded first; and how many.

    Edges that a rule assumed do not count, nor those of the relations `without`. At most `limit` keys.
    """
    node = graph.node_of(key)
    if node is None:
        return [], 0
    edges = graph.downstream
    mine = slice(int(edges.starts[node]), int(edges.starts[node + 1]))
    if mine.start == mine.stop:
        return [], 0
    ends = edges.ends[mine]
    counted = (edges.certainties[mine] != CERTAINTIES.index(Certainty.INFERRED)) & (
        graph.kinds[ends] == graph.kinds[node]
    )
    if without:
        counted &= ~np.isin(edges.relations[mine], [RELATIONS.index(relation) for relation in without])
    derived = np.unique(ends[counted])
    best = derived[_ranked(graph, derived)[:limit]]
    return graph.keys[best].tolist(), len(derived)


def reach(graph: Graph, key: int, direction: Direction) -> int:
    """How many artifacts a trace with its default filters finds from this one."""
    node = graph.node_of(key)
    return 0 if node is None else len(walk(graph.adjacency(direction), node, Filters(), graph.marks))


def _group(
    graph: Graph, edges: Adjacency, places: "np.ndarray[tuple[int], np.dtype[np.intp]]", relation: Relation, limit: int
) -> Relatives:
    """The edges at these places, the most downloaded first."""
    best = places[_ranked(graph, edges.ends[places])[:limit]]
    ends = edges.ends[best]
    columns = graph.keys[ends], graph.kinds[ends], edges.certainties[best], graph.downloads[ends]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    shown = [Relative(key, KINDS[kind], CERTAINTIES[code], loaded) for key, kind, code, loaded in rows]
    return Relatives(relation, len(places), shown)


def _ranked(graph: Graph, nodes: NDArray[np.int32]) -> NDArray[np.intp]:
    """Places of the nodes, most downloaded first; ties by key, since the order of names would tell of masked ones."""
    return np.lexsort((graph.keys[nodes], -graph.downloads[nodes]))


def coverage(graph: Graph) -> Coverage:
    """What the base holds, to say beside every count how much of the Hub is silent. Some milliseconds at millions."""
    listed = graph.presences == PRESENCES.index(Presence.LISTED)
    models = listed & (graph.kinds == KINDS.index(Kind.MODEL))
    sourceless = np.diff(graph.upstream.starts) == 0
    counts = [int(np.count_nonzero(which)) for which in (models, listed & ~models, models & sourceless)]
    return Coverage(*counts)
