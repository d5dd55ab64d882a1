"""What if it is withdrawn? What would remain of an artifact in everything made from it, under stated assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lineage.models import Artifact
from lineage.trace import CERTAINTIES, KINDS, RELATIONS, Codes, Filters
from lineage.tracing import Trace, trace_from
from lineage.vocabulary import Certainty, Direction, Kind, Relation


class Remains(StrEnum):
    """What would remain of the withdrawn artifact in one made from it."""

    COPY = "copy"
    CHANGED = "changed"
    MIXED = "mixed"
    NEEDED = "needed"
    CONTENT = "content"
    LEARNT = "learnt"
    UNKNOWN = "unknown"


REMAINS: Mapping[Remains, Promise] = {
    Remains.COPY: _("a copy of it"),
    Remains.CHANGED: _("its weights, changed"),
    Remains.MIXED: _("its weights, mixed with others"),
    Remains.NEEDED: _("nothing of it, but it needs it"),
    Remains.CONTENT: _("perhaps some of its rows"),
    Remains.LEARNT: _("what was learnt from it"),
    Remains.UNKNOWN: _("not known"),
}

ASSUMPTIONS: Mapping[Remains, Promise] = {
    Remains.COPY: _("A quantized copy keeps the weights, at a lower precision: it goes on working by itself."),
    Remains.CHANGED: _("Further training changes the weights; what they had learnt may remain in part."),
    Remains.MIXED: _("A merge mixes the weights with others; no part can be taken out afterwards."),
    Remains.NEEDED: _("An adapter's file alone holds none of the base's weights, and does not work without the base."),
    Remains.CONTENT: _("A dataset made from another may hold copies of its rows."),
    Remains.LEARNT: _("A model keeps what it learnt when its training data goes; it may repeat some of it."),
    Remains.UNKNOWN: _("The cards do not say how it was made: it may hold a copy, or nothing."),
}

_FIRST = {
    Relation.FINETUNE: Remains.CHANGED,
    Relation.ADAPTER: Remains.NEEDED,
    Relation.QUANTIZED: Remains.COPY,
    Relation.MERGE: Remains.MIXED,
    Relation.TRAINED_ON: Remains.LEARNT,
    Relation.EXTENDED_FROM: Remains.CONTENT,
    Relation.UNSPECIFIED: Remains.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """How many artifacts of one kind, made by one relation, would keep the same. `direct`: those one step away.

    `weakest` is the weakest certainty on any of their ways.
    """

    kind: Kind
    relation: Relation
    remains: Remains
    count: int
    direct: int
    weakest: Certainty


def consequences(artifact: Artifact, *, certainty: Certainty = Certainty.DECLARED) -> list[Consequence]:
    """The table of consequences of withdrawing `artifact`, in the order of kinds, relations and what remains.

    Each descendant is judged along the shortest way by which it is reached.
    """
    trace = trace_from(artifact, direction=Direction.DOWNSTREAM, filters=Filters(certainty=certainty))
    steps, remains = trace.steps, _remaining(trace)
    rows = np.stack([trace.graph.kinds[steps.nodes], steps.relations, remains], axis=1)
    groups, which = np.unique(rows, axis=0, return_inverse=True)
    which = which.reshape(-1)
    return [
        Consequence(
            kind=KINDS[kind],
            relation=RELATIONS[relation],
            remains=_ALL[code],
            count=int(np.count_nonzero(which == number)),
            direct=int(np.count_nonzero((which == number) & (steps.depths == 1))),
            weakest=CERTAINTIES[int(steps.path_certainties[which == number].max())],
        )
        for number, (kind, relation, code) in enumerate(groups.tolist())
    ]


_ALL = tuple(Remains)


def after(before: Remains | None, relation: Relation) -> Remains:
    """What remains one step further on, where `before` remains in the one it was made from (None: the origin)."""
    first = _FIRST[relation]
    if before in (None, Remains.COPY) or first in (Remains.NEEDED, Remains.LEARNT):
        return first
    if before in (Remains.NEEDED, Remains.UNKNOWN) or first == Remains.UNKNOWN:
        return Remains.UNKNOWN  # an adapter may have been merged into its base before, or not
    if before == Remains.CHANGED and first == Remains.MIXED:
        return Remains.MIXED
    return before


def _table() -> Codes:
    """`after` for every code, the last row for the origin."""
    cells = [[_ALL.index(after(before, relation)) for relation in RELATIONS] for before in (*_ALL, None)]
    return np.array(cells, dtype=np.uint8)


def _remaining(trace: Trace) -> Codes:
    """The code of what remains in each hop, level by level along the vias."""
    table, steps = _table(), trace.steps
    remains = np.full(len(steps), len(_ALL), dtype=np.uint8)
    before = slice(0, 0)
    for depth in range(1, int(steps.depths[-1]) + 1 if len(steps) else 1):
        level = slice(before.stop, int(np.searchsorted(steps.depths, depth, side="right")))
        if depth == 1:
            remains[level] = table[len(_ALL), steps.relations[level]]
        else:
            vias = before.start + np.searchsorted(steps.nodes[before], steps.vias[level])
            remains[level] = table[remains[vias], steps.relations[level]]
        before = level
    return remains
