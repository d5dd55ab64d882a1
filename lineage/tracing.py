"""What was made from an artifact, or what it was made from: the walk, asked for an artifact and told in hops."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lineage import graph
from lineage.graph import PRESENCES, Graph
from lineage.models import Artifact
from lineage.trace import CERTAINTIES, KINDS, RELATIONS, Filters, Steps, joined, walk, walk_from
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation

__all__ = ["Filters", "Hop", "Order", "Trace", "reached", "trace_from"]

MENTIONED = PRESENCES.index(Presence.MENTIONED)


class Order(StrEnum):
    """In which order the hops of a trace are told."""

    DEPTH = "depth"  # then repository id (code points) and kind, or our key (`Trace.ordered`)
    DOWNLOADS = "downloads"  # most first; equal ones by depth and name
    LIKES = "likes"
    NEWEST = "newest"  # created last first; those without a date last


@dataclass(frozen=True, slots=True)
class Hop:
    """One artifact of a trace. `artifact_key` and `via_key` are primary keys; `via` is the step before it.

    `downloads` (of 30 days) and `likes` are the latest the Hub told; None for what it never listed.
    """

    artifact_key: int
    kind: Kind
    depth: int
    relation: Relation
    certainty: Certainty
    path_certainty: Certainty
    via_key: int
    via_kind: Kind
    downloads: int | None = field(compare=False)  # no part of what was found: they change from day to day
    likes: int | None = field(compare=False)


@dataclass(frozen=True)
class Trace:
    """The answer to a trace: arrays of steps, in the order of `Order.DEPTH` unless `ordered` otherwise.

    `as_of` is the start of the latest harvest that is linked in, None before the first.
    """

    origin: Artifact
    direction: Direction
    filters: Filters
    graph: Graph
    steps: Steps

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def count(self) -> int:
        return len(self.steps)

    @property
    def as_of(self) -> datetime | None:
        return self.graph.as_of

    @cached_property
    def keys(self) -> NDArray[np.int64]:
        """The artifacts' primary keys, in the trace's order."""
        return self.graph.keys[self.steps.nodes]

    def ordered(self, order: Order, *, by_name: bool = True) -> "Trace":
        """The same trace in another order; cut on the arrays, so any page of it costs the same.

        `by_name`: equal ones by name, else by our key: between two names in clear, the place of a masked one tells
        how it begins.
        """
        asked = self.direction, self.origin.pk, self.filters, order, by_name
        return replace(self, steps=self.graph.walks.steps(asked, lambda: self._in_order(order, by_name=by_name)))

    def _in_order(self, order: Order, *, by_name: bool) -> Steps:
        steps, graph = self.steps, self.graph
        places = np.lexsort((steps.nodes if by_name else graph.keys[steps.nodes], steps.depths))
        if order != Order.DEPTH:
            columns = {Order.DOWNLOADS: graph.downloads, Order.LIKES: graph.likes, Order.NEWEST: graph.created}
            places = places[np.argsort(-columns[order][steps.nodes[places]], kind="stable")]
        return steps.pick(places)

    def page(self, offset: int, limit: int) -> list[Hop]:
        """At most `limit` hops, from the one at `offset` (0 is the first)."""
        start = max(offset, 0)
        steps = self.steps.pick(slice(start, start + max(limit, 0)))
        columns = (
            self.graph.keys[steps.nodes],
            self.graph.kinds[steps.nodes],
            steps.depths,
            steps.relations,
            steps.certainties,
            steps.path_certainties,
            self.graph.keys[steps.vias],
            self.graph.kinds[steps.vias],
            self.graph.presences[steps.nodes] != MENTIONED,
            self.graph.downloads[steps.nodes],
            self.graph.likes[steps.nodes],
        )
        return [
            Hop(
                artifact_key=key,
                kind=KINDS[kind],
                depth=depth,
                relation=RELATIONS[relation],
                certainty=CERTAINTIES[certainty],
                path_certainty=CERTAINTIES[path],
                via_key=via,
                via_kind=KINDS[via_kind],
                downloads=downloads if counted else None,
                likes=likes if counted else None,
            )
            for key, kind, depth, relation, certainty, path, via, via_kind, counted, downloads, likes in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def pages(self, size: int) -> Iterator[list[Hop]]:
        """All hops, `size` at a time: memory stays flat however long the trace is."""
        for offset in range(0, len(self), size):
            yield self.page(offset, size)


def reached(keys: Collection[int], *, direction: Direction = Direction.DOWNSTREAM) -> NDArray[np.int64]:
    """The keys of all that a trace from any of these artifacts finds, without themselves; in one walk."""
    opened = graph.current()
    nodes = (opened.node_of(key) for key in keys)
    origins = np.unique(np.array([node for node in nodes if node is not None], dtype=np.int32))
    return opened.keys[walk_from(opened.adjacency(direction), origins, Filters(), opened.marks).nodes]


def trace_from(
    artifact: Artifact,
    *,
    direction: Direction = Direction.DOWNSTREAM,
    filters: Filters | None = None,
    opened: Graph | None = None,
) -> Trace:
    """Trace from an artifact over the edges that hold, or over another graph that was `opened`.

    One that the graph does not hold yet (a harvest stored it and has not linked it) traces to nothing. The origin is
    never a hop.
    """
    filters = filters or Filters()
    opened = graph.current() if opened is None else opened
    node = opened.node_of(artifact.pk)
    if node is None:
        return Trace(artifact, direction, filters, opened, joined([]))
    asked = direction, node, replace(filters, kinds=frozenset(), presences=frozenset())
    steps = opened.walks.steps(asked, lambda: walk(opened.adjacency(direction), node, filters, opened.marks))
    return Trace(artifact, direction, filters, opened, _reported(steps, filters, opened))


def _reported(steps: Steps, filters: Filters, opened: Graph) -> Steps:
    """Those of the steps that the filters let be told."""
    if filters.kinds:
        kinds = [KINDS.index(kind) for kind in filters.kinds]
        steps = steps.pick(np.isin(opened.kinds[steps.nodes], kinds))
    if filters.presences:
        presences = [PRESENCES.index(presence) for presence in filters.presences]
        steps = steps.pick(np.isin(opened.presences[steps.nodes], presences))
    return steps
