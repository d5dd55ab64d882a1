"""The index of names that a search looks within: brought up to date in one go, after a harvest."""

from django.db import connection, transaction

# What left, and what bears another name by now, goes; names of current artifacts come. A withheld one keeps its place:
# whoever reads the index asks for what may be shown.
STALE = """
DELETE FROM lineage_indexedname WHERE rowid IN (
    SELECT i.rowid FROM lineage_indexedname i LEFT JOIN lineage_artifact a ON a.id = i.rowid
    WHERE a.id IS NULL OR NOT a.is_current OR a.repo_id <> i.name)
"""
MISSING = """
INSERT INTO lineage_indexedname (rowid, name)
SELECT a.id, a.repo_id FROM lineage_artifact a LEFT JOIN lineage_indexedname i ON i.rowid = a.id
WHERE a.is_current AND i.rowid IS NULL
"""


@transaction.atomic
def renew() -> int:
    """Make the index hold the names of all current artifacts; returns how many rows came or went."""
    with connection.cursor() as cursor:
        cursor.execute(STALE)
        gone = cursor.rowcount
        cursor.execute(MISSING)
        return int(gone + cursor.rowcount)
