"""After rows were deleted: what the database's files still hold of them is overwritten, as far as it lets itself be."""

import logging
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger(__name__)
TOUCHED = (
    "lineage_artifact",
    "lineage_indexedname",
    "lineage_mention",
    "lineage_alias",
    "lineage_derivation",
    "lineage_nameinquiry",
    "lineage_author",
    "lineage_aliasverdict",
    "lineage_derivationverdict",
    "lineage_corpus",
    "lineage_statistic",
    "rights_rectification",
)
SAMPLES = "pg_catalog.pg_statistic"  # where PostgreSQL keeps values that it saw often: names too
FILLER = 1_000_000  # bytes of one message that overwrites the write-ahead log
# The full-text table marks what left; merged into one, its parts hold nothing of it.
MERGE_INDEX = "INSERT INTO lineage_indexedname (lineage_indexedname) VALUES ('optimize')"
# The columns of a table with their types as written; what is sampled of an emptied table is only dropped with these.
COLUMNS = """
    SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''
      AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'varchar[]'::regtype, 'text[]'::regtype)
"""


def scrub(*, whole: bool = False) -> bool:
    """Let no deleted row be read from the database's files; returns whether that was done.

    SQLite: the file is written anew and its log emptied. PostgreSQL: the touched tables are vacuumed; `whole` writes
    them anew, during which nobody else can use them, and overwrites the write-ahead log. Logged and left for later
    where somebody is in the way, or where the role does not own the tables: PostgreSQL would skip them silently.
    """
    if connection.in_atomic_block:
        raise ValueError("files are scrubbed after the transaction, not within it")
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(MERGE_INDEX)
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return True
            return _on_postgresql(cursor, whole=whole)
    except DatabaseError as error:
        kind = type(error).__name__
        logger.warning("The database's files could not be scrubbed yet (%s): run “manage.py rights scrub”.", kind)
        return False


def _on_postgresql(cursor: CursorWrapper, *, whole: bool) -> bool:
    cursor.execute(
        "SELECT count(*) FROM pg_class WHERE oid = ANY(%s::regclass[]) AND NOT pg_has_role(relowner, 'USAGE')",
        [list(TOUCHED)],
    )
    if _first(cursor):
        logger.warning("The database's role owns no tables: run “manage.py rights scrub” as the role that owns them.")
        return False
    rows, samples = ("VACUUM (FULL, ANALYZE)", "VACUUM (FULL)") if whole else ("VACUUM (ANALYZE)", "VACUUM")
    for table in TOUCHED:
        cursor.execute(f"{rows} {table}")
        for statement in list(_forgetting(cursor, table)):
            cursor.execute(statement)
    cursor.execute(f"{samples} {SAMPLES}")
    if whole:
        _overwrite_log(cursor)
    return True


def _forgetting(cursor: CursorWrapper, table: str) -> Iterator[str]:
    """What drops the samples of a table that holds nothing any more: analysing it leaves those of its former rows."""
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608
    if not _first(cursor):
        cursor.execute(COLUMNS, [table])
        for name, kind in cursor.fetchall():
            yield f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind}"


def _overwrite_log(cursor: CursorWrapper) -> None:
    """Let every segment of the write-ahead log, those kept for later use too, hold something else than it did.

    A checkpoint hands the segments behind it over to later use, as they are; then as many bytes are written as
    all of them hold. Archived segments and those that a replica waits for are out of reach: see docs/deployment.md.
    """
    _begin_segment(cursor)
    cursor.execute("SELECT sum(size)::bigint FROM pg_ls_waldir()")
    for _message in range(_first(cursor) // FILLER + 1):
        cursor.execute("SELECT pg_logical_emit_message(false, 'scrub', repeat('0', %s))", [FILLER])
    _begin_segment(cursor)


def _begin_segment(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_switch_wal()")
    cursor.execute("CHECKPOINT")


def _first(cursor: CursorWrapper) -> int:
    return int(cursor.fetchone()[0])
