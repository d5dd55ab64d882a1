"""Changes to what harvests stored: withhold, release, contract, correct. The only writes besides a harvest and a verdict.

Neutral: what is changed and when, never why. Each is in force when its function returns, and no harvest undoes it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from lineage.contraction import Step, bridges
from lineage.linking import hold_genealogy, relink
from lineage.models import Alias, AliasVerdict, Artifact, Author, Bridge, Derivation, Mention, NameInquiry
from lineage.vocabulary import Certainty, Relation

STRENGTH = list(Certainty)
CORRECTABLE = ("license", "task", "library", "languages", "tags")
BATCH = 400  # keys or names in one query: SQLite bounds the number of parameters

Name = tuple[str, str]  # kind and repository id
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Contracted:
    """What left, in rows, and what was made in its place. `mentions`: those of other artifacts."""

    artifacts: int = 0
    mentions: int = 0
    aliases: int = 0
    edges: int = 0
    bridges: int = 0
    authors: int = 0


@dataclass(frozen=True, slots=True)
class Remains:
    """Everything that goes when artifacts and accounts leave.

    `keys`: the artifacts, with those whose name is known to mean one of them. `names`: their names and old names,
    without those that mean something else by now. `accounts`: whose every name goes, in whatever case.
    """

    keys: frozenset[int]
    names: frozenset[Name]
    accounts: frozenset[str]

    def mentions(self) -> "QuerySet[Mention]":
        """What other artifacts say of them."""
        return self._named(Mention.objects.exclude(artifact__in=self.keys), "target_kind", "target")

    def aliases(self) -> "QuerySet[Alias]":
        """Old names of theirs, and names of theirs that mean something else."""
        return Alias.objects.filter(artifact__in=self.keys) | self._named(Alias.objects.all(), "kind", "name")

    def inquiries(self) -> "QuerySet[NameInquiry]":
        return NameInquiry.objects.filter(artifact__in=self.keys) | self._named(
            NameInquiry.objects.all(), "kind", "name"
        )

    def verdicts(self) -> "QuerySet[AliasVerdict]":
        return self._named(AliasVerdict.objects.all(), "kind", "name")

    def authors(self) -> "QuerySet[Author]":
        return Author.objects.filter(_any(Q(name__iexact=account) for account in self.accounts))

    def _named(self, rows: "QuerySet[Item]", kind: str, name: str) -> "QuerySet[Item]":  # type: ignore[type-var]
        by_kind = {of_kind: [text for its, text in self.names if its == of_kind] for of_kind, _ in self.names}
        exact = (Q(**{kind: of_kind, f"{name}__in": texts}) for of_kind, texts in by_kind.items())
        owned = (Q(**{f"{name}__istartswith": f"{account}/"}) for account in self.accounts)
        return rows.filter(_any([*exact, *owned]))


@transaction.atomic
def withhold(*, artifacts: Collection[int], at: datetime) -> int:
    """Show these artifacts (keys) nowhere any more; traces still walk through them, harvests leave them as they are.

    Returns how many were not withheld before.
    """
    hold_genealogy()
    return sum(
        Artifact.objects.shown().filter(pk__in=some).update(withheld_at=at) for some in _portions(sorted(artifacts))
    )


@transaction.atomic
def release(*, artifacts: Collection[int], at: datetime) -> int:
    """Show these artifacts again as they were, and link what others said meanwhile. Returns how many were withheld."""
    hold_genealogy()
    released = sum(
        Artifact.objects.withheld().filter(pk__in=some).update(withheld_at=None)
        for some in _portions(sorted(artifacts))
    )
    if released:
        relink(at=at)
    return released


def correct(*, artifact: int, field: str, value: object) -> bool:
    """Put a corrected value into one fact (`license`, `tags` …) of an artifact (key); returns whether it is stored.

    The next record of it has to bring the same: whoever corrects rewrites records through the policy.
    Raises ValueError for what is no fact of a record.
    """
    if field not in CORRECTABLE:
        raise ValueError(f"{field!r} is no fact that can be corrected")
    return Artifact.objects.filter(pk=artifact).update(**{field: value}) == 1


@transaction.atomic
def contract(*, artifacts: Collection[int], at: datetime, accounts: Collection[str] = ()) -> Contracted:
    """Remove these artifacts (keys) with all that is known of them, and join their sources to their derivatives.

    `accounts`: accounts that leave as well, with every mention of anything of theirs, in whatever case it is written.
    Everybody else's ancestors and descendants stay the same sets without what left, at every moment of the past too.
    """
    hold_genealogy()
    gone = remains(artifacts, accounts)
    steps = list(_steps(gone.keys))
    made = list(bridges(steps, gone.keys))
    _lay(made, at=at)
    _keep(_through_their_names(gone), at=at)
    gone.inquiries().delete()
    gone.verdicts().delete()
    mentions, _tables = gone.mentions().delete()
    aliases, _tables = gone.aliases().delete()
    _strip_tags(gone)
    for some in _portions(sorted(gone.keys)):
        Artifact.objects.filter(pk__in=some).delete()
    authors, _tables = gone.authors().delete()
    relink(at=at)
    return Contracted(len(gone.keys), mentions, aliases, len(steps), len(made), authors)


def _strip_tags(gone: Remains) -> None:
    """Take out of others' free tags those that are a repository id of the accounts."""
    for account in gone.accounts:
        own = f"{account}/".lower()
        tagged = Artifact.objects.annotate(text=Cast("tags", TextField())).filter(text__icontains=f'"{own}')
        for artifact in tagged.exclude(pk__in=gone.keys).only("pk", "tags"):
            artifact.tags = [tag for tag in artifact.tags if not tag.lower().startswith(own)]
            artifact.save(update_fields=["tags"])


def remains(artifacts: Collection[int], accounts: Collection[str] = ()) -> Remains:
    """Everything that `contract` would remove; changes nothing."""
    keys = frozenset(artifacts)
    while True:
        more = {
            key
            for some in _portions(sorted(keys))
            for key in Artifact.objects.filter(superseded_by__in=some).values_list("pk", flat=True)
        }
        if more <= keys:
            break
        keys |= more
    return Remains(keys, frozenset(_names(keys)), frozenset(accounts))


def _names(keys: frozenset[int]) -> set[Name]:
    """The names and old names of these artifacts, without those that another one bears or that mean another one."""
    names: set[Name] = set()
    for some in _portions(sorted(keys)):
        names |= set(Artifact.objects.filter(pk__in=some).values_list("kind", "repo_id"))
        names |= set(Alias.objects.filter(artifact__in=some).values_list("kind", "name"))
        names |= set(NameInquiry.objects.filter(artifact__in=some).values_list("kind", "name"))
    taken: set[Name] = set()
    for texts in _portions(sorted({text for _, text in names})):
        others = Artifact.objects.current().filter(repo_id__in=texts).values_list("pk", "kind", "repo_id")
        taken |= {(kind, text) for key, kind, text in others if key not in keys}
        live = Alias.objects.live().filter(name__in=texts).values_list("artifact", "kind", "name")
        taken |= {(kind, text) for key, kind, text in live if key not in keys}
    return names - taken


def _steps(keys: frozenset[int]) -> Iterator[Step]:
    """Every edge that touches these artifacts, present and past, each once."""
    columns = ("pk", "source_id", "derived_id", "held_from", "held_until", "certainty")
    found: dict[int, Step] = {}
    for some in _portions(sorted(keys)):
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
    known = {pair for some in _portions(sorted({step.source for step in lasting})) for pair in _held_pairs(some)}
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


def _any(conditions: Iterable[Q]) -> Q:
    """Where one of them holds; nowhere without any."""
    return reduce(or_, conditions, Q(pk__in=[]))


def _portions(items: list[Item]) -> Iterator[list[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
