"""The process that reads ahead: what it reads is what would be read here, and without it nothing is missing."""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from lineage import beside, pages, reading
from lineage.beside import Asked, Beside, ReadAhead, is_long
from lineage.models import HarvestLane, HarvestRun
from lineage.pages import RawPage
from lineage.vocabulary import Kind
from tests.factories import AT
from tests.harvesting import models

LANE = HarvestLane(kind="model", path="/x.jsonl", rows_total=60_000, run=HarvestRun(options={"limit": None}))


class Pages:
    """A reader of three pages, which notes what is read of it."""

    def __init__(self):
        self.asked = []

    def read(self, cursor):
        self.asked.append(cursor)
        start = int(cursor or 0)
        return RawPage(models(start + 1)[start:], str(start + 1) if start < 2 else "")


@pytest.fixture
def process():
    """This end's view of a process, and the other end, as the process would hold it."""
    own, other = multiprocessing.Pipe()
    other.send(None)  # it has begun
    yield Beside(own), other
    other.close()


def asked(cursor):
    return Asked(LANE.path, LANE.kind, LANE.from_row, LANE.to_row, cursor, AT)


def ahead(beside):
    return ReadAhead(Pages(), LANE, beside, AT)


def read_beside(cursor):
    """The page as the process hands it on, marked by its total."""
    return replace(Pages().read(cursor), records=(), total=99)


def test_each_page_but_the_first_comes_from_beside_and_the_next_is_begun(process):
    reader, other = ahead(process[0]), process[1]
    cursor, totals = "", []
    for following in ("1", "2", ""):
        page = reader.read(cursor)
        totals.append(page.total)
        if following:
            assert other.recv() == asked(following)
            other.send(read_beside(following))
        cursor = page.next_cursor
    assert (totals, cursor) == ([None, 99, 99], "")
    assert reader.reader.asked == [""]


def test_the_raw_records_are_read_again_where_they_are_needed(process):
    reader, other = ahead(process[0]), process[1]
    reader.read("")
    other.send(read_beside("1"))
    page = reader.read("1")
    assert reader.reader.asked == [""]
    assert (page.records[:5], len(page.records), page.records[0]) == (models(2)[1:], 1, models(2)[1])
    assert reader.reader.asked == ["", "1"]


def test_a_process_that_has_not_begun_is_asked_nothing():
    own, other = multiprocessing.Pipe()
    reader = ahead(Beside(own))
    reader.read("")
    assert not other.poll()
    other.send(None)
    reader.read("1")
    assert other.recv() == asked("2")


@pytest.mark.parametrize("ended", ["before", "after"])
def test_where_the_process_ends_the_pages_are_read_here(process, ended):
    reader, other = ahead(process[0]), process[1]
    if ended == "before":
        other.close()
    reader.read("")
    other.close()
    assert [reader.read("1").total, reader.read("2").total] == [None, None]
    assert reader.reader.asked == ["", "1", "2"]


def test_another_page_than_the_one_begun_leaves_the_process_for_good(process):
    reader, other = ahead(process[0]), process[1]
    reader.read("")
    other.send(read_beside("1"))
    assert reader.read("").total is None  # tried again
    assert reader.read("1").total is None
    assert reader.reader.asked == ["", "", "1"]


@pytest.mark.parametrize(
    ("facts", "options", "long"),
    [
        ({}, {}, True),
        ({"rows": 40_000}, {}, False),
        ({"rows_total": None}, {}, False),
        ({"path": ""}, {}, False),
        ({}, {"limit": 50_000}, False),
    ],
)
def test_only_long_files_read_whole_are_read_ahead(facts, options, long):
    lane = HarvestLane(**{"kind": "model", "path": "/x", "rows_total": 60_000} | facts, run=HarvestRun(options=options))
    assert is_long(lane) is long
    with beside.started([] if long else [lane]) as process:
        assert process is None


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """An empty base of their own for the processes that a test starts."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/base.sqlite3")
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True, env=os.environ)


@pytest.mark.django_db
@pytest.mark.usefixtures("installation")
def test_a_real_process_reads_what_is_read_here_and_ends_with_its_parent(tmp_path, monkeypatch):
    path = tmp_path / "models.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in models(25)), encoding="utf-8")
    monkeypatch.setattr(beside, "LONG", 1)
    monkeypatch.setattr(pages, "ROWS_A_BATCH", 10)
    lane = HarvestLane(kind="model", path=str(path), rows_total=25, run=HarvestRun(options={}))
    plain = pages.SnapshotReader(path, Kind.MODEL)
    with beside.started([lane]) as process:
        assert process is not None
        assert process._connection is not None
        assert process._connection.poll(60)
        reader = ReadAhead(plain, lane, process, AT)
        reader.read("")
        page = reader.read("10")
        (child,) = multiprocessing.active_children()
    assert page.reading == reading.read(models(25)[10:], Kind.MODEL, at=AT)
    assert not child.is_alive()
