"""How soon the first byte of an export of 250,000 hops comes, how long the whole takes, and how much memory."""

import tracemalloc
from collections.abc import Collection, Mapping
from time import perf_counter

from benchmarks.genealogies import genealogy
from lineage.exports import FILES, Format, TooLong, stream
from lineage.models import Artifact
from lineage.tracing import Trace, trace_from

HOPS = 250_000


def named(keys: Collection[int]) -> Mapping[int, str]:
    """Names as long as most are."""
    return {key: f"organisation-{key % 997}/Some-Model-{key}-Instruct-GGUF" for key in keys}


def measured(trace: Trace, form: Format) -> str:
    """One line: seconds to the first byte, seconds in all, size, and the most memory held meanwhile."""
    start = perf_counter()
    try:
        parts = stream(trace, form, named)
        size = len(next(parts))
        first = perf_counter() - start
        size += sum(len(part) for part in parts)
    except TooLong as refusal:
        return f"{form.value:8} refused: {refusal}"
    whole = perf_counter() - start
    tracemalloc.start()
    for _part in stream(trace, form, named):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"{form.value:8} first byte {first:6.3f} s, all {whole:6.2f} s, {size / 1e6:6.1f} MB, memory {most / 1e6:5.1f} MB"


def main() -> None:
    for hops in (HOPS // 10, HOPS):
        graph, (root,) = genealogy(3 * hops, [hops + 1])
        trace = trace_from(Artifact(pk=root, kind="model"), opened=graph)
        print(f"{len(trace):,} hops")
        for form in FILES:
            print(" ", measured(trace, form))


if __name__ == "__main__":
    main()
