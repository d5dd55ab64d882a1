"""A trace as JSON and as CSV."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC

from lineage.exports.rows import Namer, Row, batches, origin_name
from lineage.tracing import Filters, Trace

COLUMNS = (
    *("kind", "repo_id", "depth", "relation", "certainty", "path_certainty", "via_kind", "via_repo_id"),
    *("downloads", "likes"),  # of the last 30 days, and of all time; empty where unknown
)
# What makes a spreadsheet take a cell for a formula, in plain and in full width.
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where such a cell may begin: at the start, and after what some country's settings take for the end of a cell.
_BEGINNING = re.compile(rf"(?:^|(?<=[;,\t\r\n]))(?=[^\S\t\r\n]*[{re.escape(''.join(LIVE))}])")


def cells(row: Row) -> tuple[str | int | None, ...]:
    """One hop as the cells of `COLUMNS`, made inert."""
    hop = row.hop
    words = hop.relation.value, hop.certainty.value, hop.path_certainty.value, hop.via_kind.value
    return hop.kind.value, inert(row.name), hop.depth, *words, inert(row.via_name), row.downloads, row.likes


def inert(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet would take what follows for a formula."""
    return _BEGINNING.sub("'", text)


def csv_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """A header line, then one line a hop; UTF-8, comma, CRLF (RFC 4180)."""
    yield _lines([COLUMNS])
    for rows in batches(trace, namer):
        yield _lines([cells(row) for row in rows])


def _lines(lines: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode(errors="replace")


def json_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """One object: the origin, what was asked, how many hops, and the hops, one a line."""
    yield f'{json.dumps(about(trace, namer))[:-1]}, "hops": ['.encode()
    separator = "\n"
    for rows in batches(trace, namer):
        yield (separator + ",\n".join(json.dumps(_hop(row)) for row in rows)).encode()
        separator = ",\n"
    yield b"]}\n"


def about(trace: Trace, namer: Namer) -> dict[str, object]:
    """What was asked, of what, on which day, and how many hops that gave: the head of every format that has one."""
    return {
        "origin": {"kind": trace.origin.kind, "repo_id": origin_name(trace, namer)},
        "direction": trace.direction.value,
        "as_of": as_of(trace),
        **_in_the_past(trace),
        "filters": told(trace.filters),
        "count": len(trace),
    }


def as_of(trace: Trace) -> str | None:
    """The start of the latest harvest the trace rests on, ISO 8601 in UTC; None before the first."""
    return trace.as_of.astimezone(UTC).isoformat() if trace.as_of else None


def definition_of(trace: Trace) -> dict[str, object]:
    """How a consultation tells what was asked: words and numbers, never a name."""
    return {"direction": trace.direction.value, **_in_the_past(trace), **told(trace.filters)}


def _in_the_past(trace: Trace) -> dict[str, object]:
    """The moment at which the genealogy was looked at, where that is not the present."""
    past = trace.graph.stood_at
    return {"stood_at": past.astimezone(UTC).isoformat()} if past else {}


def told(filters: Filters) -> dict[str, object]:
    """The filters in plain words and numbers, keyed as the command's options; empty lists and null mean no limit."""
    return {
        "certainty": filters.certainty.value,
        "relation": sorted(relation.value for relation in filters.relations),
        "kind": sorted(kind.value for kind in filters.kinds),
        "presence": sorted(presence.value for presence in filters.presences),
        "depth": filters.depth,
    }


def _hop(row: Row) -> dict[str, object]:
    hop = row.hop
    return {
        "kind": hop.kind.value,
        "repo_id": row.name,
        "depth": hop.depth,
        "relation": hop.relation.value,
        "certainty": hop.certainty.value,
        "path_certainty": hop.path_certainty.value,
        "via": {"kind": hop.via_kind.value, "repo_id": row.via_name},
        "downloads": row.downloads,
        "likes": row.likes,
    }
