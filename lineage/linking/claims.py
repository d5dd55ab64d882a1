"""What is said about old and short names: by staff, by the Hub's redirects, by renames seen, and by cards.

A claim says that a name means an artifact. Per name the strongest claim stands, in the order of `AliasOrigin`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lineage.hub.names import is_placeholder
from lineage.linking.desk import Desk
from lineage.linking.nodes import SUCCESSION, batches, end_of
from lineage.models import Alias, AliasVerdict, Artifact, Decision, HarvestRun, NameInquiry, Sighting
from lineage.vocabulary import AliasOrigin, Kind, Presence

Name = tuple[str, str]  # kind and repository id


class Claim(NamedTuple):
    """`name` is an old name of what bears the name `meant` today, of the same kind; `origin` says so."""

    kind: str
    name: str
    meant: str
    origin: AliasOrigin


# One declared base D, one plain tag X that the Hub wrote, D is not X: such a card says that D is an old name of X.
# D is unlisted, and all such cards agree. Only what is listed now is heard, so the outcome is that of this listing.
# In tables of their own, for PostgreSQL cannot foresee how many artifacts name one base only, and would nest loops.
DECLARED = """
SELECT m.artifact_id, MIN(m.target) AS base
FROM lineage_mention m JOIN lineage_artifact a ON a.id = m.artifact_id
WHERE m.field = 'base_model_card' AND m.target_kind = 'model' AND a.presence = 'listed' AND a.is_current
GROUP BY m.artifact_id HAVING MIN(m.target) = MAX(m.target)
"""
TAGGED = """
SELECT m.artifact_id, MIN(m.target) AS base
FROM lineage_mention m
WHERE m.field = 'base_model_tag' AND m.target_kind = 'model' AND m.resolved
GROUP BY m.artifact_id
HAVING MIN(m.target) = MAX(m.target) AND MAX(CASE WHEN m.self_written THEN 1 ELSE 0 END) = 0
"""
TAUGHT = """
SELECT d.base, MIN(t.base)
FROM link_declared d JOIN link_tagged t ON t.artifact_id = d.artifact_id
WHERE d.base <> t.base
  AND NOT EXISTS (SELECT 1 FROM lineage_artifact l
                  WHERE l.kind = 'model' AND l.repo_id = d.base AND l.is_current AND l.presence = 'listed')
GROUP BY d.base HAVING MIN(t.base) = MAX(t.base)
"""


def contradicted(inquiries: "QuerySet[NameInquiry]") -> "QuerySet[NameInquiry]":
    """Those whose name the Hub itself listed, in a harvest that began after it answered.

    A snapshot contradicts no answer: nobody knows how old it is.
    """
    listed_since = Sighting.objects.filter(
        run__source=HarvestRun.Source.HUB,
        run__started_at__gt=OuterRef("asked_at"),
        artifact__kind=OuterRef("kind"),
        artifact__repo_id=OuterRef("name"),
        artifact__is_current=True,
        artifact__presence=Presence.LISTED,
    )
    return inquiries.filter(Exists(listed_since))


def standing_claims(desk: Desk) -> dict[Name, Claim]:
    """For each name the strongest claim on it; none where staff reject all of them."""
    claims: dict[Name, Claim] = {}
    for claim in (*_of_cards(desk), *_of_renames(), *_of_redirects()):
        claims[claim.kind, claim.name] = claim
    for rejected in AliasVerdict.objects.filter(decision=Decision.REJECT).values_list("kind", "name"):
        claims.pop(rejected, None)
    for claim in _of_staff():
        claims[claim.kind, claim.name] = claim
    return claims


def _of_staff() -> Iterator[Claim]:
    added = AliasVerdict.objects.filter(decision=Decision.ADD, artifact__kind=F("kind"))
    return _told(added.values_list("kind", "name", "artifact_id"), AliasOrigin.STAFF)


def _of_redirects() -> Iterator[Claim]:
    redirects = NameInquiry.objects.filter(answer=NameInquiry.Answer.REDIRECT, artifact__isnull=False)
    stale = contradicted(redirects).values("pk")
    return _told(redirects.exclude(pk__in=stale).values_list("kind", "name", "artifact_id"), AliasOrigin.REDIRECT)


def _of_renames() -> Iterator[Claim]:
    """The renames of each name, the latest last, unless a repository took the name since.

    A gone holder without a Hub `_id` is no other repository: it may be the same one, in an older snapshot.
    """
    taken = Artifact.objects.current().filter(
        Q(presence=Presence.LISTED) | Q(presence=Presence.GONE) & ~Q(hub_id=""),
        kind=OuterRef("kind"),
        repo_id=OuterRef("name"),
    )
    renames = Alias.objects.filter(~Exists(taken), origin=AliasOrigin.RENAME).order_by("held_from", "pk")
    return _told(renames.values_list("kind", "name", "artifact_id"), AliasOrigin.RENAME)


def _of_cards(desk: Desk) -> Iterator[Claim]:
    desk.table("link_declared", DECLARED, key="artifact_id")
    desk.table("link_tagged", TAGGED, key="artifact_id")
    for old, new in desk.rows(TAUGHT):
        if not is_placeholder(old, Kind.MODEL):
            yield Claim(Kind.MODEL, old, new, AliasOrigin.CARD)


def _told(said: Iterable[tuple[str, str, int | None]], origin: AliasOrigin) -> Iterator[Claim]:
    """Claims on artifacts, by the names these bear today; left out where an artifact lost its name to another."""
    rows = [(kind, name, artifact) for kind, name, artifact in said if artifact is not None]
    present = present_names(artifact for _, _, artifact in rows)
    for kind, name, artifact in rows:
        if meant := present.get(artifact):
            yield Claim(kind, name, meant, origin)


def present_names(keys: Iterable[int]) -> dict[int, str]:
    """The repository id each of these artifacts bears, or that of the one it turned out to be, while one holds it."""
    after = dict(Artifact.objects.filter(is_current=False, superseded_by__isnull=False).values_list(*SUCCESSION))
    ends = {key: end_of(key, after) for key in keys}
    names: dict[int, str] = {}
    for batch in batches(sorted(set(ends.values()))):
        names |= dict(Artifact.objects.current().filter(pk__in=batch).values_list("pk", "repo_id"))
    return {key: names[end] for key, end in ends.items() if end in names}


def artifact_keys(kind: Kind, names: Iterable[str]) -> dict[str, int]:
    """The keys of the current artifacts of these names, made where missing as mentioned only."""
    wanted = sorted(set(names))
    keys = _held_keys(kind, wanted)
    missing = [name for name in wanted if name not in keys]
    if missing:
        Artifact.objects.bulk_create(
            (mentioned_only(kind, name) for name in missing), batch_size=1000, ignore_conflicts=True
        )
        keys |= _held_keys(kind, missing)
    return keys


def mentioned_only(kind: Kind, name: str, hub_id: str = "") -> Artifact:
    """An unsaved artifact of which only the name is known."""
    owner, slash, _ = name.partition("/")
    return Artifact(kind=kind, repo_id=name, owner=owner if slash else "", hub_id=hub_id, presence=Presence.MENTIONED)


def _held_keys(kind: Kind, names: list[str]) -> dict[str, int]:
    keys: dict[str, int] = {}
    for batch in batches(names):
        keys |= dict(Artifact.objects.current().of_kind(kind).filter(repo_id__in=batch).values_list("repo_id", "pk"))
    return keys
