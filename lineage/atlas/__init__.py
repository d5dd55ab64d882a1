"""The map of a whole family: every member with its place in the plane, from the graph's arrays alone."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from lineage.atlas.layout import rings
from lineage.family import primary_line
from lineage.graph import NO_DATE, Graph
from lineage.models import Artifact
from lineage.trace import RELATIONS, Codes
from lineage.tracing import Order, trace_from

MOST_MEMBERS = 300_000  # drawn; the nearest to the root
NO_RELATION = len(RELATIONS)  # of the root, which comes from nothing here
NOT_SHOWN = 0  # in place of the key of what may not be shown


@dataclass(frozen=True, slots=True)
class Atlas:
    """The members of one family as parallel arrays, the root first, parents before their children.

    `parents` are places in these arrays (the root is its own), `keys` primary keys (`NOT_SHOWN` for what is withheld),
    `months` since January 1970 (0 where unknown), `weights` how many members stand below each.
    `count`: members there are in all, the root not among them.
    """

    root: Artifact
    as_of: datetime | None
    count: int
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    parents: NDArray[np.int64]
    keys: NDArray[np.int64]
    relations: Codes
    months: NDArray[np.uint16]
    downloads: NDArray[np.int64]
    weights: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    def shown_keys(self) -> NDArray[np.int64]:
        """The keys of all that may be shown."""
        shown: NDArray[np.int64] = self.keys[self.keys != NOT_SHOWN]
        return shown

    def greatest(self, number: int) -> list[int]:
        """The places of those with most members below them, then the most downloaded; only what may be shown."""
        ranked = np.lexsort((-self.downloads, -self.weights))
        return [place for place in ranked[: number * 2].tolist() if self.keys[place] != NOT_SHOWN][:number]


def atlas_of(graph: Graph, artifact: Artifact) -> Atlas:
    """The map of the family that the artifact belongs to: everything made from the root of its main line.

    Where the root may not be shown, the artifact itself is taken for it. Four small queries, whatever the family.
    """
    root = Artifact.objects.shown().filter(pk=primary_line(artifact.pk)[0], superseded_by=None).first() or artifact
    trace = trace_from(root, opened=graph).ordered(Order.DEPTH, by_name=False)
    steps = trace.steps.pick(slice(0, MOST_MEMBERS))
    top = graph.node_of(root.pk)
    nodes = np.concatenate([[0 if top is None else top], steps.nodes]).astype(np.int64)
    if top is None:  # a harvest stored it, and has not linked it yet
        nodes = nodes[:0]
    parents = _places(nodes, np.concatenate([nodes[:1], steps.vias]))
    depths = np.concatenate([[0], steps.depths])[: len(nodes)]
    x, y, weights = rings(parents, depths)
    keys = graph.keys[nodes]
    withheld = np.fromiter(Artifact.objects.withheld().values_list("pk", flat=True), dtype=np.int64)
    return Atlas(
        root=root,
        as_of=graph.as_of,
        count=len(trace),
        x=x,
        y=y,
        parents=parents,
        keys=np.where(np.isin(keys, withheld), NOT_SHOWN, keys),
        relations=np.concatenate([[NO_RELATION], steps.relations])[: len(nodes)].astype(np.uint8),
        months=_months(graph.created[nodes]),
        downloads=graph.downloads[nodes],
        weights=weights,
    )


def _places(nodes: NDArray[np.int64], sought: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of the sought nodes stands among `nodes`, which hold all of them."""
    order = np.argsort(nodes)
    return order[np.searchsorted(nodes[order], sought)]


def _months(created: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Months since January 1970 from seconds; 0 where unknown or before."""
    known = np.where(created == NO_DATE, 0, np.maximum(created, 0))
    months: NDArray[np.uint16] = (
        known.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64).astype(np.uint16)
    )
    return months
