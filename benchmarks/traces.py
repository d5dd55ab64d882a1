"""How long a trace takes, by the size of the family and of the whole base."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter

from benchmarks.genealogies import genealogy
from lineage.graph import Graph
from lineage.models import Artifact
from lineage.trace import Walks
from lineage.tracing import Hop, Order, Trace, trace_from

BASES = (100_000, 1_000_000, 3_000_000)
FAMILIES = (100, 1_000, 5_000, 20_000)
REPEATS = 50


def milliseconds(work: Callable[[], object]) -> float:
    """The median of some runs."""
    taken = []
    for _ in range(REPEATS):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken) * 1000


def fresh_trace(graph: Graph, origin: Artifact) -> Trace:
    """Walked anew: long walks are kept otherwise."""
    return trace_from(origin, opened=replace(graph, walks=Walks()))


def milliseconds_of(base: int, family: int) -> float:
    """A trace of a family of this size in a base of that."""
    made, (root,) = genealogy(base, [family])
    return milliseconds(partial(fresh_trace, made, Artifact(pk=root)))


def page_of(trace: Trace) -> list[Hop]:
    """The third page of the trace in order of downloads."""
    return trace.ordered(Order.DOWNLOADS).page(100, 50)


def main() -> None:
    print("base       family     trace ms   page of 50 by downloads, ms")
    for size in BASES:
        families = [*FAMILIES, size // 12]
        graph, roots = genealogy(size, families)
        for root in roots:
            traced = partial(fresh_trace, graph, Artifact(pk=root))
            page = milliseconds(partial(page_of, traced()))
            print(f"{size:>9,} {len(traced()):>9,} {milliseconds(traced):>10.2f} {page:>10.2f}")


if __name__ == "__main__":
    main()
