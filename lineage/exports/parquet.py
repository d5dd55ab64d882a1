"""A trace as a Parquet file, one row group a batch."""

import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from lineage.exports.rows import Namer, Row, batches
from lineage.exports.sink import Sink
from lineage.exports.text import COLUMNS, about
from lineage.tracing import Trace

BATCH = 20_000  # rows of a row group
_NUMBERS = {"depth": pa.int32(), "downloads": pa.int64(), "likes": pa.int64()}
_SCHEMA = pa.schema([(name, _NUMBERS.get(name, pa.string())) for name in COLUMNS])


def parquet_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """The columns of the CSV, names as they are; what was asked and when stands in the schema's metadata, `trace`."""
    sink = Sink()
    with pq.ParquetWriter(
        pa.PythonFile(sink, "w"), _SCHEMA.with_metadata({"trace": json.dumps(about(trace, namer))})
    ) as writer:
        yield sink.take()
        for rows in batches(trace, namer, BATCH):
            writer.write_batch(_batch(rows))
            yield sink.take()
    yield sink.take()


def _batch(rows: list[Row]) -> pa.RecordBatch:
    hops = [row.hop for row in rows]
    columns: list[list[object]] = [
        [hop.kind.value for hop in hops],
        [_storable(row.name) for row in rows],
        [hop.depth for hop in hops],
        [hop.relation.value for hop in hops],
        [hop.certainty.value for hop in hops],
        [hop.path_certainty.value for hop in hops],
        [hop.via_kind.value for hop in hops],
        [_storable(row.via_name) for row in rows],
        [row.downloads for row in rows],
        [row.likes for row in rows],
    ]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


def _storable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
