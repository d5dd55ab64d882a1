"""The ledger of exports: one entry for each file or dossier handed over, so that recipients can be told of an effect.

An entry holds keys, words and dates, never a name; from its definition the same trace is drawn up again.
"""

from collections.abc import Iterator
from datetime import datetime

from lineage import graph
from lineage.consultations import keys_in
from lineage.dossier import Definition, Dossier, again, composed
from lineage.lookup import meant
from lineage.models import Consultation, Disclosure
from lineage.tracing import Trace, trace_from

DOSSIER = "dossier"  # the form of a dossier; a file's is its format
KEPT_YEARS = 1  # how long a recipient may keep a copy
GENERATION = "generation"  # beside the definition: which generation of the graph it was drawn from


def record(consultation: Consultation, *, form: str, trace: Trace) -> Disclosure:
    """Write the entry of what a consultation handed over, in the caller's own transaction.

    `form`: the format of the file, or `DOSSIER`. Recipient, date and artifacts are the consultation's.
    """
    definition = Definition(
        trace.origin.pk, trace.direction, trace.filters, taken_at=consultation.at, as_of=trace.as_of
    )
    return Disclosure.objects.create(
        at=consultation.at,
        user_key=consultation.user_key,
        form=form,
        reference=consultation.reference,
        definition={**definition.stored(), GENERATION: trace.graph.generation},
        count=consultation.count,
        shown=consultation.shown,
        kept_until=years_after(consultation.at, KEPT_YEARS),
    )


def dossier_of(disclosure: Disclosure) -> Dossier:
    """What was handed over, drawn up again from its stored definition.

    Where nothing changed since, the graph in force is read; else the history. Raises Artifact.DoesNotExist where the
    origin is no longer held.
    """
    definition = Definition.restored(disclosure.definition)
    if graph.current().generation != disclosure.definition[GENERATION]:
        return again(definition)
    return composed(definition, today(definition))


def today(definition: Definition) -> Trace:
    """The trace that the same question gives now, from what the origin means now. Raises Artifact.DoesNotExist."""
    return trace_from(meant(definition.origin()), direction=definition.direction, filters=definition.filters)


def shown_keys(disclosure: Disclosure) -> list[int]:
    """The keys of the artifacts that it holds, ascending."""
    return keys_in(disclosure.shown)


def of_artifact(key: int) -> Iterator[Disclosure]:
    """Every entry that holds this artifact, oldest first."""
    for disclosure in Disclosure.objects.order_by("at", "pk").iterator():
        if key in shown_keys(disclosure):
            yield disclosure


def recipients(key: int, *, at: datetime) -> set[int]:
    """The accounts that may still hold a copy naming this artifact at `at`: those to tell of an effect on it."""
    return {entry.user_key for entry in of_artifact(key) if entry.kept_until > at}


def purge(*, at: datetime) -> int:
    """Delete the entries whose copies may no longer be kept at `at`; returns how many."""
    deleted, _ = Disclosure.objects.filter(kept_until__lte=at).delete()
    return deleted


def years_after(at: datetime, years: int) -> datetime:
    """The same moment so many years later; 28 February for 29 February."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)
