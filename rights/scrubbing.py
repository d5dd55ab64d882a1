"""After rows were deleted: what the database's files still hold of them is overwritten, as far as it lets itself be."""

import logging

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)
TOUCHED = (
    "lineage_artifact",
    "lineage_mention",
    "lineage_alias",
    "lineage_derivation",
    "lineage_nameinquiry",
    "lineage_author",
    "lineage_aliasverdict",
    "lineage_derivationverdict",
)
SAMPLES = "pg_catalog.pg_statistic"  # where PostgreSQL keeps values that it saw often: names too


def scrub(*, whole: bool = False) -> bool:
    """Let no deleted row be read from the database's files; returns whether that was done.

    SQLite: the file is written anew and its log emptied. PostgreSQL: the touched tables are vacuumed; `whole` writes
    them anew, during which nobody else can use them. Logged and left for later where somebody is in the way.
    """
    if connection.in_atomic_block:
        raise ValueError("files are scrubbed after the transaction, not within it")
    try:
        with connection.cursor() as cursor:
            for statement in _statements(whole=whole):
                cursor.execute(statement)
    except DatabaseError as error:
        kind = type(error).__name__
        logger.warning("The database's files could not be scrubbed yet (%s): run “manage.py rights scrub”.", kind)
        return False
    return True


def _statements(*, whole: bool) -> list[str]:
    if connection.vendor == "sqlite":
        return ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    rows, samples = ("VACUUM (FULL, ANALYZE)", "VACUUM (FULL)") if whole else ("VACUUM (ANALYZE)", "VACUUM")
    tables = [f"{rows} {table}" for table in TOUCHED]
    return [*tables, f"{samples} {SAMPLES}", *(["CHECKPOINT"] if whole else [])]
