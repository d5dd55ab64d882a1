"""A package as one archive: a page to read, JSON for machines, CSV for spreadsheets."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from lineage.exports.text import inert
from rights.package.contents import Package, draw_up
from rights.package.information import information
from rights.package.tables import Table, words_of

FORMAT = 1  # of the JSON file; to be raised when its shape changes


def packed(*, account: str, language: str, at: datetime, references: Iterable[str] = ()) -> bytes:
    """The archive about an account, in French ("fr") or English ("en"). Changes and records nothing.

    Raises EffectRefused for what can be no account, KeysMissing.
    """
    with translation.override(language):
        return archived(draw_up(account=account, at=at, references=references))


def archived(package: Package) -> bytes:
    """The package as a ZIP archive, in the language in force; the same package gives the same bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, text in _files(package):
            moment = package.drawn_up_at.timetuple()[:6]
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, text.encode("utf-8", "replace"))
    return body.getvalue()


def as_json(package: Package) -> dict[str, Any]:
    """The package as JSON holds it: columns and words of the register, values as they are stored."""
    return {
        "format": FORMAT,
        "names": list(package.names),
        "drawn_up_at": package.drawn_up_at.isoformat(),
        "language": package.language,
        "information": [
            {"title": section.title, "lines": [list(line) for line in section.lines]}
            for section in information(package.tables)
        ],
        "tables": [_table(table) for table in package.tables],
    }


def as_page(package: Package) -> str:
    """The package as one page of HTML that needs nothing else."""
    shown = [{"table": table, "lines": list(words_of(table))} for table in package.tables]
    filled = [one for one in shown if one["lines"]]
    empty = [one["table"] for one in shown if not one["lines"]]
    sections = list(information(package.tables))
    context = {"package": package, "sections": sections, "filled": filled, "empty": empty}
    return render_to_string("rights/package.html", context)


def _files(package: Package) -> Iterator[tuple[str, str]]:
    yield "index.html", as_page(package)
    yield "data.json", json.dumps(as_json(package), ensure_ascii=False, indent=1) + "\n"
    for table in package.tables:
        if table.rows:
            yield f"csv/{table.name}.csv", _lines(table)


def _table(table: Table) -> dict[str, Any]:
    return {
        "table": table.name,
        "called": table.called,
        "category": table.category.value,
        "purpose": table.purpose.value,
        "recipients": [recipient.value for recipient in table.recipients],
        "sources": [source.value for source in table.sources],
        "kept": table.kept.value,
        "fields": {one.name: {"called": one.called, "shown": one.shown.value} for one in table.columns},
        "rows": [dict(row) for row in table.rows],
    }


def _lines(table: Table) -> str:
    """A header line, then one a row; UTF-8, comma, CRLF (RFC 4180), inert in a spreadsheet."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(one.name for one in table.given)
    lines.writerows([_cell(row[one.name]) for one in table.given] for row in table.rows)
    return text.getvalue()


def _cell(value: Any) -> object:
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False)
    return inert(value) if isinstance(value, str) else value
