"""The stored rows that a batch may concern: first which, then what is needed of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from lineage.hub.records import HubRecord
from lineage.models import Artifact
from lineage.staging.identity import Row
from lineage.staging.tables import moment, moment_read, stage
from lineage.staging.versions import Version

# Dates decide only between what one run saw twice, and reading them costs: none for the other rows.
# CROSS JOIN: SQLite then keeps the order of the tables. The conditions on hub_id and is_current are those of the
# partial indexes, word for word.
FOUND = """
SELECT a.id FROM staged_claim c CROSS JOIN lineage_artifact a
 WHERE a.kind = c.kind AND a.hub_id = c.hub_id AND NOT (a.hub_id = '')
UNION
SELECT a.id FROM staged_claim c CROSS JOIN lineage_artifact a
 WHERE a.kind = c.kind AND a.repo_id = c.repo_id AND a.is_current
"""

# From the keys alone, whose number is known: guessing it, PostgreSQL walked the whole table for each of them.
ROWS = """
SELECT a.id, a.kind, a.hub_id, a.repo_id, a.is_current, a.presence, a.digest,
       CASE WHEN s.id IS NOT NULL THEN a.created_at END, CASE WHEN s.id IS NOT NULL THEN a.modified_at END,
       s.id IS NOT NULL, COALESCE(a.gone_since = %s AND NOT a.is_current, false), n.downloads, n.likes,
       n.raw_digest
  FROM staged_key k CROSS JOIN lineage_artifact a
  LEFT JOIN lineage_sighting s ON s.run_id = %s AND s.artifact_id = a.id
  LEFT JOIN lineage_counter n ON n.artifact_id = a.id
 WHERE a.id = k.id
"""

CONTESTANTS = """
SELECT a.id, a.kind, a.repo_id, a.is_current, a.created_at, a.hub_id
  FROM staged_claim c CROSS JOIN lineage_artifact a
  JOIN lineage_sighting s ON s.run_id = %s AND s.artifact_id = a.id
 WHERE a.kind = c.kind AND LOWER(a.repo_id) = LOWER(c.repo_id) AND a.repo_id = c.repo_id AND NOT (a.hub_id = '')
"""


def rows_concerned(cursor: CursorWrapper, versions: Iterable[Version], *, run_key: int, since: datetime) -> list[Row]:
    """The rows that bear an `_id` of the batch, or hold a name of it. `since`: when the run began."""
    claims = {(v.record.kind, v.record.hub_id, v.record.repo_id) for v in versions}
    stage(cursor, "staged_claim", "lineage_artifact", ("kind", "hub_id", "repo_id"), claims)
    cursor.execute(FOUND)
    stage(cursor, "staged_key", "lineage_artifact", ("id",), cursor.fetchall())
    cursor.execute(ROWS, [moment(since), run_key])
    return [
        Row(
            key,
            kind,
            hub_id,
            repo_id,
            bool(is_current),
            presence,
            bytes(digest),
            moment_read(created_at),
            moment_read(modified_at),
            bool(sighted),
            bool(vacated_now),
            downloads,
            likes,
            None if raw_digest is None else bytes(raw_digest),
        )
        for (
            key,
            kind,
            hub_id,
            repo_id,
            is_current,
            presence,
            digest,
            created_at,
            modified_at,
            sighted,
            vacated_now,
            downloads,
            likes,
            raw_digest,
        ) in cursor.fetchall()
    ]


def without_withheld(records: Sequence[HubRecord]) -> Sequence[HubRecord]:
    """The records but those of a repository that is withheld, by its `_id` or by its name."""
    withheld = list(Artifact.objects.withheld().values_list("kind", "hub_id", "repo_id"))
    if not withheld:
        return records
    hub_ids = {(kind, hub_id) for kind, hub_id, _ in withheld if hub_id}
    repo_ids = {(kind, repo_id) for kind, _, repo_id in withheld}
    return [
        record
        for record in records
        if (record.kind, record.hub_id) not in hub_ids and (record.kind, record.repo_id) not in repo_ids
    ]
