"""How the genealogy lies in arrays of integers: nodes, and their edges both ways. No name ever stands in them.

Nodes are numbered in the code-point order of their repository ids, then by kind, so that ordering by number is ordering
by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.trace import MOST_NODES, Adjacency, Codes, Marks, Numbers, Walks
from lineage.vocabulary import Direction, Presence

PRESENCES = tuple(Presence)
NO_DATE = -(2**62)  # a creation date that is not known

Arrays = Mapping[str, NDArray[Any]]

# What is read of an artifact and of an edge, in this order.
NODE_ROW = np.dtype(
    [
        ("key", "<i8"),
        ("kind", "u1"),
        ("presence", "u1"),
        ("downloads", "<i8"),
        ("likes", "<i8"),
        ("created", "<i8"),  # seconds since 1970, UTC
    ]
)
COLUMNS = {"keys": "key", "kinds": "kind", "presences": "presence"}  # of the graph's arrays, in a row of a node
COLUMNS |= {name: name for name in ("downloads", "likes", "created")}
EDGE_ROW = np.dtype([("source", "<i8"), ("derived", "<i8"), ("relation", "u1"), ("certainty", "u1")])

# The arrays of a graph and their types; `sorted_keys` and `sorted_nodes` find a node by its artifact's key.
TYPES: Mapping[str, str] = {
    "keys": "<i8",
    "kinds": "u1",
    "presences": "u1",
    "downloads": "<i8",
    "likes": "<i8",
    "created": "<i8",
    "sorted_keys": "<i8",
    "sorted_nodes": "<i4",
    "down_starts": "<i4",
    "down_ends": "<i4",
    "down_relations": "u1",
    "down_certainties": "u1",
    "up_starts": "<i4",
    "up_ends": "<i4",
    "up_relations": "u1",
    "up_certainties": "u1",
}


class TooBig(Exception):
    """More nodes or edges than the packed numbers of the walk can hold (134 million, 2 billion)."""


class Inconsistent(Exception):
    """Arrays that do not fit together: a file was cut, or comes from another version."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The genealogy, opened. All arrays but the edges' are by node number.

    `presences` are places in `PRESENCES`, `kinds` in `trace.KINDS`; `created` is in seconds since 1970, `NO_DATE` where
    unknown. `as_of` is the start of the latest harvest linked in, None before the first. `stood_at` is the moment in
    the past at which this graph stood, None for the one in force. `nodes`: the fingerprint of its nodes, "" where
    unknown.
    """

    generation: int
    nodes: str
    as_of: datetime | None
    keys: NDArray[np.int64]
    kinds: Codes
    presences: Codes
    downloads: NDArray[np.int64]
    likes: NDArray[np.int64]
    created: NDArray[np.int64]
    sorted_keys: NDArray[np.int64]
    sorted_nodes: Numbers
    downstream: Adjacency
    upstream: Adjacency
    marks: Marks
    walks: Walks
    stood_at: datetime | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def adjacency(self, direction: Direction) -> Adjacency:
        """The edges as one walks them in this direction."""
        return self.downstream if direction == Direction.DOWNSTREAM else self.upstream

    def node_of(self, key: int) -> int | None:
        """The number of the artifact with this key; None where the graph does not hold it."""
        place = int(np.searchsorted(self.sorted_keys, key))
        if place == len(self.sorted_keys) or self.sorted_keys[place] != key:
            return None
        return int(self.sorted_nodes[place])

    def rows(self) -> NDArray[Any]:
        """Its nodes as rows of `NODE_ROW`, in their order."""
        rows = np.empty(len(self), dtype=NODE_ROW)
        for name, column in COLUMNS.items():
            rows[column] = getattr(self, name)
        return rows

    def holds(self, edges: NDArray[Any]) -> bool:
        """Whether both ends of all these rows of `EDGE_ROW` are among its nodes."""
        return all(bool(np.isin(edges[end], self.sorted_keys).all()) for end in ("source", "derived"))


def arranged(nodes: NDArray[Any], edges: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The arrays of `TYPES` from rows of `NODE_ROW`, already in the order of their names, and of `EDGE_ROW`.

    An edge whose end is not among the nodes is left out. Raises TooBig.
    """
    if len(nodes) >= MOST_NODES or len(edges) >= 2**31:
        raise TooBig
    by_key = np.argsort(nodes["key"]).astype(np.int32)
    sorted_keys = nodes["key"][by_key]
    sources, sourced = _numbered(edges["source"], sorted_keys, by_key)
    derived, made = _numbered(edges["derived"], sorted_keys, by_key)
    known = sourced & made
    ends = sources[known], derived[known]
    words = edges["relation"][known], edges["certainty"][known]
    return {
        **{name: np.ascontiguousarray(nodes[column]) for name, column in COLUMNS.items()},
        "sorted_keys": sorted_keys,
        "sorted_nodes": by_key,
        **_rows("down", len(nodes), ends[0], ends[1], *words),
        **_rows("up", len(nodes), ends[1], ends[0], *words),
    }


def _numbered(keys: NDArray[Any], sorted_keys: NDArray[Any], by_key: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """The node number of each key, and whether there is one. Keys are looked up in their order: the cache thanks."""
    if not len(sorted_keys):
        return np.zeros(len(keys), dtype=np.int32), np.zeros(len(keys), dtype=np.bool_)
    order = np.argsort(keys)
    places = np.empty(len(keys), dtype=np.int64)
    places[order] = np.minimum(np.searchsorted(sorted_keys, keys[order]), len(sorted_keys) - 1)
    return by_key[places], sorted_keys[places] == keys


def _rows(prefix: str, size: int, starts: Numbers, ends: Numbers, relations: Codes, certainties: Codes) -> Arrays:
    """Compressed sparse rows: the edges grouped by the node they start from, in the order of that node and the end."""
    order = np.argsort(starts.astype(np.int64) << 32 | ends)
    counts = np.bincount(starts, minlength=size)
    return {
        f"{prefix}_starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        f"{prefix}_ends": ends[order],
        f"{prefix}_relations": relations[order],
        f"{prefix}_certainties": certainties[order],
    }


def assembled(arrays: Arrays, *, generation: int, nodes: str = "") -> Graph:
    """A graph over these arrays. Raises Inconsistent where their types or lengths do not fit together."""
    size, edges = len(arrays["keys"]), len(arrays["down_ends"])
    for name, kind in TYPES.items():
        if arrays[name].dtype != np.dtype(kind) or arrays[name].shape != (_length(name, size, edges),):
            raise Inconsistent(name)
    down, up = (
        Adjacency(*(arrays[f"{way}_{part}"] for part in ("starts", "ends", "relations", "certainties")))
        for way in ("down", "up")
    )
    if down.starts[-1] != edges or up.starts[-1] != edges:
        raise Inconsistent("starts")
    own = {name: array for name, array in arrays.items() if not name.startswith(("down_", "up_"))}
    return Graph(
        generation=generation,
        nodes=nodes,
        as_of=None,
        stood_at=None,
        downstream=down,
        upstream=up,
        marks=Marks(size),
        walks=Walks(),
        **own,
    )


def _length(name: str, size: int, edges: int) -> int:
    if name.endswith("_starts"):
        return size + 1
    return edges if name.startswith(("down_", "up_")) else size
