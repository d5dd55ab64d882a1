"""Changes to what harvests stored: withhold, release, contract, correct.

The only writes besides a harvest and a verdict. Neutral: what is changed and when, never why. Each is in force when its
function returns, and no harvest undoes it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from lineage import corpora
from lineage.contraction import Step, bridges
from lineage.linking import hold_genealogy, relink
from lineage.models import Artifact, Bridge, Departed, Derivation
from lineage.remains import Remains, portions, remains
from lineage.silencing import silence
from lineage.vocabulary import Certainty, Relation

STRENGTH = list(Certainty)
CORRECTABLE = ("license", "task", "library", "languages", "tags")


@dataclass(frozen=True, slots=True)
class Contracted:
    """What left, in rows, and what was made in its place. `mentions`: those of other artifacts."""

    artifacts: int = 0
    mentions: int = 0
    aliases: int = 0
    edges: int = 0
    bridges: int = 0
    authors: int = 0


@transaction.atomic
def withhold(
    *, artifacts: Collection[int], at: datetime, accounts: Collection[str] = (), as_words: Collection[str] = ()
) -> int:
    """Show these artifacts (keys) nowhere any more; traces still walk through them, harvests leave them as they are.

    `accounts`: accounts that others' free texts name no more, `as_words` those whose bare name is enough. Returns how
    many artifacts were not withheld before.
    """
    hold_genealogy()
    corpora.mark(gone=artifacts, at=at)
    silence(remains(artifacts, accounts, as_words), at=at)
    return sum(
        Artifact.objects.shown().filter(pk__in=some).update(withheld_at=at) for some in portions(sorted(artifacts))
    )


@transaction.atomic
def release(*, artifacts: Collection[int], at: datetime) -> int:
    """Show these artifacts again as they were, and link what others said meanwhile. Returns how many were withheld."""
    hold_genealogy()
    released = sum(
        Artifact.objects.withheld().filter(pk__in=some).update(withheld_at=None) for some in portions(sorted(artifacts))
    )
    if released:
        relink(at=at)
    return released


@transaction.atomic
def correct(*, artifact: int, field: str, value: object, at: datetime) -> bool:
    """Put a corrected value into one fact (`license`, `tags` …) of an artifact (key); returns whether it is stored.

    The next record of it has to bring the same: whoever corrects rewrites records through the policy.
    Raises ValueError for what is no fact of a record.
    """
    if field not in CORRECTABLE:
        raise ValueError(f"{field!r} is no fact that can be corrected")
    corpora.mark(gone=[artifact], fields=[field], at=at)
    return Artifact.objects.filter(pk=artifact).update(**{field: value}) == 1


@transaction.atomic
def contract(
    *, artifacts: Collection[int], at: datetime, accounts: Collection[str] = (), as_words: Collection[str] = ()
) -> Contracted:
    """Remove these artifacts (keys) with all that is known of them, and join their sources to their derivatives.

    `accounts`: accounts that leave as well, with every mention of anything of theirs, in whatever case it is written;
    `as_words`: those of them whose bare name leaves others' free texts, too.
    Everybody else's ancestors and descendants stay the same sets without what left, at every moment of the past too.
    """
    hold_genealogy()
    gone = remains(artifacts, accounts, as_words)
    corpora.mark(gone=gone.keys, aliases=list(gone.aliases().values_list("pk", flat=True)), at=at)
    steps = list(_steps(gone.keys))
    made = list(bridges(steps, gone.keys))
    _lay(made, at=at)
    _keep(_through_their_names(gone), at=at)
    Departed.objects.filter(owner__in=[fingerprint_of_account(account) for account in gone.accounts]).delete()
    gone.inquiries().delete()
    gone.verdicts().delete()
    mentions, _tables = gone.mentions().delete()
    aliases, _tables = gone.aliases().delete()
    silence(gone, at=at)
    for some in portions(sorted(gone.keys)):
        Artifact.objects.filter(pk__in=some).delete()
    authors, _tables = gone.authors().delete()
    relink(at=at)
    return Contracted(len(gone.keys), mentions, aliases, len(steps), len(made), authors)


def fingerprint_of_account(account: str) -> str:
    """A keyed digest of an account's name, in whatever case."""
    return salted_hmac("lineage.departures.owner", account.casefold(), algorithm="sha256").hexdigest()


def _steps(keys: frozenset[int]) -> Iterator[Step]:
    """Every edge that touches these artifacts, present and past, each once."""
    columns = ("pk", "source_id", "derived_id", "held_from", "held_until", "certainty")
    found: dict[int, Step] = {}
    for some in portions(sorted(keys)):
        for end in ("source__in", "derived__in"):
            for key, source, derived, begins, ends, certainty in _edges_of(end, some).values_list(*columns):
                found[key] = Step(source, derived, begins, ends, STRENGTH.index(Certainty(certainty)))
    return iter(found.values())


def _edges_of(end: str, keys: list[int]) -> "QuerySet[Derivation]":
    return Derivation.objects.filter(**{end: keys})


def _through_their_names(gone: Remains) -> Iterator[Step]:
    """The edges between others that are known only because a card names what leaves: by an old name, say."""
    meanings = {
        (kind, name): key
        for kind, name, key in gone.aliases().filter(held_until=None).values_list("kind", "name", "artifact_id")
        if key not in gone.keys
    }
    if not meanings:
        return
    pairs = {
        (meanings[kind, name], speaker)
        for kind, name, speaker in gone.mentions().values_list("target_kind", "target", "artifact_id")
        if (kind, name) in meanings
    }
    for source, derived in sorted(pairs):
        ends = Q(source=source, derived=derived)
        for begins, certainty in Derivation.objects.holding().filter(ends).values_list("held_from", "certainty"):
            yield Step(source, derived, begins, None, STRENGTH.index(Certainty(certainty)))


def _lay(steps: Iterable[Step], *, at: datetime) -> None:
    """Keep the edges of the past as they held, and bridges for those that still hold."""
    steps = list(steps)
    lasting = [step for step in steps if step.held_until is None]
    known = {pair for some in portions(sorted({step.source for step in lasting})) for pair in _held_pairs(some)}
    Derivation.objects.bulk_create(
        (
            _edge(step, step.held_until or at)
            for step in steps
            if step.held_until or ((step.source, step.derived) in known and step.held_from < at)
        ),
        batch_size=1000,
    )
    Derivation.objects.bulk_create(
        (_edge(step, None) for step in lasting if (step.source, step.derived) not in known), batch_size=1000
    )
    _keep(lasting, at=at)


def _keep(steps: Iterable[Step], *, at: datetime) -> None:
    """Bridges, which linking lays anew each time; one a pair, and the first that was made."""
    Bridge.objects.bulk_create(
        (Bridge(**_ends(step), held_from=step.held_from, made_at=at) for step in _surest(steps)),
        batch_size=1000,
        ignore_conflicts=True,
    )


def _held_pairs(sources: Collection[int]) -> "QuerySet[Derivation, tuple[int, int]]":
    return Derivation.objects.holding().filter(source__in=sources).values_list("source_id", "derived_id")


def _surest(steps: Iterable[Step]) -> Iterator[Step]:
    """One step a pair."""
    best: dict[tuple[int, int], Step] = {}
    for step in sorted(steps, key=lambda step: (step.rank, step.held_from)):
        best.setdefault((step.source, step.derived), step)
    return iter(best.values())


def _edge(step: Step, held_until: datetime | None) -> Derivation:
    return Derivation(**_ends(step), relation=Relation.UNSPECIFIED, held_from=step.held_from, held_until=held_until)


def _ends(step: Step) -> dict[str, object]:
    return {"source_id": step.source, "derived_id": step.derived, "certainty": STRENGTH[step.rank]}
