"""From claims to aliases: chains followed to their end, circles broken, and what changed written down."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from lineage.linking.claims import Claim, Name, artifact_keys, standing_claims
from lineage.linking.desk import Desk, moment
from lineage.models import Alias
from lineage.vocabulary import AliasOrigin, Kind

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


class Meaning(NamedTuple):
    """The repository id that a name means in the end, and who says so."""

    repo_id: str
    origin: AliasOrigin


def renew_aliases(desk: Desk, *, at: datetime) -> tuple[int, int]:
    """Bring the aliases, and who is superseded by whom, up to what is known. Returns how many begun and ended."""
    begun, ended = _write(desk, _with_keys(meanings(standing_claims(desk))), at=at)
    desk.run(UNSUPERSEDE)
    desk.run(SUPERSEDE)
    return begun, ended


def meanings(claims: Mapping[Name, Claim]) -> dict[Name, Meaning]:
    """What each name means in the end, and who says so. Names that mean one another are told apart by the weakest."""
    following = {name: (claim.kind, claim.meant) for name, claim in claims.items()}
    for name in _one_of_each_circle(following, claims):
        del following[name]
    found: dict[Name, Meaning] = {}
    for name in following:
        chain = [name]
        while (after := following[chain[-1]]) in following:
            chain.append(after)
        found[name] = Meaning(after[1], _said_by([claims[link].origin for link in chain]))
    return found


def _said_by(origins: list[AliasOrigin]) -> AliasOrigin:
    """The first of a chain says so; but a rename is told of the renamed artifact only, not of what that means."""
    return next((origin for origin in origins if origin is not AliasOrigin.RENAME), AliasOrigin.RENAME)


def _one_of_each_circle(following: Mapping[Name, Name], claims: Mapping[Name, Claim]) -> list[Name]:
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


def _with_keys(found: Mapping[Name, Meaning]) -> dict[Name, tuple[int, AliasOrigin]]:
    """The artifacts meant, by key; one that is not known yet is made as mentioned only."""
    keys = {
        kind: artifact_keys(kind, (meaning.repo_id for (of_kind, _), meaning in found.items() if of_kind == kind))
        for kind in Kind
    }
    return {name: (keys[Kind(name[0])][meaning.repo_id], meaning.origin) for name, meaning in found.items()}


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
