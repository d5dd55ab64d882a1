"""A trace as a file, streamed: the same rows as the screen under the same filters and masking, without a cap."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lineage.exports.rows import Namer
from lineage.exports.text import csv_parts, json_parts
from lineage.tracing import Trace

__all__ = ["FILES", "FileKind", "Format", "Namer", "stream"]


class Format(StrEnum):
    """The files a trace can be had as."""

    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a file of one format is made and called."""

    parts: Callable[[Trace, Namer], Iterator[bytes]]
    media_type: str
    is_text: bool


FILES: Mapping[Format, FileKind] = {
    Format.JSON: FileKind(json_parts, "application/json", is_text=True),
    Format.CSV: FileKind(csv_parts, "text/csv; charset=utf-8", is_text=True),
}


def stream(trace: Trace, form: Format, namer: Namer) -> Iterator[bytes]:
    """The file in parts, made as they are asked for: memory stays flat however long the trace is."""
    return FILES[form].parts(trace, namer)
