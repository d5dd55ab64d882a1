"""All descendants of an artifact: this project beside what one would use instead, over the same edges."""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection

from benchmarks.timing import Figure, timed
from lineage import graph
from lineage.graph import Graph
from lineage.models import Artifact
from lineage.trace import Filters, Walks
from lineage.tracing import trace_from
from lineage.vocabulary import Certainty

SIZES = (100, 1_000, 5_000, 20_000, 50_000)
TABLE = "all descendants"
CTE = """
WITH RECURSIVE below(id) AS (
    SELECT derived_id FROM lineage_derivation WHERE source_id = %s AND held_until IS NULL
    UNION
    SELECT e.derived_id FROM below JOIN lineage_derivation e ON e.source_id = below.id WHERE e.held_until IS NULL
) SELECT id FROM below
"""
Count = Callable[[int], int]  # from the node's number to how many descendants it found


class CannotRun(Exception):
    """A peer that is not installed or not worth its time at this size; says why."""


def figures() -> Iterator[Figure]:
    """Every peer on families of every size, the biggest last."""
    opened = graph.current()
    sized = families(opened)
    peers: dict[str, Count] = {"this project, with depth, way and order": _own(opened)}
    for name, prepare in PEERS.items():
        try:
            peers[name] = prepare(opened)
        except (CannotRun, ImportError) as missing:
            yield Figure(TABLE, name, "", None, str(missing))
    for size, node in sized.items():
        for name, count in peers.items():
            yield _measured(name, count, node, size, is_own=name.startswith("this project"))


def _measured(name: str, count: Count, node: int, size: int, *, is_own: bool) -> Figure:
    found = count(node)
    note = "" if found == size else f"found {found:,}"
    return Figure(TABLE, name, f"{size:,} descendants", timed(lambda: count(node)), note, is_own)


def families(opened: Graph) -> dict[int, int]:
    """By its number of descendants, a node of about each size, and that of the biggest."""
    count = _own(opened)
    busiest = np.argsort(-np.diff(opened.downstream.starts))[:2000]
    sizes = {count(int(node)): int(node) for node in busiest}
    near = {min(sizes, key=lambda size: abs(size - wanted)) for wanted in SIZES} | {max(sizes)}
    return {size: sizes[size] for size in sorted(near)}


def _own(opened: Graph) -> Count:
    everything = Filters(certainty=Certainty.INFERRED)

    def count(node: int) -> int:
        fresh = replace(opened, walks=Walks())  # long walks are kept otherwise
        return len(trace_from(Artifact(pk=int(opened.keys[node])), filters=everything, opened=fresh))

    return count


def _floor(opened: Graph) -> Count:
    compiler = shutil.which("cc")
    if compiler is None:
        raise CannotRun("no C compiler")
    made = Path(tempfile.mkdtemp()) / "walk.so"
    source = Path(__file__).with_name("walk.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, source], check=True)  # noqa: S603
    library = ctypes.CDLL(str(made))
    library.walk.restype = ctypes.c_long
    starts = np.ascontiguousarray(opened.downstream.starts, dtype=np.int32)
    ends = np.ascontiguousarray(opened.downstream.ends, dtype=np.int32)
    queue, vias = np.zeros(len(opened.keys), dtype=np.int32), np.zeros(len(opened.keys), dtype=np.int32)
    depths = np.full(len(opened.keys), -1, dtype=np.int32)
    arrays = [array.ctypes.data_as(ctypes.c_void_p) for array in (starts, ends, queue, depths, vias)]
    kept = (starts, ends, queue, depths, vias)

    def count(node: int) -> int:
        return int(library.walk(arrays[0], arrays[1], node, *arrays[2:])) if kept else 0

    return count


def _edges(opened: Graph) -> tuple[Any, Any]:
    sources = np.repeat(np.arange(len(opened.keys)), np.diff(opened.downstream.starts))
    return sources, np.asarray(opened.downstream.ends)


def _rustworkx(opened: Graph) -> Count:
    import rustworkx

    other = rustworkx.PyDiGraph()
    other.add_nodes_from([None] * len(opened.keys))
    other.add_edges_from_no_data(list(zip(*(side.tolist() for side in _edges(opened)), strict=True)))
    return lambda node: len(rustworkx.descendants(other, node) - {node})


def _networkx(opened: Graph) -> Count:
    import networkx

    other = networkx.DiGraph()
    other.add_edges_from(zip(*(side.tolist() for side in _edges(opened)), strict=True))
    return lambda node: len(networkx.descendants(other, node))


def _cte(opened: Graph) -> Count:
    def count(node: int) -> int:
        key = int(opened.keys[node])
        with connection.cursor() as cursor:
            cursor.execute(CTE, [key])
            return len({found for (found,) in cursor.fetchall()} - {key})

    return count


def _tree_queries(opened: Graph) -> Count:
    def count(node: int) -> int:
        key = int(opened.keys[node])
        return int(Artifact.forest.with_tree_fields().descendants(key).count())

    return count


def _kuzu(opened: Graph) -> Count:
    import kuzu
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = Path(tempfile.mkdtemp())
    pq.write_table(pa.table({"id": np.arange(len(opened.keys))}), place / "nodes.parquet")
    sources, derived = _edges(opened)
    pq.write_table(
        pa.table({"source": sources.astype(np.int64), "derived": derived.astype(np.int64)}), place / "e.parquet"
    )
    asked: Any = kuzu.Connection(kuzu.Database(str(place / "base")))
    asked.execute("CREATE NODE TABLE Artifact(id INT64, PRIMARY KEY(id))")
    asked.execute("CREATE REL TABLE Derivation(FROM Artifact TO Artifact)")
    asked.execute(f"COPY Artifact FROM '{place / 'nodes.parquet'}'")
    asked.execute(f"COPY Derivation FROM '{place / 'e.parquet'}'")
    question = "MATCH (a:Artifact {id: $node})-[:Derivation* SHORTEST 1..30]->(b:Artifact) RETURN count(b)"
    return lambda node: int(asked.execute(question, {"node": node}).get_next()[0])


PEERS: dict[str, Callable[[Graph], Count]] = {
    "compiled walk over the same arrays (the floor)": _floor,
    "rustworkx, names of nodes only": _rustworkx,
    "Kuzu, count only": _kuzu,
    "networkx, nodes only": _networkx,
    "recursive CTE, keys only": _cte,
    "django-tree-queries, count of primary children only": _tree_queries,
}
