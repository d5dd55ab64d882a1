"""A trace as an Excel workbook, written row by row: openpyxl keeps the first byte back until the last row."""

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lineage.exports import xml
from lineage.exports.rows import Namer, batches, origin_name
from lineage.exports.sink import Sink
from lineage.exports.text import COLUMNS, as_of, cells, inert, told
from lineage.tracing import Trace

MOST_HOPS = 1_048_576 - 1  # rows of a sheet, but for the headings

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_TYPES}">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_SHEETML}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="trace" sheetId="1" r:id="r1"/><sheet name="about" sheetId="2" r:id="r2"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
}


def xlsx_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """A sheet `trace` with the rows of the CSV, and a sheet `about` with what was asked and when."""
    sink = Sink()
    with ZipFile(sink, "w") as archive:
        for name, content in _FRAME.items():
            archive.writestr(_entry(name), _DECLARATION + content)
        for name, rows in (("sheet1", _rows(trace, namer)), ("sheet2", iter([_about(trace, namer)]))):
            with archive.open(_entry(f"xl/worksheets/{name}.xml"), "w") as sheet:
                sheet.write(f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for some in rows:
                    sheet.write("".join(map(_row, some)).encode())
                    yield sink.take()
                sheet.write(b"</sheetData></worksheet>")
    yield sink.take()


def _entry(name: str) -> ZipInfo:
    """Without a date of its own: the same trace gives the same bytes."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _rows(trace: Trace, namer: Namer) -> Iterator[list[Iterable[object]]]:
    yield [COLUMNS]
    for rows in batches(trace, namer):
        yield [cells(row) for row in rows]


def _about(trace: Trace, namer: Namer) -> list[Iterable[object]]:
    """What stands at the head of the JSON, a line each."""
    return [
        ("origin kind", trace.origin.kind),
        ("origin repo_id", inert(origin_name(trace, namer))),
        ("direction", trace.direction.value),
        ("as_of", as_of(trace) or ""),
        *((f"filter {name}", _told(value)) for name, value in told(trace.filters).items()),
        ("count", len(trace)),
    ]


def _told(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else value


def _row(values: Iterable[object]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: object) -> str:
    """Nothing, a number, or a text that no program takes for a formula."""
    if value is None:
        return "<c/>"
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{xml.text(value)}</t></is></c>'
