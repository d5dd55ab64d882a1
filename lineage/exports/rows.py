"""A trace as rows with names: the one shape that the screen, the command line and every export share."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from lineage.labels import ELEMENT_NOT_SHOWN
from lineage.tracing import Hop, Trace

# The names an artifact key stands for, as one viewer may see them; a key without one is shown as "element not shown".
Namer = Callable[[Collection[int]], Mapping[int, str]]

BATCH = 2_000  # hops named by one query


@dataclass(frozen=True, slots=True)
class Row:
    """One hop as it is shown: `name` and `via_name` are what the viewer may read.

    Of an element not shown the counters are not told either: a rare number would say which it is.
    """

    hop: Hop
    name: str
    via_name: str

    @property
    def downloads(self) -> int | None:
        """In the last 30 days, as the Hub counts; None where unknown or not shown."""
        return None if self.name == str(ELEMENT_NOT_SHOWN) else self.hop.downloads

    @property
    def likes(self) -> int | None:
        """As the Hub counts; None where unknown or not shown."""
        return None if self.name == str(ELEMENT_NOT_SHOWN) else self.hop.likes


def batches(trace: Trace, namer: Namer, size: int = BATCH) -> Iterator[list[Row]]:
    """All hops in the trace's order, named `size` at a time."""
    for hops in trace.pages(size):
        yield named(hops, namer)


def named(hops: Collection[Hop], namer: Namer) -> list[Row]:
    """These hops with their names, by one call of the namer."""
    names = namer({hop.artifact_key for hop in hops} | {hop.via_key for hop in hops})
    hidden = str(ELEMENT_NOT_SHOWN)
    return [Row(hop, names.get(hop.artifact_key, hidden), names.get(hop.via_key, hidden)) for hop in hops]


def origin_name(trace: Trace, namer: Namer) -> str:
    """What the origin is called for this viewer."""
    return namer({trace.origin.pk}).get(trace.origin.pk, str(ELEMENT_NOT_SHOWN))
