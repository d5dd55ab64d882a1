"""Many rows at once, into the tables and into temporary ones: COPY on PostgreSQL, prepared inserts on SQLite.

Table and column names given here are constants of this package, never text from outside.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lineage.vocabulary import Kind

Values = Sequence[Any]
# Not enable_seqscan: its fixed penalty for reading the batch drowns every other difference in cost.
WHOLE_TABLE_PLANS = ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_bitmapscan", "jit")
# What a harvest fills: also what is only read after it, as by the canonical form.
FILLED = tuple(
    f"lineage_{name}" for name in ("artifact", "author", "counter", "mention", "derivation", "alias", "sighting")
)
GROWN = """
SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid) AND relkind = 'r'
   AND pg_relation_size(oid) >= GREATEST(2 * relpages * current_setting('block_size')::bigint, 1)
"""
LOCK_CLASS = 0x68756221  # one number of our own, so that no other advisory lock is hit by chance


def stage(cursor: CursorWrapper, name: str, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
    """Fill the temporary table `name`, made like those columns of `table`, with these rows and no others."""
    listed = ", ".join(columns)
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} AS SELECT {listed} FROM {table} WHERE 1 = 0")  # noqa: S608
    cursor.execute(f"TRUNCATE {name}" if _is_postgresql() else f"DELETE FROM {name}")  # noqa: S608
    insert(cursor, name, columns, rows)
    measure(name)


def measure(*names: str) -> None:
    """Tell PostgreSQL's planner how big these tables are; without names, those a harvest fills.

    A table that it takes for empty it goes through whole, once for each row of the other side of a join.
    """
    if _is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(names or FILLED)}")


def measure_grown() -> None:
    """Tell the planner anew of each table a harvest fills that is twice as big as when it was last told.

    Telling it of all of them after each doubling of the pages took more than half of a harvest that changed nothing.
    """
    if _is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(GROWN, [list(FILLED)])
            if grown := [name for (name,) in cursor.fetchall()]:
                measure(*grown)


def insert(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
    """Append rows whose values are ready for the database (see `moment`)."""
    listed = ", ".join(columns)
    if not _is_postgresql():
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(rows))  # noqa: S608
        return
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def new_keys(cursor: CursorWrapper, table: str, count: int) -> list[int]:
    """Primary keys that no row of `table` has or will get, in rising order."""
    if _is_postgresql():
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])  # once: within the next, once a key
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [*cursor.fetchone(), count])
        return [key for (key,) in cursor.fetchall()]
    # The transaction holds SQLite's one write lock; AUTOINCREMENT continues after the greatest key inserted.
    cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
    (last,) = cursor.fetchone()
    return list(range(last + 1, last + 1 + count))


def one_writer(cursor: CursorWrapper, kinds: Iterable[Kind]) -> None:
    """Until the transaction ends, nobody else stores records of these kinds. SQLite has one writer anyway."""
    if _is_postgresql():
        for kind in sorted(set(kinds)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, list(Kind).index(kind)])


@contextmanager
def joins_by_index(cursor: CursorWrapper) -> Iterator[None]:
    """A batch is small beside the tables: PostgreSQL shall look each row up, and not read whole tables to join them.

    Left to itself, at a million artifacts it took 4.8 s to find 10,000 of them; the settings are those of the
    transaction, and are given back at the end.
    """
    if _is_postgresql():
        cursor.execute("; ".join(f"SET LOCAL {setting} = off" for setting in WHOLE_TABLE_PLANS))
    yield
    if _is_postgresql():
        cursor.execute("; ".join(f"SET LOCAL {setting} TO DEFAULT" for setting in WHOLE_TABLE_PLANS))


def moment(value: datetime | None) -> Any:
    """A date as this database stores it."""
    return value if _is_postgresql() else connection.ops.adapt_datetimefield_value(value)


def moment_read(value: Any) -> datetime | None:
    """A date as a bare cursor gave it: SQLite gives text, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


@cache  # a process has one database, and each date of each row asks
def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"
