"""A trace as nodes and edges, for the formats of graphs.

The edges are those by which each artifact was reached, from the source to what was made from it; so they are as many as
the rows of the table. An artifact that was walked through but is not reported stands there as `passed`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lineage.exports.rows import BATCH, Namer, Row, batches, origin_name
from lineage.labels import ELEMENT_NOT_SHOWN
from lineage.trace import KINDS
from lineage.tracing import Hop, Trace
from lineage.vocabulary import Direction

NODE_FIELDS = {"kind": "string", "role": "string", "depth": "integer", "path_certainty": "string"}
NODE_FIELDS |= {"downloads": "long", "likes": "long"}  # left out where unknown
EDGE_FIELDS = {"relation": "string", "certainty": "string"}


@dataclass(frozen=True, slots=True)
class Node:
    """`role`: origin, hop, or passed; `facts` are the values of `NODE_FIELDS` that it has."""

    key: int
    name: str
    facts: dict[str, str | int]


def nodes(trace: Trace, namer: Namer) -> Iterator[list[Node]]:
    """The origin, what was only passed, then the hops in the trace's order."""
    origin = Node(trace.origin.pk, origin_name(trace, namer), {"kind": trace.origin.kind, "role": "origin", "depth": 0})
    yield [origin, *_passed(trace, namer)]
    for rows in batches(trace, namer):
        yield [_reached(row) for row in rows]


def _reached(row: Row) -> Node:
    hop = row.hop
    facts = {"kind": hop.kind.value, "role": "hop", "depth": hop.depth, "path_certainty": hop.path_certainty.value}
    counted = {"downloads": row.downloads, "likes": row.likes}
    facts |= {name: number for name, number in counted.items() if number is not None}
    return Node(hop.artifact_key, row.name, facts)


def _passed(trace: Trace, namer: Namer) -> list[Node]:
    """The vias that are neither the origin nor reported, as when only one kind is."""
    opened, steps = trace.graph, trace.steps
    between = np.setdiff1d(steps.vias, np.append(steps.nodes, opened.node_of(trace.origin.pk) or 0))
    keys, kinds = opened.keys[between].tolist(), opened.kinds[between].tolist()
    names = namer(keys) if keys else {}
    return [
        Node(key, names.get(key, str(ELEMENT_NOT_SHOWN)), {"kind": KINDS[kind].value, "role": "passed"})
        for key, kind in zip(keys, kinds, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Edge:
    """From `source` to `derived`, which was made from it (keys). `facts` are the values of `EDGE_FIELDS`."""

    number: int
    source: int
    derived: int
    facts: dict[str, str]


def edges(trace: Trace) -> Iterator[list[Edge]]:
    """One edge a hop, numbered from 1 in the trace's order. Names nothing, so it asks the database nothing."""
    for offset in range(0, len(trace), BATCH):
        hops = trace.page(offset, BATCH)
        yield [_edge(hop, number, trace.direction) for number, hop in enumerate(hops, offset + 1)]


def _edge(hop: Hop, number: int, direction: Direction) -> Edge:
    facts = {"relation": hop.relation.value, "certainty": hop.certainty.value}
    if direction == Direction.DOWNSTREAM:
        return Edge(number, hop.via_key, hop.artifact_key, facts)
    return Edge(number, hop.artifact_key, hop.via_key, facts)
