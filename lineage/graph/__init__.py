"""The graph file: the genealogy as memory-mapped arrays, built from the database by whoever finds it stale.

It holds integers only, so no name ever has to be removed from it.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from numpy.typing import NDArray

from lineage.graph import files, reading
from lineage.graph.arrays import NO_DATE, PRESENCES, Graph, arranged, assembled
from lineage.models import Derivation, GraphState, HarvestRun

__all__ = ["NO_DATE", "PRESENCES", "Graph", "as_it_stood", "build", "current", "generation"]

ATTEMPTS = 5  # to read nodes and edges of one generation while harvests go on

_open: dict[Path, Graph] = {}  # by folder; one entry, replaced in one step, so threads need no lock


def current() -> Graph:
    """The graph of the genealogy as it stands, opened once a process; built first where it is missing or stale.

    Takes one small query where nothing changed. Raises OSError where it cannot be written.
    """
    state = _state()
    graph = _in_force(state.generation)
    if graph is None:
        graph = _built(state.generation)
    return replace(graph, as_of=state.as_of)


def build() -> Path:
    """Build the graph anew, whether stale or not (counters change without a new generation).

    Returns the folder of its files. Raises OSError where it cannot be written: then the former one stays in force.
    """
    with files.locked(_place()):
        return _written(None)


def as_it_stood(*, at: datetime, as_of: datetime | None) -> Graph:
    """The genealogy as it stood at the moment `at`, when the latest harvest linked in had started at `as_of`.

    Read from the history of the edges into memory, which takes as long as a build. Certainties, counters and presence
    are those of today: their history is not kept.
    """
    # An edge bears the start of its harvest, which is linked later: what later harvests changed was not known yet.
    known = {"started_at__gt": as_of} if as_of else {"started_at__isnull": False}
    later = HarvestRun.objects.filter(**known).values("started_at")
    begun = Q(held_from__lte=at) & ~Q(held_from__in=later)
    ended = Q(held_until__lte=at) & ~Q(held_until__in=later)
    held = Derivation.objects.filter(begun, Q(held_until=None) | ~ended)
    graph = assembled(arranged(reading.nodes(), reading.edges(held)), generation=_state().generation)
    return replace(graph, as_of=as_of, stood_at=at)


def generation() -> int:
    """The present generation of the genealogy: it rises with each change of edges or nodes."""
    return _state().generation


def _built(generation: int) -> Graph:
    with files.locked(_place()):
        # Another process may have built it while this one waited.
        graph = _in_force(generation)
        return _opened(_written(_former())) if graph is None else graph


def _written(former: Graph | None) -> Path:
    """Read both tables between two looks at the generation: they belong together if it did not move.

    The nodes are those of the former graph where only edges changed: names take longest to read in their order.
    """
    for _attempt in range(ATTEMPTS):
        state = _state()
        edges = reading.edges()
        nodes = _nodes(former, edges, state.nodes)
        if _state().generation == state.generation:
            break
    arrays = arranged(nodes, edges)
    return files.put_in_force(_place(), arrays, generation=state.generation, nodes=state.nodes)


def _nodes(former: Graph | None, edges: NDArray[Any], fingerprint: str) -> NDArray[Any]:
    if former is not None and former.nodes == fingerprint != "" and former.holds(edges):
        return former.rows()
    return reading.nodes()


def _in_force(generation: int) -> Graph | None:
    """The graph in force if it is of this generation and can be read."""
    graph = _former()
    return graph if graph is not None and graph.generation == generation else None


def _former() -> Graph | None:
    """The graph in force, stale or not, if it can be read."""
    name = files.name_in_force(_place())
    if name is None:
        return None
    try:
        return _opened(_place() / name)
    except files.Unreadable:
        return None


def _opened(folder: Path) -> Graph:
    """Opened once a process. Raises Unreadable."""
    graph = _open.get(folder)
    if graph is None:
        graph = files.opened(folder)
        _open.clear()
        _open[folder] = graph
    return graph


def _place() -> Path:
    return Path(settings.GRAPH_DIR)


def _state() -> GraphState:
    return GraphState.objects.filter(pk=1).only("generation", "as_of", "nodes").first() or GraphState()
