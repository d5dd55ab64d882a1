"""Rows of a parquet file as they lie there, column by column: made into records, or told apart without that.

Making Python's objects of a row takes ten times as long as telling that it says what it said before.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lineage.hub.facts import hub_id_of, number_of
from lineage.hub.parse import COUNTERS
from lineage.hub.raw import DIGEST_BYTES, RawRecord

BYTES = pa.large_binary()  # 64-bit offsets: all texts of a batch lie in one buffer
BETWEEN = b"\0"  # the elements of a list; a text that holds one is odd, and odd records are never recognised

Column = Any  # an array of Arrow: its stubs tell apart what the types of a file say only when it is read


class ColumnRows(Sequence[object]):
    """A batch of rows. One that Python cannot hold (broken UTF-8) is read as a text that says so."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch

    def __len__(self) -> int:
        return self._batch.num_rows

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> "ColumnRows": ...
    def __getitem__(self, place: int | slice) -> object:
        if isinstance(place, slice):
            start, stop, _step = place.indices(len(self))
            return ColumnRows(self._batch.slice(start, max(0, stop - start)))
        return _records(self._batch.slice(range(len(self))[place], 1))[0]

    def __iter__(self) -> Iterator[object]:
        return iter(_records(self._batch))

    def chosen(self, places: Sequence[int]) -> list[object]:
        """The records at these places."""
        if len(places) == len(self):
            return _records(self._batch)
        return _records(self._batch.take(pa.array(places, pa.int64())))

    def recognisable(self, key: bytes) -> list[RawRecord | None]:
        """See `raw.recognisable`. None for all where a column is of a type that no snapshot has had."""
        try:
            return _recognisable(self._batch, key)
        except (ValueError, OverflowError, pa.ArrowException):
            return [None] * len(self)


def _records(batch: pa.RecordBatch) -> list[object]:
    try:
        columns = [_values(column) for column in batch.columns]
    except (ValueError, OverflowError):
        return [_record(batch.slice(number, 1)) for number in range(batch.num_rows)]
    return [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]


def _record(batch: pa.RecordBatch) -> object:
    try:
        return {name: _values(column)[0] for name, column in zip(batch.schema.names, batch.columns, strict=True)}
    except (ValueError, OverflowError):
        return "a row that cannot be read"


def _values(column: Column) -> list[object]:
    """A column's values. Dates come without their zone, in UTC, by way of numpy: one by one they would take most of
    the time. Python's know no nanoseconds; a year it does not know either comes as a number."""
    if pa.types.is_timestamp(column.type):
        return list(column.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False).tolist())
    return list(column.to_pylist())


def _recognisable(batch: pa.RecordBatch, key: bytes) -> list[RawRecord | None]:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    hub_ids = map(hub_id_of, _said(columns, "_id", batch.num_rows))
    numbers = (
        (number_of(value, most) for value in _said(columns, name, batch.num_rows)) for name, most in COUNTERS.items()
    )
    digests = _digests({name: column for name, column in columns.items() if name not in COUNTERS}, key)
    return [
        RawRecord(hub_id, digest, *counters) if hub_id and is_whole else None
        for hub_id, digest, is_whole, *counters in zip(hub_ids, digests, _whole(columns), *numbers, strict=True)
    ]


def _said(columns: dict[str, Column], name: str, rows: int) -> list[object]:
    return columns[name].to_pylist() if name in columns else [None] * rows


def _whole(columns: dict[str, Column]) -> NDArray[np.bool_]:
    """Which rows have no list with a missing element: joined, it would look like no list."""
    whole = np.ones(len(next(iter(columns.values()), ())), dtype=np.bool_)
    for column in columns.values():
        if _is_list(column.type):
            whole &= ~(_truths(column.is_valid()) & _truths(_joined(column).is_null()))
    return whole


def _truths(column: Column) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _digests(columns: dict[str, Column], key: bytes) -> Iterator[bytes]:
    """A digest for each row over what these columns hold, the names of the columns among it.

    First the lengths of all pieces, then the pieces: so no text can pass for the end of one and the start of another.
    """
    heading = ",".join(columns).encode() + b"\n"
    pieces = [piece for column in columns.values() for piece in _pieces(column)]
    lengths = [pc.fill_null(pc.binary_length(piece), -1).cast(pa.string()).cast(BYTES) for piece in pieces]
    texts = [pc.fill_null(piece, b"") for piece in pieces]
    rows = pc.binary_join_element_wise(*lengths, *texts, pa.scalar(b",", BYTES))
    _valid, offsets, contents = rows.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[rows.offset : rows.offset + len(rows) + 1].tolist()
    body = memoryview(contents) if contents is not None else memoryview(b"")
    begun = blake2b(heading, digest_size=DIGEST_BYTES, key=key)
    for start, end in pairwise(ends):
        digest = begun.copy()
        digest.update(body[start:end])
        yield digest.digest()


def _pieces(column: Column) -> list[Column]:
    """What a column holds, as bytes: of a list also how many elements it has."""
    if _is_list(column.type):
        return [pc.list_value_length(column).cast(pa.string()).cast(BYTES), _joined(column)]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [column.cast(BYTES)]
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return [column.cast(pa.string()).cast(BYTES)]


def _joined(column: Column) -> Column:
    return pc.binary_join(column.cast(pa.large_list(BYTES)), pa.scalar(BETWEEN, BYTES))


def _is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) or pa.types.is_large_list(kind)
