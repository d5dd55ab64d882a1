"""How the files of a corpus are written: one writer at a time, and each file put in place in one step."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from lineage.graph.files import LOCK, locked

__all__ = ["locked", "of", "put", "rewritten", "text_file", "values"]

BATCH = 20_000  # rows held in memory at once


def of(folder: Path) -> list[Path]:
    """The files that are handed over, in order."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != LOCK)


def values(rows: pa.Table | pa.RecordBatch, column: str) -> list[Any]:
    """One column as Python has it; None for what is null."""
    found: list[Any] = rows[column].to_pylist()
    return found


@contextmanager
def put(place: Path) -> Iterator[Path]:
    """Where to write what then stands at `place`, whole or not at all: readers of the former file keep it."""
    fresh = place.with_name(f".{place.name}")
    yield fresh
    fresh.replace(place)


@contextmanager
def text_file(place: Path) -> Iterator[IO[str]]:
    """A text file that is put in place once it is written."""
    with put(place) as fresh, fresh.open("w", newline="", encoding="utf-8") as file:
        yield file


@contextmanager
def rewritten(place: Path, schema: pa.Schema) -> Iterator[tuple[Iterator[pa.RecordBatch], Any]]:
    """The batches of a table, and the writer of the table that takes its place."""
    with put(place) as fresh, pq.ParquetFile(place) as before, pq.ParquetWriter(fresh, schema) as after:
        yield before.iter_batches(BATCH), after
