"""A random sample of a corpus's edges to be coded by hand, and the codes read back from the filled-in table."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from lineage.corpora import files, tables
from lineage.exports.text import inert

TABLE = "sample"
FILE = "sample.csv"
COLUMNS = ("number", "source", "source_name", "derived", "derived_name", "relation", "certainty", "code")
MOST = 2_000  # edges: more than anybody codes by hand
LONGEST = 1_000_000  # bytes of a filled-in table
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")  # a word of the coder's own scheme, never a sentence
Codes = Mapping[int, str | None]


class CodesRefused(Exception):
    """Nothing was read; the text says what to change."""


def draw(folder: Path, size: int, *, seed: int) -> None:
    """Write a sample of at most `size` edges, each as likely as any other; the same seed gives the same one."""
    edges = pq.read_table(tables.place(folder, "derivations"))
    count = min(size, MOST, edges.num_rows)
    drawn = np.random.default_rng(seed).permutation(edges.num_rows)[:count]
    rows = edges.take(drawn).select(["source", "derived", "relation", "certainty"])
    rows = rows.add_column(0, "number", pa.array(range(1, count + 1), tables.KEY))
    rows = rows.append_column("code", pa.nulls(count, tables.TEXT))
    _put(folder, rows)


def write(folder: Path, names: Mapping[int, str]) -> None:
    """Write the sample as a table to be filled in; `names`: of the artifacts it cites, by their keys."""
    with files.text_file(folder / FILE) as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for row in pq.read_table(tables.place(folder, TABLE)).to_pylist():
            named = {f"{end}_name": inert(names[row[end]]) for end in ("source", "derived")}
            lines.writerow((row | named)[column] for column in COLUMNS)


def cited(folder: Path) -> set[int]:
    """The keys of the artifacts that its edges join."""
    rows = pq.read_table(tables.place(folder, TABLE))
    return {key for end in ("source", "derived") for key in files.values(rows, end)}


def code(folder: Path, filled: bytes) -> int:
    """Put the codes of a filled-in table into the sample; returns how many edges have one. Raises CodesRefused."""
    rows = pq.read_table(tables.place(folder, TABLE))
    numbers = files.values(rows, "number")
    read = dict(_codes(filled, frozenset(numbers)))
    before = files.values(rows, "code")
    after = [read.get(number, former) for number, former in zip(numbers, before, strict=True)]
    _put(folder, rows.set_column(rows.schema.get_field_index("code"), "code", pa.array(after, tables.TEXT)))
    return len(after) - after.count(None)


def counts(folder: Path) -> dict[str, int]:
    """How many edges were given each code, the most frequent first."""
    given = files.values(pq.read_table(tables.place(folder, TABLE)), "code")
    return dict(Counter(code for code in given if code is not None).most_common())


def _codes(filled: bytes, known: frozenset[int]) -> Iterator[tuple[int, str | None]]:
    """The number and the code of each line. Numbers of edges that were withdrawn since are passed over."""
    try:
        lines = csv.DictReader(io.StringIO(filled.decode("utf-8-sig"), newline=""))
        if not {"number", "code"} <= set(lines.fieldnames or ()):
            raise CodesRefused(_("The columns “number” and “code” are needed, as in sample.csv. No code was read."))
        for line in lines:
            number, code = str(line["number"]).strip(), str(line["code"] or "").strip()
            if not (number.isascii() and number.isdecimal()) or (code and not CODE.fullmatch(code)):
                said = _(
                    "Line {line}: a number of the sample and a code of at most 32 letters, digits, dots, hyphens and "
                    "underscores are needed. No code was read."
                )
                raise CodesRefused(said.format(line=lines.line_num))
            if int(number[:18]) in known:
                yield int(number[:18]), code or None
    except (UnicodeDecodeError, csv.Error) as fault:
        raise CodesRefused(_("This is no CSV file in UTF-8. No code was read.")) from fault


def _put(folder: Path, rows: pa.Table) -> None:
    with files.put(tables.place(folder, TABLE)) as fresh:
        pq.write_table(rows.cast(tables.schema_of(TABLE)), fresh)
