"""Why is it here? All shortest ways from the origin of a trace to one of its hops."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.graph import Graph
from lineage.models import Artifact
from lineage.trace import CERTAINTIES, RELATIONS, Filters, allowed, walk
from lineage.tracing import Trace
from lineage.vocabulary import Certainty, Direction, Relation


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a way, told as it was made: `derived_key` was made from `source_key`, in one or several ways."""

    source_key: int
    derived_key: int
    edges: tuple[tuple[Relation, Certainty], ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The shortest ways, each from the origin to the target. `more`: there are others beyond the limit."""

    ways: list[list[Link]]
    more: bool


def shortest_ways(trace: Trace, target: Artifact, *, limit: int = 20) -> Ways:
    """All shortest ways under the trace's filters, at most `limit`; none where the target is no hop, nor the origin.

    In the order of the repository ids along them, from the target back.
    """
    graph = trace.graph
    start, end = graph.node_of(trace.origin.pk), graph.node_of(target.pk)
    if start is None or end is None or start == end:
        return Ways([], more=False)
    found = list(islice(_Back(graph, trace.direction, trace.filters, start).ways(end), limit + 1))
    links = [[_link(graph, trace, *pair) for pair in pairwise(way)] for way in found[:limit]]
    return Ways(links, more=len(found) > limit)


class _Back:
    """Walks back from a node to the start, always one step nearer to it."""

    def __init__(self, graph: Graph, direction: Direction, filters: Filters, start: int) -> None:
        steps = walk(graph.adjacency(direction), start, filters, graph.marks)
        nodes, depths = np.append(steps.nodes, start), np.append(steps.depths, 0)
        order = np.argsort(nodes)
        self._nodes, self._depths = nodes[order], depths[order]
        opposite = Direction.UPSTREAM if direction == Direction.DOWNSTREAM else Direction.DOWNSTREAM
        self._edges, self._allowed = graph.adjacency(opposite), allowed(filters)

    def ways(self, end: int) -> Iterator[list[int]]:
        """From the start to `end`. No recursion: a way may be longer than Python's stack."""
        depth = int(self._depths_of(np.array([end]))[0])
        if depth < 0:
            return
        waiting = [(end, depth, [end])]
        while waiting:
            node, depth, way = waiting.pop()
            if depth == 0:
                yield way[::-1]
            else:
                nearer = self._nearer(node, depth)
                waiting.extend((before, depth - 1, [*way, before]) for before in reversed(nearer))

    def _nearer(self, node: int, depth: int) -> list[int]:
        """The nodes one step nearer to the start from which an edge that may be followed leads here, in order."""
        row = slice(int(self._edges.starts[node]), int(self._edges.starts[node + 1]))
        kept = self._allowed[self._edges.certainties[row], self._edges.relations[row]]
        ends = np.unique(self._edges.ends[row][kept])
        nearer: list[int] = ends[self._depths_of(ends) == depth - 1].tolist()
        return nearer

    def _depths_of(self, nodes: NDArray[Any]) -> NDArray[np.int64]:
        """How far from the start each node is; -1 where it cannot be reached."""
        places = np.minimum(np.searchsorted(self._nodes, nodes), len(self._nodes) - 1)
        return np.where(self._nodes[places] == nodes, self._depths[places], -1)


def _link(graph: Graph, trace: Trace, before: int, after: int) -> Link:
    """The edges between two neighbours of a way that the filters let through."""
    source, derived = (before, after) if trace.direction == Direction.DOWNSTREAM else (after, before)
    edges = graph.downstream
    row = slice(int(edges.starts[source]), int(edges.starts[source + 1]))
    certainties, relations = edges.certainties[row], edges.relations[row]
    kept = (edges.ends[row] == derived) & allowed(trace.filters)[certainties, relations]
    words = sorted(zip(certainties[kept].tolist(), relations[kept].tolist(), strict=True))
    return Link(
        int(graph.keys[source]),
        int(graph.keys[derived]),
        tuple((RELATIONS[relation], CERTAINTIES[certainty]) for certainty, relation in words),
    )
