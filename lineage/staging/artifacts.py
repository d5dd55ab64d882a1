"""Write what was decided on a batch: who stands where, what each says of itself, who owns it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.backends.utils import CursorWrapper

from lineage.hub.records import HubRecord
from lineage.staging.identity import Repository, Settlement
from lineage.staging.lookup import CONTESTANTS
from lineage.staging.tables import insert, moment, moment_read, new_keys, stage
from lineage.staging.versions import EARLIEST, Name, Version
from lineage.vocabulary import AccountKind, Presence

ARTIFACT = "lineage_artifact"
FACTS = (
    "repo_id",
    "owner",
    "author_id",
    "created_at",
    "modified_at",
    "license",
    "task",
    "library",
    "languages",
    "tags",
    "gated",
    "disabled",
    "size",
    "unusable",
    "digest",
)
STANDING = ("hub_id", "is_current", "presence", "gone_since", "superseded_by_id")

RELEASE = "UPDATE lineage_artifact SET is_current = %s WHERE id IN (SELECT id FROM staged_key)"
UPDATE = "UPDATE lineage_artifact SET {columns} FROM {staged} AS staged WHERE lineage_artifact.id = staged.id"
ADD_AUTHORS = """
INSERT INTO lineage_author (name, kind, full_name)
SELECT staged.name, %s, '' FROM staged_author AS staged
 WHERE NOT EXISTS (SELECT 1 FROM lineage_author WHERE lineage_author.name = staged.name)
 ORDER BY staged.name
ON CONFLICT (name) DO NOTHING
"""
AUTHOR_KEYS = (
    "SELECT a.name, a.id FROM staged_author AS staged CROSS JOIN lineage_author AS a WHERE a.name = staged.name"
)


def write(cursor: CursorWrapper, settlement: Settlement, *, since: datetime) -> int:
    """Bring the artifact table in line with the decisions; returns how many authors were new.

    New repositories are given their keys. `since`: from when a repository that lost its name counts as gone.
    """
    saying = [repository for repository in settlement.repositories if repository.says_something_new]
    new = [repository for repository in settlement.repositories if repository.is_new]
    authors, authors_added = _author_keys(cursor, saying)
    for repository, key in zip(new, new_keys(cursor, ARTIFACT, len(new)) if new else (), strict=True):
        repository.key = key
    for repository in settlement.repositories:
        repository.key = repository.row.key if repository.row else repository.key
    _release_names(cursor, settlement)
    _update(cursor, "staged_facts", FACTS, ((r.key, *_facts(r, authors)) for r in saying if not r.is_new))
    _update(cursor, "staged_standing", STANDING, _new_standings(settlement, since))
    columns = ("id", "kind", *FACTS, *STANDING, "cycle_broken")
    rows = ((r.key, r.kind, *_facts(r, authors), *_standing(r, since), False) for r in new)
    if new:
        insert(cursor, ARTIFACT, columns, rows)
    return authors_added


def settle_left_names(
    cursor: CursorWrapper, left: Iterable[Name], *, run_key: int, since: datetime
) -> tuple[set[Name], int]:
    """Give names that were left in this batch to the youngest that this run saw under them, be it pages ago.

    Returns those of the names that someone seen in this run holds, and how many artifacts came to hold or lost one.
    """
    claims = [(kind, "", repo_id) for kind, repo_id in left]
    stage(cursor, "staged_claim", ARTIFACT, ("kind", "hub_id", "repo_id"), claims)
    cursor.execute(CONTESTANTS, [run_key])
    contests: dict[Name, list[tuple[datetime, str, int, bool]]] = defaultdict(list)
    for key, kind, repo_id, is_current, created_at, hub_id in cursor.fetchall():
        contests[kind, repo_id].append((moment_read(created_at) or EARLIEST, hub_id, key, bool(is_current)))
    overdue = [max(contest) for contest in contests.values() if not max(contest)[-1]]
    usurpers = [one for contest in contests.values() if not max(contest)[-1] for one in contest if one[-1]]
    _release(cursor, [key for _, _, key, _ in usurpers])
    standings: list[tuple[Any, ...]] = [
        (key, hub_id, True, Presence.LISTED, None, None) for _, hub_id, key, _ in overdue
    ]
    standings += [(key, hub_id, False, Presence.GONE, moment(since), None) for _, hub_id, key, _ in usurpers]
    _update(cursor, "staged_standing", STANDING, standings)
    return set(contests), len(standings)


def _author_keys(cursor: CursorWrapper, repositories: Iterable[Repository]) -> tuple[Mapping[str, int], int]:
    names = {_author(r.best.record) for r in repositories if r.best} - {""}
    if not names:
        return {}, 0
    stage(cursor, "staged_author", "lineage_author", ("name",), ((name,) for name in names))
    cursor.execute(ADD_AUTHORS, [AccountKind.UNKNOWN])
    added = cursor.rowcount
    cursor.execute(AUTHOR_KEYS)
    return dict(cursor.fetchall()), added


def _author(record: HubRecord) -> str:
    return record.author or record.owner


def _release_names(cursor: CursorWrapper, settlement: Settlement) -> None:
    """First of all, so that names can be swapped: a name is unique among those that hold theirs."""
    leaving = [r.row.key for r in settlement.repositories if r.row and r.leaves_its_name]
    leaving += [row.key for row in settlement.vacated]
    leaving += [row.key for row, _ in settlement.merged]
    _release(cursor, leaving)


def _release(cursor: CursorWrapper, keys: Sequence[int]) -> None:
    if keys:
        stage(cursor, "staged_key", ARTIFACT, ("id",), ((key,) for key in keys))
        cursor.execute(RELEASE, [False])


def _new_standings(settlement: Settlement, since: datetime) -> list[tuple[Any, ...]]:
    standings = [
        (r.key, *_standing(r, since)) for r in settlement.repositories if r.stands_elsewhere or r.leaves_its_name
    ]
    standings += [(row.key, row.hub_id, False, Presence.GONE, moment(since), None) for row in settlement.vacated]
    for row, into in settlement.merged:
        only_mentioned = row.presence == Presence.MENTIONED
        presence = Presence.MENTIONED if only_mentioned else Presence.GONE
        standings.append((row.key, "", False, presence, None if only_mentioned else moment(since), into.key))
    return standings


def _standing(repository: Repository, since: datetime) -> tuple[Any, ...]:
    gone_since = None if repository.holds_name else moment(since)
    return repository.hub_id, repository.holds_name, repository.presence, gone_since, None


def _facts(repository: Repository, authors: Mapping[str, int]) -> tuple[Any, ...]:
    version: Version | None = repository.best
    if version is None:
        raise ValueError("a repository without a version to store has no facts")
    record = version.record
    return (
        record.repo_id,
        record.owner,
        authors.get(_author(record)),
        moment(record.created_at),
        moment(record.modified_at),
        record.license,
        record.task,
        record.library,
        _json(record.languages),
        _json(record.tags),
        record.gated,
        record.disabled,
        record.size,
        _json({str(reason): count for reason, count in sorted(record.unusable.items())}),
        version.digest,
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _update(cursor: CursorWrapper, staged: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    rows = list(rows)
    if not rows:
        return
    stage(cursor, staged, ARTIFACT, ("id", *columns), rows)
    assignments = ", ".join(f"{column} = staged.{column}" for column in columns)
    cursor.execute(UPDATE.format(columns=assignments, staged=staged))
