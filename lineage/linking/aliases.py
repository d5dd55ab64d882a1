"""From claims to aliases: chains followed to their end, circles broken, and what changed written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lineage.linking.claims import Claim, Name, standing_claims
from lineage.linking.desk import Desk, moment
from lineage.models import Alias, Artifact
from lineage.vocabulary import AliasOrigin

STRENGTH = list(AliasOrigin)  # strongest first

UNSUPERSEDE = """
UPDATE lineage_artifact SET superseded_by_id = NULL
WHERE is_current AND superseded_by_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM lineage_alias l
    WHERE l.held_until IS NULL AND l.kind = lineage_artifact.kind AND l.name = lineage_artifact.repo_id
)
"""
SUPERSEDE = """
UPDATE lineage_artifact SET superseded_by_id = l.artifact_id
FROM lineage_alias l
WHERE l.held_until IS NULL AND l.kind = lineage_artifact.kind AND l.name = lineage_artifact.repo_id
  AND lineage_artifact.is_current AND lineage_artifact.id <> l.artifact_id
  AND (lineage_artifact.superseded_by_id IS NULL OR lineage_artifact.superseded_by_id <> l.artifact_id)
"""
END = """
UPDATE lineage_alias SET held_until = CASE WHEN held_from > %s THEN held_from ELSE %s END WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """An artifact as far as an alias needs it: the name it bears, whether it still holds it, and who took over."""

    key: int
    name: Name
    is_current: bool
    superseded_by: int | None


def renew_aliases(desk: Desk, *, at: datetime) -> tuple[int, int]:
    """Bring the aliases, and who is superseded by whom, up to what is known. Returns how many begun and ended."""
    claims = standing_claims(desk)
    holders = _holders(claim.artifact for claim in claims.values())
    wanted = meanings(claims, holders)
    begun, ended = _write(desk, wanted, at=at)
    desk.run(UNSUPERSEDE)
    desk.run(SUPERSEDE)
    return begun, ended


def meanings(claims: dict[Name, Claim], holders: dict[int, Holder]) -> dict[Name, tuple[int, AliasOrigin]]:
    """What each name means in the end, and who says so. Leaves out names that mean nothing that stands any more."""
    standing = {name: last for name, claim in claims.items() if (last := _last_holder(claim.artifact, holders))}
    following = {name: holder.name for name, holder in standing.items()}
    for name in _one_of_each_circle(following, claims):
        del standing[name], following[name]
    found: dict[Name, tuple[int, AliasOrigin]] = {}
    for name in standing:
        chain = [name]
        while (after := following[chain[-1]]) in following:
            chain.append(after)
        found[name] = standing[chain[-1]].key, _said_by([claims[link].origin for link in chain])
    return found


def _said_by(origins: list[AliasOrigin]) -> AliasOrigin:
    """The first of a chain says so; but a rename is told of the renamed artifact only, not of what that means."""
    return next((origin for origin in origins if origin is not AliasOrigin.RENAME), AliasOrigin.RENAME)


def _last_holder(key: int, holders: dict[int, Holder]) -> Holder | None:
    """Follow artifacts that gave up their name to those which they turned out to be; None where that leads nowhere."""
    seen: set[int] = set()
    holder = holders.get(key)
    while holder is not None and not holder.is_current:
        seen.add(holder.key)
        after = holder.superseded_by
        holder = holders.get(after) if after is not None and after not in seen else None
    return holder


def _one_of_each_circle(following: dict[Name, Name], claims: dict[Name, Claim]) -> list[Name]:
    """Of names that mean one another in a circle, the one that is claimed most weakly, so that the others lead to it."""
    dropped: list[Name] = []
    done: set[Name] = set()
    for start in following:
        walked: dict[Name, None] = {}
        name = start
        while name in following and name not in done and name not in walked:
            walked[name] = None
            name = following[name]
        if name in walked:
            circle = list(walked)[list(walked).index(name) :]
            dropped.append(max(circle, key=lambda each: (STRENGTH.index(claims[each].origin), each)))
        done.update(walked)
    return dropped


def _holders(keys: Iterable[int]) -> dict[int, Holder]:
    """The artifacts of these keys, and those that took over from them."""
    found: dict[int, Holder] = {}
    wanted = set(keys)
    while wanted:
        batch = sorted(wanted)[:1000]
        rows = Artifact.objects.filter(pk__in=batch).values_list("pk", "kind", "repo_id", "is_current", "superseded_by")
        for pk, kind, repo_id, is_current, superseded_by in rows:
            found[pk] = Holder(pk, (kind, repo_id), is_current, superseded_by)
            if not is_current and superseded_by is not None:
                wanted.add(superseded_by)
        wanted -= found.keys() | set(batch)
    return found


def _write(desk: Desk, wanted: dict[Name, tuple[int, AliasOrigin]], *, at: datetime) -> tuple[int, int]:
    live = {
        (kind, name): (pk, (artifact, origin))
        for pk, kind, name, artifact, origin in Alias.objects.live().values_list(
            "pk", "kind", "name", "artifact_id", "origin"
        )
    }
    ended = [pk for name, (pk, meaning) in live.items() if wanted.get(name) != meaning]
    until = moment(at)
    for pk in ended:
        desk.run(END, [until, until, pk])
    begun = [name for name, meaning in wanted.items() if name not in live or live[name][1] != meaning]
    Alias.objects.bulk_create(
        (
            Alias(kind=kind, name=name, artifact_id=wanted[kind, name][0], origin=wanted[kind, name][1], held_from=at)
            for kind, name in sorted(begun)
        ),
        batch_size=1000,
    )
    return len(begun), len(ended)
