"""Temporary tables for one linking, alike on PostgreSQL and SQLite, and integers in and out of them in bulk.

Statements given here are constants of this package or lists of integers, never text from outside.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper
from numpy.typing import NDArray

from lineage import packed
from lineage.staging import tables

Integers = NDArray[np.int64]

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # opens PostgreSQL's binary COPY format: no flags, no extension
TRAILER = b"\xff\xff"
PREFIX = "link_"


class Desk:
    """Where one linking spreads its intermediate tables; each is named `link_…` and gone when it ends."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self._cursor = cursor
        self._is_postgresql = connection.vendor == "postgresql"
        self._tables: list[str] = []

    def run(self, sql: str, params: Sequence[Any] | None = None) -> int:
        """Execute one statement; returns the number of rows it touched. `COLLATE "C"` is code-point order."""
        self._cursor.execute(sql if self._is_postgresql else sql.replace('COLLATE "C"', "COLLATE BINARY"), params)
        return int(self._cursor.rowcount)

    def rows(self, sql: str, params: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a question whose answer is small."""
        self.run(sql, params)
        return list(self._cursor.fetchall())

    def table(self, name: str, select: str, *, key: str = "") -> None:
        """Make the temporary table `name` of what `select` gives.

        SQLite gets an index on the columns of `key`; PostgreSQL hashes, once it knows the size.
        """
        self._begin(name)
        self.run(f"CREATE TEMP TABLE {name} AS {select}")
        self._finish(name, key)

    def add(self, name: str, insert: str) -> None:
        """Add rows to the temporary table `name`. PostgreSQL is told: by what it knew, it may nest loops over them."""
        self.run(insert)
        tables.measure(name)

    def fill(self, name: str, columns: str, rows: Sequence[Sequence[Any]], *, key: str = "") -> None:
        """Make the temporary table `name` of few `rows`; `columns` are declared as in CREATE TABLE."""
        self._begin(name)
        self.run(f"CREATE TEMP TABLE {name} ({columns})")
        if rows:
            marks = ", ".join(["%s"] * len(rows[0]))
            self._cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", list(rows))  # noqa: S608
        self._finish(name, key)

    def integers(self, select: str, width: int) -> Integers:
        """The rows of `select`, `width` integers each and none of them null, as an array of that many columns."""
        columns = ", ".join(f"CAST(c{place} AS bigint)" for place in range(width))
        names = [f"c{place}" for place in range(width)]
        sql = f"WITH asked ({', '.join(names)}) AS ({select}) SELECT {columns} FROM asked"  # noqa: S608
        if not self._is_postgresql:
            return np.array(self.rows(sql), dtype=np.int64).reshape(-1, width)
        return np.stack(packed.columns(self._cursor, sql, names), axis=1)

    def store(self, name: str, columns: Sequence[str], values: Integers, *, key: str = "") -> None:
        """Make the temporary table `name` of the rows of `values`, a bigint for each of the columns."""
        self._begin(name)
        self.run(f"CREATE TEMP TABLE {name} ({', '.join(f'{column} bigint' for column in columns)})")
        if self._is_postgresql:
            wide = np.zeros(len(values), dtype=_copied_row(len(columns)))
            wide["fields"] = len(columns)
            for place in range(len(columns)):
                wide[f"length{place}"], wide[f"value{place}"] = 8, values[:, place]
            with self._cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                copy.write(SIGNATURE + wide.tobytes() + TRAILER)
        else:
            marks = ", ".join(["%s"] * len(columns))
            self._cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", values.tolist())  # noqa: S608
        self._finish(name, key)

    def clear(self) -> None:
        """Drop what was made here, and what an interrupted linking left on this connection."""
        for name in self._tables:
            self.run(f"DROP TABLE IF EXISTS {name}")
        self._tables.clear()

    def prepare(self) -> None:
        """Let PostgreSQL hash in memory and know the sizes of tables that were just filled."""
        if self._is_postgresql:
            self.run("SET LOCAL work_mem = '256MB'")
            self.run("SET LOCAL jit = off")
            tables.measure_grown()

    def _begin(self, name: str) -> None:
        if not name.startswith(PREFIX):
            raise ValueError(f"{name!r} is no table of the desk: its name must begin with {PREFIX!r}")
        self.run(f"DROP TABLE IF EXISTS {'pg_temp.' if self._is_postgresql else 'temp.'}{name}")
        self._tables.append(name)

    def _finish(self, name: str, key: str) -> None:
        tables.measure(name)
        if key and not self._is_postgresql:
            self.run(f"CREATE INDEX {name}_key ON {name} ({key})")


@contextmanager
def clear_desk() -> Iterator[Desk]:
    """A clear desk within the caller's transaction; cleared again at the end."""
    with connection.cursor() as cursor:
        own = Desk(cursor)
        own.prepare()
        yield own
        own.clear()


def moment(at: datetime) -> Any:
    """An aware date as this database stores it, for a bare statement."""
    return connection.ops.adapt_datetimefield_value(at)


def _copied_row(width: int) -> np.dtype[Any]:
    """One row of PostgreSQL's binary COPY: the number of fields, then each one's length and value."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for place in range(width):
        fields += [(f"length{place}", ">i4"), (f"value{place}", ">i8")]
    return np.dtype(fields)
