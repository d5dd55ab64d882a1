"""Which artifact each mentioned name means: an alias's, the listed one's, one that differs but for case, or its own."""

from django.db import connection

from lineage.linking.desk import Desk
from lineage.linking.nodes import batches
from lineage.models import Artifact
from lineage.staging import tables
from lineage.vocabulary import Presence

# Artifacts that are not heard: those that lost their name, and an old, gone record of what is listed under its new one.
SILENT = """
SELECT a.id AS artifact_id FROM lineage_artifact a
LEFT JOIN link_node n ON n.artifact_id = a.id
LEFT JOIN lineage_artifact s ON s.id = n.node_id
WHERE NOT a.is_current OR (a.presence <> 'listed' AND s.presence = 'listed')
"""

# vouched: the Hub resolved this very id for something that is listed now; resolved: for anything, listed or gone.
NAMES = """
SELECT m.target_kind AS kind, m.target AS name,
       MAX(CASE WHEN m.resolved THEN 1 ELSE 0 END) AS resolved,
       MAX(CASE WHEN m.resolved AND a.presence = 'listed' THEN 1 ELSE 0 END) AS vouched
FROM lineage_mention m JOIN lineage_artifact a ON a.id = m.artifact_id
WHERE NOT EXISTS (SELECT 1 FROM link_silent s WHERE s.artifact_id = m.artifact_id)
GROUP BY m.target_kind, m.target
"""

# sure_id: what an alias says, else the listed artifact of that name. held_id: whatever artifact holds the name.
FOUND = """
SELECT n.kind, n.name, n.resolved, n.vouched,
       CASE WHEN n.kind = 'dataset' OR n.name LIKE '%/%' THEN 1 ELSE 0 END AS is_full,
       COALESCE(l.artifact_id, CASE WHEN a.presence = 'listed' THEN a.id END) AS sure_id,
       a.id AS held_id
FROM link_name n
LEFT JOIN lineage_alias l ON l.kind = n.kind AND l.name = n.name AND l.held_until IS NULL
LEFT JOIN lineage_artifact a ON a.kind = n.kind AND a.repo_id = n.name AND a.is_current
"""

# A name that is not known exactly may equal one known id but for case: an id listed now, or one the Hub resolved.
# CROSS JOIN and NOT IN: SQLite then looks each name up in the index of folded names, not in that of presences.
GUESSES = """
SELECT kind, name, MIN(meant) AS meant
FROM (SELECT f.kind, f.name, a.repo_id AS meant
      FROM link_found f CROSS JOIN lineage_artifact a
      WHERE f.sure_id IS NULL AND f.vouched = 0 AND a.kind = f.kind AND LOWER(a.repo_id) = LOWER(f.name)
        AND a.is_current AND a.presence NOT IN ('mentioned', 'gone')
      UNION
      SELECT f.kind, f.name, v.name
      FROM link_found f JOIN link_vouched v ON v.kind = f.kind AND v.folded = LOWER(f.name)
      WHERE f.sure_id IS NULL AND f.vouched = 0) candidate
GROUP BY kind, name HAVING COUNT(*) = 1
"""
VOUCHED = "SELECT kind, name, LOWER(name) AS folded FROM link_name WHERE vouched = 1"

# Names that will be ends of edges and have no artifact yet.
MISSING = """
SELECT f.kind, f.name FROM link_found f
LEFT JOIN link_guess g ON g.kind = f.kind AND g.name = f.name
WHERE f.sure_id IS NULL AND f.held_id IS NULL AND (f.resolved = 1 OR (f.is_full = 1 AND g.name IS NULL))
"""

# resolved_id: what a mention that the Hub resolved means. declared_id: what any other means, guessed or not.
# A bare name of a model that is neither known nor vouched for means nothing.
TARGETS = """
SELECT f.kind, f.name,
       COALESCE(f.sure_id, f.held_id) AS resolved_id,
       CASE WHEN f.sure_id IS NOT NULL THEN f.sure_id
            WHEN f.vouched = 1 THEN f.held_id
            WHEN g.name IS NOT NULL THEN COALESCE(l.artifact_id, a.id)
            WHEN f.is_full = 1 THEN f.held_id END AS declared_id,
       CASE WHEN f.sure_id IS NULL AND f.vouched = 0 AND g.name IS NOT NULL THEN 1 ELSE 0 END AS guessed
FROM link_found f
LEFT JOIN link_guess g ON g.kind = f.kind AND g.name = f.name
LEFT JOIN lineage_alias l ON l.kind = g.kind AND l.name = g.meant AND l.held_until IS NULL
LEFT JOIN lineage_artifact a ON a.kind = g.kind AND a.repo_id = g.meant AND a.is_current
"""

USED = """
SELECT CAST(resolved_id AS bigint) AS artifact_id FROM link_target UNION SELECT declared_id FROM link_target
"""
UNUSED = """
SELECT a.id FROM lineage_artifact a
WHERE a.presence = 'mentioned' AND a.withheld_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM link_used u WHERE u.artifact_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_derivation d WHERE d.source_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_derivation d WHERE d.derived_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_derivationverdict v WHERE v.source_id = a.id OR v.derived_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_aliasverdict v WHERE v.artifact_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_alias l WHERE l.artifact_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_nameinquiry q WHERE q.artifact_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM lineage_artifact o WHERE o.superseded_by_id = a.id)
"""


def lay_out_targets(desk: Desk) -> int:
    """`link_target`: what each name mentioned by `link_silent`'s complement means. Returns how many artifacts it made."""
    desk.table("link_silent", SILENT, key="artifact_id")
    desk.table("link_name", NAMES, key="kind, name")
    desk.table("link_vouched", VOUCHED, key="kind, folded")
    desk.table("link_found", FOUND, key="kind, name")
    desk.table("link_guess", GUESSES, key="kind, name")
    desk.table("link_missing", MISSING)
    made = _make_missing(desk)
    if made:
        desk.table("link_found", FOUND, key="kind, name")
    desk.table("link_target", TARGETS, key="kind, name")
    return made


def _make_missing(desk: Desk) -> int:
    """A row for each of `link_missing`, mentioned only; what else a row needs has the model's defaults."""
    blank = Artifact(presence=Presence.MENTIONED)
    fixed = {
        str(field.column): field.get_db_prep_save(getattr(blank, field.attname), connection)
        for field in Artifact._meta.concrete_fields
        if field.column not in ("id", "kind", "repo_id", "owner")
    }
    columns, marks = ", ".join(fixed), ", ".join(["%s"] * len(fixed))
    # The outer RTRIM leaves the account: the inner one cuts off everything after the last slash.
    return desk.run(
        f"INSERT INTO lineage_artifact (kind, repo_id, owner, {columns}) "  # noqa: S608
        f"SELECT kind, name, RTRIM(RTRIM(name, REPLACE(name, '/', '')), '/'), {marks} "
        "FROM link_missing WHERE 1 = 1 ON CONFLICT DO NOTHING",
        list(fixed.values()),
    )


def sweep(desk: Desk) -> int:
    """Delete the artifacts of which only a name was known and which nothing names any more. Returns how many."""
    desk.table("link_used", USED, key="artifact_id")
    # Of what is only mentioned PostgreSQL knows nothing on a first load, and goes through all names for each.
    tables.measure("lineage_artifact", "lineage_derivation", "lineage_alias")
    unused = [pk for (pk,) in desk.rows(UNUSED)]
    for batch in batches(unused):
        Artifact.objects.filter(pk__in=batch).delete()
    return len(unused)
