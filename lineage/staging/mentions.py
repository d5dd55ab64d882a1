"""What the records of a batch mention: the difference to what is stored, and nothing else, is written."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from lineage.staging.identity import Repository
from lineage.staging.tables import insert, stage
from lineage.staging.versions import MentionKey

COLUMNS = (
    "artifact_id",
    "field",
    "target_kind",
    "target",
    "relation",
    "resolved",
    "self_written",
    "position",
    "first_run_id",
)
STORED = """
SELECT m.id, m.artifact_id, m.field, m.target_kind, m.target, m.relation, m.resolved, m.self_written, m.position
  FROM staged_key AS staged CROSS JOIN lineage_mention AS m WHERE m.artifact_id = staged.id
"""
REMOVE = "DELETE FROM lineage_mention WHERE id IN (SELECT id FROM staged_key)"
UPDATE = """
UPDATE lineage_mention
   SET resolved = staged.resolved, self_written = staged.self_written, position = staged.position
  FROM staged_mention AS staged WHERE lineage_mention.id = staged.id
"""
Said = tuple[bool, bool, int | None]  # resolved, self-written, position


def write(
    cursor: CursorWrapper, repositories: Sequence[Repository], merged: Sequence[int], *, run_key: int
) -> tuple[int, int, int]:
    """Bring the mentions of these repositories in line; returns how many were added, changed and removed.

    `repositories` are those whose facts are being written. `merged` are keys of rows that became one with
    another: their cards are read under that one's name now.
    """
    stored = _stored(cursor, [r.key for r in repositories if not r.is_new] + list(merged))
    added: list[tuple[Any, ...]] = []
    changed: list[tuple[int, bool, bool, int | None]] = []
    for repository in repositories:
        before = stored.get(repository.key, {})
        for key, said in _said(repository).items():
            known = before.pop(key, None)
            if known is None:
                added.append((repository.key, *key, *said, run_key))
            elif known[1] != said:
                changed.append((known[0], *said))
    removed = [(key,) for before in stored.values() for key, _ in before.values()]
    _apply(cursor, added, changed, removed)
    return len(added), len(changed), len(removed)


def _said(repository: Repository) -> dict[MentionKey, Said]:
    mentions = repository.best.mentions if repository.best else {}
    return {key: (m.resolved, m.self_written, m.position) for key, m in mentions.items()}


def _stored(cursor: CursorWrapper, keys: Sequence[int]) -> dict[int, dict[MentionKey, tuple[int, Said]]]:
    stored: dict[int, dict[MentionKey, tuple[int, Said]]] = defaultdict(dict)
    if keys:
        stage(cursor, "staged_key", "lineage_artifact", ("id",), ((key,) for key in keys))
        cursor.execute(STORED)
        for key, artifact, field, kind, target, relation, resolved, self_written, position in cursor.fetchall():
            said = (bool(resolved), bool(self_written), position)
            stored[artifact][field, kind, target, relation] = (key, said)
    return stored


def _apply(cursor: CursorWrapper, added: Sequence[Any], changed: Sequence[Any], removed: Sequence[Any]) -> None:
    if removed:
        stage(cursor, "staged_key", "lineage_artifact", ("id",), removed)
        cursor.execute(REMOVE)
    if changed:
        columns = ("id", "resolved", "self_written", "position")
        stage(cursor, "staged_mention", "lineage_mention", columns, changed)
        cursor.execute(UPDATE)
    if added:
        insert(cursor, "lineage_mention", COLUMNS, added)
