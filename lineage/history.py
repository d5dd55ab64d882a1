"""The genealogy as it was known before: on a day, after a harvest; and what changed between two harvests.

Read from the time each edge held. What left the base altogether is in none of it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.utils import timezone
from numpy.typing import NDArray

from lineage import graph
from lineage.graph import Graph
from lineage.models import Artifact, HarvestRun
from lineage.trace import Filters, allowed, edges_of
from lineage.tracing import Trace, trace_from
from lineage.vocabulary import Direction

Keys = NDArray[np.int64]
Moment = tuple[datetime, datetime | None]  # when it is looked at, and the start of the harvest it then rested on

MOST_KEPT = 2  # graphs of the past a process keeps open, so that the next page of a trace need not read them again
_kept: OrderedDict[tuple[Path, int, datetime, datetime | None], Graph] = OrderedDict()


class NotLinked(Exception):
    """The harvest was never linked in, so there is no genealogy of it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs under an artifact from one harvest to a later one: keys, ascending.

    `appeared` and `left`: in the trace of one of them only. `reparented`: in both, with other direct sources.
    `unlisted`: still in the trace, and gone from the Hub's catalogue in between.
    """

    before: Trace
    after: Trace
    appeared: Keys
    left: Keys
    reparented: Keys
    unlisted: Keys

    def __bool__(self) -> bool:
        return any(len(keys) for keys in self.lists().values())

    def lists(self) -> dict[str, Keys]:
        """The four lists by their names."""
        return {
            "appeared": self.appeared,
            "left": self.left,
            "reparented": self.reparented,
            "unlisted": self.unlisted,
        }


def graph_on(day: date, *, at: datetime) -> Graph:
    """The genealogy as it was known at the end of `day`, where the site is; on the present day (by `at`), at `at`."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    if midnight > at:
        return graph.current()
    runs = HarvestRun.objects.ended_well().filter(ended_at__lt=midnight, started_at__isnull=False)
    latest = runs.order_by("-started_at").first()
    return _graph_at((midnight - timedelta(microseconds=1), latest.started_at if latest else None))


def graph_after(run: HarvestRun) -> Graph:
    """The genealogy as a harvest left it. Raises NotLinked for one that was not linked in."""
    if run not in HarvestRun.objects.ended_well() or run.ended_at is None:
        raise NotLinked
    return _graph_at((run.ended_at, run.started_at))


def changes(
    artifact: Artifact,
    *,
    before: HarvestRun,
    after: HarvestRun,
    direction: Direction = Direction.DOWNSTREAM,
    filters: Filters | None = None,
) -> Changes:
    """What appeared, left or changed parent under the artifact between two harvests, whichever is named first.

    Raises NotLinked.
    """
    earlier, later = sorted((before, after), key=lambda run: (run.ended_at or run.created_at, run.pk))
    old, new = (
        trace_from(artifact, direction=direction, filters=filters, opened=graph_after(run)) for run in (earlier, later)
    )
    both = np.intersect1d(old.keys, new.keys)
    return Changes(
        before=old,
        after=new,
        appeared=np.setdiff1d(new.keys, old.keys),
        left=np.setdiff1d(old.keys, new.keys),
        reparented=_reparented(both, old, new),
        unlisted=np.intersect1d(new.keys, _gone_between(earlier, later)),
    )


def _graph_at(moment: Moment) -> Graph:
    """Read once for each generation of the genealogy: a verdict or an erasure makes it be read again."""
    at, as_of = moment
    asked = (settings.GRAPH_DIR, graph.generation(), at, as_of)  # like the graph file, of one place
    found = _kept.get(asked)
    if found is None:
        found = _kept[asked] = graph.as_it_stood(at=at, as_of=as_of)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _reparented(keys: Keys, old: Trace, new: Trace) -> Keys:
    """Those of the artifacts whose direct sources, under the filters, are not the same in both."""
    one_way = np.setxor1d(_sources(keys, old), _sources(keys, new))
    found: Keys = np.unique(one_way["derived"])
    return found


def _sources(keys: Keys, trace: Trace) -> NDArray[np.void]:
    """Each artifact with each of its direct sources, as rows of two keys."""
    opened = trace.graph
    nodes = opened.sorted_nodes[np.searchsorted(opened.sorted_keys, keys)]
    places, owners = edges_of(opened.upstream, nodes)
    edges = opened.upstream
    kept = allowed(trace.filters)[edges.certainties[places], edges.relations[places]]
    rows = np.empty(int(np.count_nonzero(kept)), dtype=[("derived", "<i8"), ("source", "<i8")])
    rows["derived"], rows["source"] = keys[owners[kept]], opened.keys[edges.ends[places[kept]]]
    return rows


def _gone_between(earlier: HarvestRun, later: HarvestRun) -> Keys:
    gone = Artifact.objects.filter(gone_since__gt=earlier.started_at, gone_since__lte=later.started_at)
    return np.fromiter(gone.values_list("pk", flat=True).iterator(), dtype=np.int64)
