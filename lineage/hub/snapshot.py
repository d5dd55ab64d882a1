"""Snapshots of the Hub's catalogue as files: hub-stats parquet and JSON lines. Parquet is read here and in `columns`.

Columns are taken by name, and what is in them is handed on as it is: cards are text to be parsed, never run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from lineage.hub.columns import ColumnRows
from lineage.hub.lines import CutShort, count_lines, read_lines
from lineage.hub.parse import FIELDS
from lineage.vocabulary import Kind

SUFFIXES = (".parquet", ".jsonl", ".jsonl.gz", ".ndjson")
SNIFFED = 200  # records looked at to tell what a file holds
_PARQUET = b"PAR1"

# Fields, fields of the card and beginnings of tags that only one of the kinds bears.
_TELLING: Mapping[Kind, frozenset[str]] = {
    Kind.MODEL: frozenset(
        {
            "modelId",
            "pipeline_tag",
            "library_name",
            "safetensors",
            "gguf",
            "transformersInfo",
            "baseModels",
            "base_model",
            "dataset",
        }
    ),
    Kind.DATASET: frozenset(
        {
            "mainSize",
            "citation",
            "paperswithcode_id",
            "task_categories",
            "size_categories",
            "pretty_name",
            "source_datasets",
            "dataset_info",
            "modality",
            "format",
        }
    ),
}


class NotASnapshot(Exception):
    """A path that is no snapshot, or not one that can be read to its end. Its text says so to staff."""


class Snapshot(Protocol):
    """One file of raw records of one kind. `rows_total` is None where telling it would mean unpacking the file."""

    @property
    def kind(self) -> Kind: ...

    @property
    def rows_total(self) -> int | None: ...

    def parts(self, rows: int) -> list[int]:
        """The first rows of parts that can be read side by side, of at least so many rows each; [0] for one."""
        ...

    def batches(self, start: int, size: int) -> Iterator[tuple[int, Sequence[object]]]:
        """Batches of at most `size` raw records from row `start` (from 0) on, each with the number of the next row.

        A row that cannot be read comes as a value the parser refuses. Raises NotASnapshot or OSError where the
        file cannot be read any further.
        """
        ...


@dataclass(frozen=True)
class LinesSnapshot:
    """A file with one JSON record a line, in the shape of the Hub's list. Its rows are its lines."""

    path: Path
    kind: Kind
    rows_total: int | None

    def parts(self, rows: int) -> list[int]:
        """See Snapshot."""
        return [0]

    def batches(self, start: int, size: int) -> Iterator[tuple[int, Sequence[object]]]:
        """See Snapshot."""
        lines = read_lines(self.path, start)
        try:
            while batch := list(islice(lines, size)):
                yield batch[-1][0], [record for _, record in batch]
        except CutShort:
            raise NotASnapshot(_cut_short(self.path)) from None


@dataclass(frozen=True)
class ParquetSnapshot:
    """A file of the hub-stats kind, in which absent columns are absent facts."""

    path: Path
    kind: Kind
    rows_total: int

    def parts(self, rows: int) -> list[int]:
        """See Snapshot. They begin with row groups, which are unpacked one by one."""
        with pq.ParquetFile(self.path) as file:
            groups = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        starts, row = [0], 0
        for group in groups:
            if row - starts[-1] >= rows:
                starts.append(row)
            row += group
        return starts

    def batches(self, start: int, size: int) -> Iterator[tuple[int, Sequence[object]]]:
        """See Snapshot."""
        try:
            for row, batch in _parquet_batches(self.path, start, size):
                yield row, ColumnRows(batch)
        except pa.ArrowException:
            raise NotASnapshot(_cut_short(self.path)) from None


def snapshot_files(path: Path) -> list[Path]:
    """The snapshot files a path means: itself, or those in a folder; there, models and datasets before all others.

    Raises NotASnapshot where there are none.
    """
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.name.lower().endswith(SUFFIXES))
    chosen = [file for file in files if _kind_in_name(file)] or files
    if not chosen:
        raise NotASnapshot(
            _("{path} holds no snapshot: no file that ends in {suffixes}. Nothing was read.").format(
                path=path, suffixes=", ".join(SUFFIXES)
            )
        )
    return chosen


def open_snapshot(path: Path, kind: Kind | None) -> Snapshot:
    """Recognise a file by its content. `kind` None: told by the file's name, else by its first records.

    Raises NotASnapshot, with words for staff, where the file is missing or is no snapshot.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(_PARQUET))
        return _open_parquet(path, kind) if magic == _PARQUET else _open_lines(path, kind)
    except OSError as failure:
        raise NotASnapshot(
            _("{path} cannot be read ({reason}). Nothing was read.").format(path=path, reason=failure.strerror or "I/O")
        ) from None


def _open_parquet(path: Path, kind: Kind | None) -> ParquetSnapshot:
    try:
        with pq.ParquetFile(path) as file:
            names, rows = file.schema_arrow.names, file.metadata.num_rows
        if not {"id", "modelId"} & set(names):
            raise NotASnapshot(_("{path} is a parquet file without a column “id”: no snapshot.").format(path=path))
        columns = dict.fromkeys(names)
        first = [row for _, batch in islice(_parquet_batches(path, 0, SNIFFED), 1) for row in ColumnRows(batch)]
    except pa.ArrowException:
        raise NotASnapshot(_cut_short(path)) from None
    return ParquetSnapshot(path, kind or _kind_in_name(path) or _kind_of([columns, *first], path), rows)


def _open_lines(path: Path, kind: Kind | None) -> LinesSnapshot:
    try:
        first = [record for _, record in islice(read_lines(path), SNIFFED)]
    except CutShort:
        raise NotASnapshot(_cut_short(path)) from None
    records = [record for record in first if isinstance(record, dict) and {"id", "modelId"} & record.keys()]
    if not records:
        raise NotASnapshot(
            _(
                "{path} is no snapshot: neither a parquet file, nor JSON lines in the shape of the Hub's list (one "
                "record with an “id” a line). Nothing was read."
            ).format(path=path)
        )
    return LinesSnapshot(path, kind or _kind_in_name(path) or _kind_of(records, path), count_lines(path))


def _parquet_batches(path: Path, start: int, size: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches of the known columns, each with the number of the row after it."""
    # Without a buffer of its own pyarrow holds whole row groups, which may be the whole file.
    with pq.ParquetFile(path, buffer_size=2**20, pre_buffer=False) as file:
        row, groups = 0, list(range(file.num_row_groups))
        while groups and row + file.metadata.row_group(groups[0]).num_rows <= start:
            row += file.metadata.row_group(groups.pop(0)).num_rows
        columns = [name for name in FIELDS if name in file.schema_arrow.names]
        for batch in file.iter_batches(size, row_groups=groups, columns=columns) if groups else ():
            row += batch.num_rows
            if row > start:
                yield row, batch.slice(max(0, batch.num_rows - (row - start)))


def _kind_in_name(path: Path) -> Kind | None:
    named = [kind for kind in Kind if kind in path.name.lower()]
    return named[0] if len(named) == 1 else None


def _kind_of(records: Iterable[object], path: Path) -> Kind:
    """What the records are, by the fields that only one kind bears. Raises NotASnapshot where they do not tell."""
    votes = Counter(
        kind
        for record in records
        if isinstance(record, dict)
        for kind, telling in _TELLING.items()
        if telling & _words(record)
    )
    if votes[Kind.MODEL] == votes[Kind.DATASET]:
        raise NotASnapshot(
            _("{path} does not tell whether it holds models or datasets: say so with --kind. Nothing was read.").format(
                path=path
            )
        )
    return max(Kind, key=lambda kind: votes[kind])


def _words(record: Mapping[str, object]) -> set[str]:
    card, tags = record.get("cardData"), record.get("tags")
    words = {*record, *(card if isinstance(card, dict) else ())}
    return words | {str(tag).partition(":")[0] for tag in (tags if isinstance(tags, list) else ()) if ":" in str(tag)}


def _cut_short(path: Path) -> str:
    return _("{path} is damaged or cut short. What was read before is kept; fetch the file again.").format(path=path)
