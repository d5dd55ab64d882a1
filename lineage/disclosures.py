"""The ledger of exports: one entry for each file or dossier handed over, so that recipients can be told of an effect.

An entry holds keys, words and dates, never a name; from its definition the same trace is drawn up again.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.db import transaction

from lineage import consultations, graph
from lineage.consultations import Reader, keys_in
from lineage.dossier import Definition, Dossier, again, composed
from lineage.exports.text import definition_of
from lineage.lookup import meant
from lineage.models import Consultation, Disclosure
from lineage.tracing import Trace, trace_from

DOSSIER = "dossier"  # the form of a dossier; a file's is its format
TABLE = "csv"
KEPT_YEARS = 1  # how long a recipient may keep a copy
GENERATION = "generation"  # beside the definition: which generation of the graph it was drawn from
PAST = -1  # no generation in force: it was drawn from the history


@transaction.atomic
def hand_over(trace: Trace, *, form: str, by: Reader, at: datetime) -> Disclosure:
    """Record that all of a trace leaves: the consultation, and the entry of the ledger, which is returned.

    `form`: the format of the file, or `DOSSIER`. `by`: the recipient.
    """
    key = trace.origin.pk
    past = trace.graph.stood_at
    definition = Definition(key, trace.direction, trace.filters, taken_at=past or at, as_of=trace.as_of)
    return enter(
        by=by,
        at=at,
        form=form,
        reference=f"artifact:{key}",
        definition={**definition.stored(), GENERATION: PAST if past else trace.graph.generation},
        artifacts={key, *trace.keys.tolist()},
        read={**definition_of(trace), "format": form},
    )


@transaction.atomic
def enter(
    *,
    by: Reader,
    at: datetime,
    form: str,
    reference: str,
    definition: Mapping[str, object],
    artifacts: Collection[int],
    read: Mapping[str, object] | None = None,
) -> Disclosure:
    """Record that a file leaves: the consultation, and the entry of the ledger, which is returned.

    `artifacts`: keys of all it holds. `read`: how the consultation tells what was asked, as the entry does without it.
    """
    consultation = consultations.record(
        by=by,
        operation=Consultation.Operation.EXPORT,
        at=at,
        reference=reference,
        definition=read or {**definition, "format": form},
        artifacts=artifacts,
    )
    return Disclosure.objects.create(
        at=at,
        user_key=consultation.user_key,
        form=form,
        reference=reference,
        definition=dict(definition),
        count=consultation.count,
        shown=consultation.shown,
        kept_until=years_after(at, KEPT_YEARS),
    )


def hand_over_table(
    *, reference: str, definition: Mapping[str, object], artifacts: Collection[int], by: Reader, at: datetime
) -> Disclosure:
    """Record that a table which names these artifacts leaves as CSV: the consultation, and the entry of the ledger."""
    return enter(
        by=by, at=at, form=TABLE, reference=reference, definition=definition, artifacts=artifacts, read=definition
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
    """The accounts that may still hold a copy naming this artifact at `at`: those to tell of an effect on it.

    0 among them stands for whoever works on the server itself (`consultations.ON_SERVER`).
    """
    return {entry.user_key for entry in still_held({key}, at=at)}


def still_held(keys: Collection[int], *, at: datetime) -> Iterator[Disclosure]:
    """The entries of copies that may still be kept at `at` and hold any of these artifacts, oldest first."""
    sought = frozenset(keys)
    entries = Disclosure.objects.filter(kept_until__gt=at) if sought else Disclosure.objects.none()
    for entry in entries.order_by("at", "pk").iterator():
        if not sought.isdisjoint(shown_keys(entry)):
            yield entry


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
