"""Where an edge comes from: what records say, and what staff decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lineage.models import Alias, Artifact, DerivationVerdict, Mention
from lineage.tracing import Hop
from lineage.vocabulary import Direction, Field, Kind, Relation

Pair = tuple[int, int]  # keys of the source and of what was made from it


@dataclass(frozen=True, slots=True)
class Said:
    """One place in a record that gives the edge. `target` is the name as written there: show it masked.

    `resolved`: the Hub itself resolved the name. `run_key` and `since`: the harvest that saw it first, None if unknown.
    """

    field: Field
    target: str
    relation: Relation
    resolved: bool
    run_key: int | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of staff that adds the edge."""

    relation: Relation
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that stands behind the edges of one pair."""

    said: tuple[Said, ...] = ()
    decided: tuple[Decided, ...] = ()


def evidence(pairs: Collection[Pair]) -> dict[Pair, Evidence]:
    """The evidence of each pair, by a handful of queries for all of them; give it a page of pairs at a time.

    A name in a record counts for a source that bears it, whose live alias it is, or that differs by case alone. A pair
    with an end that may not be shown has none: its evidence would name it.
    """
    wanted = _shown(pairs)
    sources, derived = {source for source, _derived in wanted}, {derived for _source, derived in wanted}
    names = _names(sources)
    speakers = _speakers(derived)
    said: defaultdict[Pair, list[Said]] = defaultdict(list)
    for mention in _mentions(speakers):
        meant = names.get((Kind(mention.target_kind), mention.target.lower()), ())
        for pair in ((source, speakers[mention.artifact_id]) for source in meant):
            if pair in wanted:
                said[pair].append(_said(mention))
    decided = _decided(sources, derived)
    return {
        pair: Evidence(tuple(said[pair]), tuple(decided.get(pair, ()))) if pair in wanted else Evidence()
        for pair in pairs
    }


def pair_of(hop: Hop, direction: Direction) -> Pair:
    """The edge by which a trace in this direction reached the hop."""
    return (hop.via_key, hop.artifact_key) if direction == Direction.DOWNSTREAM else (hop.artifact_key, hop.via_key)


def texts_of(proofs: Iterable[Evidence]) -> Iterator[str]:
    """The names as written in records: what must be masked before it is shown."""
    return (said.target for proof in proofs for said in proof.said)


def _shown(pairs: Collection[Pair]) -> set[Pair]:
    """The pairs both of whose ends may be shown."""
    keys = {key for pair in pairs for key in pair}
    shown = set(Artifact.objects.shown().filter(pk__in=keys).values_list("pk", flat=True))
    return {(source, derived) for source, derived in pairs if source in shown and derived in shown}


def _names(sources: Collection[int]) -> Mapping[tuple[Kind, str], set[int]]:
    """Which of the sources each name means, folded: their own, those they superseded, and their aliases."""
    names: defaultdict[tuple[Kind, str], set[int]] = defaultdict(set)
    rows: list[tuple[int | None, str, str]] = [
        *Artifact.objects.filter(pk__in=sources).values_list("pk", "kind", "repo_id"),
        *Artifact.objects.filter(superseded_by__in=sources).values_list("superseded_by", "kind", "repo_id"),
        *Alias.objects.live().filter(artifact__in=sources).values_list("artifact", "kind", "name"),
    ]
    for source, kind, name in rows:
        if source is not None:
            names[Kind(kind), name.lower()].add(source)
    return names


def _speakers(derived: Collection[int]) -> Mapping[int, int]:
    """Whose records speak for each of the derived: their own, and those of what they superseded."""
    speakers = dict(Artifact.objects.filter(superseded_by__in=derived).values_list("pk", "superseded_by"))
    return {**{key: key for key in derived}, **{key: of for key, of in speakers.items() if of is not None}}


def _mentions(speakers: Collection[int]) -> Iterable[Mention]:
    mentions = Mention.objects.filter(artifact__in=speakers).select_related("first_run")
    return mentions.order_by("artifact", "field", "position", "target", "relation")


def _said(mention: Mention) -> Said:
    run = mention.first_run
    return Said(
        field=Field(mention.field),
        target=mention.target,
        relation=Relation(mention.relation),
        resolved=mention.resolved,
        run_key=run.pk if run else None,
        since=run.started_at if run else None,
    )


def _decided(sources: Collection[int], derived: Collection[int]) -> Mapping[Pair, list[Decided]]:
    decided: defaultdict[Pair, list[Decided]] = defaultdict(list)
    both = Q(source__in=sources) & Q(derived__in=derived)
    for verdict in DerivationVerdict.objects.filter(both, decision="add").order_by("decided_at", "pk"):
        pair = verdict.source_id, verdict.derived_id
        decided[pair].append(Decided(Relation(verdict.relation), verdict.reason, verdict.decided_at))
    return decided
