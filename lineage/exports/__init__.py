"""A trace as a file, streamed: the same rows as the screen under the same filters and masking.

No cap of our own; where a format has a limit, a longer trace is refused in plain words before the first byte.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from lineage.exports import prov, xlsx
from lineage.exports.gexf import gexf_parts
from lineage.exports.graphml import graphml_parts
from lineage.exports.parquet import parquet_parts
from lineage.exports.rows import Namer
from lineage.exports.text import csv_parts, json_parts
from lineage.tracing import Trace

__all__ = ["FILES", "FileKind", "Format", "Namer", "TooLong", "stream"]


class Format(StrEnum):
    """The files a trace can be had as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    GEXF = "gexf"
    GRAPHML = "graphml"
    PROV = "prov"


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a file of one format is made and called. `most_hops`: the longest trace it can hold, None for any."""

    parts: Callable[[Trace, Namer], Iterator[bytes]]
    media_type: str
    suffix: str
    is_text: bool = True
    most_hops: int | None = None


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: Mapping[Format, FileKind] = {
    Format.JSON: FileKind(json_parts, "application/json", "json"),
    Format.CSV: FileKind(csv_parts, "text/csv; charset=utf-8", "csv"),
    Format.XLSX: FileKind(xlsx.xlsx_parts, _WORKBOOK, "xlsx", is_text=False, most_hops=xlsx.MOST_HOPS),
    Format.PARQUET: FileKind(parquet_parts, "application/vnd.apache.parquet", "parquet", is_text=False),
    Format.GEXF: FileKind(gexf_parts, "application/xml", "gexf"),
    Format.GRAPHML: FileKind(graphml_parts, "application/xml", "graphml"),
    Format.PROV: FileKind(prov.prov_parts, "application/ld+json", "jsonld", most_hops=prov.MOST_HOPS),
}


class TooLong(Exception):
    """The trace has more hops than the format can hold. The message is for the reader, in their language."""


def stream(trace: Trace, form: Format, namer: Namer) -> Iterator[bytes]:
    """The file in parts, made as they are asked for: memory stays flat however long the trace is.

    Raises TooLong at once, before any part.
    """
    kind = FILES[form]
    if kind.most_hops is not None and len(trace) > kind.most_hops:
        message = _(
            "This trace has {count} hops and a {form} file holds {most} at most. Nothing was written. "
            "Choose CSV or Parquet, which have no limit, or narrow the trace by its filters."
        )
        raise TooLong(message.format(count=len(trace), form=form.value.upper(), most=kind.most_hops))
    return kind.parts(trace, namer)
