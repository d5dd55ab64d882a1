"""The graph file: built after a harvest, opened by a process that needs it; and a trace whose cost follows its answer."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from benchmarks.timing import Figure, once, timed
from benchmarks.traces import milliseconds_of
from lineage import graph
from lineage.graph import files

TABLE = "graph file"
SMALL, ANSWER = 100_000, 1_000


def figures() -> Iterator[Figure]:
    """Building and opening it; a trace of 1,000 in a graph of this size beside one in a graph of 100,000."""
    nodes = f"{len(graph.current()):,} nodes"
    yield Figure(TABLE, "this project, built", nodes, once(graph.build), is_own=True)
    folder = (Path(settings.GRAPH_DIR) / "current").resolve()
    yield Figure(TABLE, "this project, opened", nodes, timed(lambda: files.opened(folder)), is_own=True)
    for size in (SMALL, len(graph.current())):
        yield Figure(
            TABLE, f"this project, a trace of {ANSWER:,}", f"{size:,} nodes", milliseconds_of(size, ANSWER) / 1000
        )
