"""The walk over the genealogy, on arrays of integers: no name, no database, no Django.

Words of the vocabulary are stored as their place in it, so a smaller code of a certainty is a stronger one
and a smaller code of a relation the preferred one.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.vocabulary import Certainty, Kind, Presence, Relation

KINDS = tuple(Kind)
RELATIONS = tuple(Relation)
CERTAINTIES = tuple(Certainty)

# One edge that reaches a node, packed so that sorting the packed numbers applies the tie rule:
# node (32 bits), certainty (2), relation (3), place in the frontier of the node one comes from (27). The frontier is in
# the order of its nodes, so places compare as nodes do.
NODE_SHIFT, CERTAINTY_SHIFT, RELATION_SHIFT = np.uint64(32), np.uint64(30), np.uint64(27)
MOST_NODES = 1 << 27

LONG = 5_000  # hops of a walk worth keeping
MOST_KEPT = 2_000_000  # hops kept in all: about 30 MB a process

Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]
Numbers = NDArray[np.int32]
Packed = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a trace follows and reports.

    `relations` followed (none given: all). `certainty`: the weakest edge followed; curated always counts.
    `kinds` and `presences` reported (none given: all); what is not reported is walked through all the same.
    `depth`: the most steps away from the origin; None for no limit.
    """

    relations: frozenset[Relation] = frozenset()
    certainty: Certainty = Certainty.DECLARED
    kinds: frozenset[Kind] = frozenset()
    depth: int | None = None
    presences: frozenset[Presence] = frozenset()


@dataclass(frozen=True, slots=True)
class Adjacency:
    """The edges one way: those of node `n` lie at `starts[n]` to `starts[n + 1]` of the other arrays."""

    starts: Numbers
    ends: Numbers
    relations: Codes
    certainties: Codes


@dataclass(frozen=True, slots=True)
class Steps:
    """What a walk reached, as parallel arrays ordered by depth, then node. The origin is not among them.

    `via` is the node before it on a shortest path; `relations` and `certainties` are those of the edge from there,
    `path_certainties` the weakest edge from the origin along the vias.
    """

    nodes: Numbers
    depths: Numbers
    relations: Codes
    certainties: Codes
    path_certainties: Codes
    vias: Numbers

    def __len__(self) -> int:
        return len(self.nodes)

    def pick(self, where: "NDArray[Any] | slice") -> "Steps":
        """The same arrays cut, filtered or put in another order, all alike."""
        return Steps(
            self.nodes[where],
            self.depths[where],
            self.relations[where],
            self.certainties[where],
            self.path_certainties[where],
            self.vias[where],
        )


class Walks:
    """The latest long walks of one graph, kept so that the next page of a long trace need not walk again.

    Safe between threads. Short walks are not kept: they cost less than keeping order.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Steps] = OrderedDict()
        self._lock = Lock()

    def steps(self, asked: Hashable, walked: Callable[[], Steps]) -> Steps:
        """What `walked` gives, or gave when the same was `asked` before."""
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
        steps = walked()
        if len(steps) >= LONG:
            with self._lock:
                self._keep(asked, steps)
        return steps

    def _keep(self, asked: Hashable, steps: Steps) -> None:
        """The oldest go once all together are more than may be kept."""
        self._kept[asked] = steps
        while sum(map(len, self._kept.values())) > MOST_KEPT:
            self._kept.popitem(last=False)


class Marks:
    """One flag a node, lent to a walk and cleaned after it.

    Cleaning costs what the walk found, so a small trace in a big graph stays small. Safe between threads: each walk
    has flags of its own.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: list[Flags] = []

    @contextmanager
    def lent(self) -> Iterator[Flags]:
        """Clean flags; the borrower gives them back clean, or ends with an exception and they are dropped."""
        flags = self._idle.pop() if self._idle else np.zeros(self._size, dtype=np.bool_)
        yield flags
        self._idle.append(flags)


def walk(adjacency: Adjacency, origin: int, filters: Filters, marks: Marks) -> Steps:
    """Every node that can be reached from `origin`, at its shortest distance. Cycles are no matter.

    Among the edges that reach a node from the level before, the strongest certainty counts, then the order of the
    relations, then the smallest node one comes from. `filters.kinds` and `filters.presences` are left to the caller.
    """
    return walk_from(adjacency, np.array([origin], dtype=np.int32), filters, marks)


def walk_from(adjacency: Adjacency, origins: Numbers, filters: Filters, marks: Marks) -> Steps:
    """The same from several origins at once (ascending, each once), none of which is reached."""
    followed = allowed(filters)
    frontier, path = origins, np.zeros(len(origins), dtype=np.uint8)
    levels: list[Steps] = []
    with marks.lent() as seen:
        seen[origins] = True
        while len(frontier) and (filters.depth is None or len(levels) < filters.depth):
            level = _level(_reaching(adjacency, frontier, followed, seen), len(levels) + 1, frontier, path)
            seen[level.nodes] = True
            levels.append(level)
            frontier, path = level.nodes, level.path_certainties
        seen[origins] = False
        for level in levels:
            seen[level.nodes] = False
    return joined(levels)


def allowed(filters: Filters) -> Flags:
    """Whether an edge may be followed, by its certainty and relation codes."""
    relations = [not filters.relations or relation in filters.relations for relation in RELATIONS]
    certainties = [code <= CERTAINTIES.index(filters.certainty) for code in range(len(CERTAINTIES))]
    grid: Flags = np.array(certainties)[:, np.newaxis] & np.array(relations)
    return grid


def edges_of(adjacency: Adjacency, nodes: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in the edge arrays of all edges of `nodes`, and for each the place in `nodes` it belongs to."""
    starts = adjacency.starts[nodes].astype(np.int64)
    counts = adjacency.starts[nodes + 1] - starts
    owners = np.repeat(np.arange(len(nodes)), counts)
    before = np.cumsum(counts) - counts
    return np.arange(len(owners)) + (starts - before)[owners], owners


def _reaching(adjacency: Adjacency, frontier: Numbers, followed: Flags, seen: Flags) -> Packed:
    """The one edge by which each node not yet seen is reached from the frontier, packed, in node order."""
    places, owners = edges_of(adjacency, frontier)
    ends, relations, certainties = adjacency.ends[places], adjacency.relations[places], adjacency.certainties[places]
    kept = followed[certainties, relations] & ~seen[ends]
    packed = ends[kept].astype(np.uint64)
    packed <<= NODE_SHIFT
    packed |= certainties[kept].astype(np.uint64) << CERTAINTY_SHIFT
    packed |= relations[kept].astype(np.uint64) << RELATION_SHIFT
    packed |= owners[kept].astype(np.uint64)
    packed.sort()
    nodes = packed >> NODE_SHIFT
    first = np.ones(len(packed), dtype=np.bool_)
    first[1:] = nodes[1:] != nodes[:-1]
    return packed[first]


def _level(packed: Packed, depth: int, frontier: Numbers, path: Codes) -> Steps:
    """Unpack one level; `path` holds the path certainties of the frontier it was reached from."""
    places = (packed & np.uint64(MOST_NODES - 1)).astype(np.int32)
    certainties = (packed >> CERTAINTY_SHIFT & np.uint64(0b11)).astype(np.uint8)
    return Steps(
        nodes=(packed >> NODE_SHIFT).astype(np.int32),
        depths=np.full(len(packed), depth, dtype=np.int32),
        relations=(packed >> RELATION_SHIFT & np.uint64(0b111)).astype(np.uint8),
        certainties=certainties,
        path_certainties=np.maximum(certainties, path[places]),
        vias=frontier[places],
    )


def joined(levels: list[Steps]) -> Steps:
    """One after the other; nothing of none."""
    if not levels:
        none, no_codes = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint8)
        return Steps(none, none, no_codes, no_codes, no_codes, none)
    return Steps(
        np.concatenate([level.nodes for level in levels]),
        np.concatenate([level.depths for level in levels]),
        np.concatenate([level.relations for level in levels]),
        np.concatenate([level.certainties for level in levels]),
        np.concatenate([level.path_certainties for level in levels]),
        np.concatenate([level.vias for level in levels]),
    )
