"""The dossier of a trace: dated, evidenced, reproducible. What is known, how, and what cannot be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import graph
from lineage.dossier.statement import statement
from lineage.dossier.totals import Coverage, Totals, coverage, totals
from lineage.models import Alias, Artifact, HarvestRun
from lineage.tracing import Filters, Trace, trace_from
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation

__all__ = ["Definition", "Difference", "Dossier", "again", "composed", "difference", "draw_up"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What makes a dossier the same again: keys, words and dates, never a name.

    `taken_at`: when it was drawn up. `as_of`: start of the latest harvest linked in then, None before the first.
    """

    artifact_key: int
    direction: Direction
    filters: Filters
    taken_at: datetime
    as_of: datetime | None

    def stored(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "artifact": self.artifact_key,
            "direction": self.direction.value,
            "relations": sorted(word.value for word in self.filters.relations),
            "certainty": self.filters.certainty.value,
            "kinds": sorted(word.value for word in self.filters.kinds),
            "depth": self.filters.depth,
            "presences": sorted(word.value for word in self.filters.presences),
            "taken_at": self.taken_at.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }

    def origin(self) -> Artifact:
        """The artifact it starts from. Raises Artifact.DoesNotExist where it is no longer held, or not shown."""
        return Artifact.objects.shown().get(pk=self.artifact_key)

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> "Definition":
        """From what `stored` gave. Raises KeyError or ValueError for anything else."""
        filters = Filters(
            relations=frozenset(map(Relation, stored["relations"])),
            certainty=Certainty(stored["certainty"]),
            kinds=frozenset(map(Kind, stored["kinds"])),
            depth=stored["depth"],
            presences=frozenset(map(Presence, stored.get("presences", ()))),  # stored before there was this filter
        )
        return cls(
            artifact_key=stored["artifact"],
            direction=Direction(stored["direction"]),
            filters=filters,
            taken_at=datetime.fromisoformat(stored["taken_at"]),
            as_of=datetime.fromisoformat(stored["as_of"]) if stored["as_of"] else None,
        )


@dataclass(frozen=True, slots=True)
class Dossier:
    """A trace and all that is said with it. `aliases`: old names of the origin; show them masked.

    `run`: the harvest it rests on, None where that is not known. Evidence, publishers and ways are asked for by page.
    """

    definition: Definition
    trace: Trace
    aliases: list[str]
    run: HarvestRun | None
    totals: Totals
    coverage: Coverage
    statement: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two traces: keys of the artifacts that only one of them holds, ascending."""

    gained: NDArray[np.int64]
    lost: NDArray[np.int64]


def draw_up(
    artifact: Artifact, *, at: datetime, direction: Direction = Direction.DOWNSTREAM, filters: Filters | None = None
) -> Dossier:
    """The dossier of an artifact as things stand at `at`."""
    trace = trace_from(artifact, direction=direction, filters=filters)
    definition = Definition(artifact.pk, direction, trace.filters, taken_at=at, as_of=trace.as_of)
    return composed(definition, trace)


def again(definition: Definition) -> Dossier:
    """The same dossier again, over the edges that held then; names as they may be shown today.

    Certainties, presence and the coverage statement are today's. Raises Artifact.DoesNotExist where the origin is no
    longer held.
    """
    origin = definition.origin()
    then = graph.as_it_stood(at=definition.taken_at, as_of=definition.as_of)
    trace = trace_from(origin, direction=definition.direction, filters=definition.filters, opened=then)
    return composed(definition, trace)


def difference(before: Trace, after: Trace) -> Difference:
    """What the later trace gained and lost against the earlier one."""
    return Difference(
        gained=np.setdiff1d(after.keys, before.keys),
        lost=np.setdiff1d(before.keys, after.keys),
    )


def composed(definition: Definition, trace: Trace) -> Dossier:
    """All that is said with a trace that `definition` gives."""
    covered = coverage(trace.graph)
    aliases = Alias.objects.live().filter(artifact=trace.origin).order_by("name")
    runs = HarvestRun.objects.ended_well().filter(started_at=definition.as_of)
    return Dossier(
        definition=definition,
        trace=trace,
        aliases=list(aliases.values_list("name", flat=True)),
        run=runs.first() if definition.as_of else None,
        totals=totals(trace),
        coverage=covered,
        statement=statement(trace, covered),
    )
