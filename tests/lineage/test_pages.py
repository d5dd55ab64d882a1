"""The readers of a lane: the Hub's list by addresses, a snapshot by row numbers."""

import json

import pytest

from lineage import pages
from lineage.hub.snapshot import NotASnapshot
from lineage.models import HarvestLane
from lineage.pages import HubReader, SnapshotReader
from lineage.vocabulary import Kind
from tests.factories import AT
from tests.harvesting import models
from tests.hub_faults import Fault
from tests.hub_standin import HubStandIn, serving


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "ROWS_A_BATCH", 2)
    path = tmp_path / "models.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in models(5)))
    return path


def walk(reader):
    cursor, cut = "", []
    while True:
        page = reader.read(cursor)
        cut.append([record["id"] for record in page.records])
        cursor = page.next_cursor
        if not cursor:
            return cut


def test_a_snapshot_is_cut_into_batches(path):
    assert walk(SnapshotReader(path, Kind.MODEL)) == [["org/m1", "org/m2"], ["org/m3", "org/m4"], ["org/m5"]]


def test_a_snapshot_goes_on_at_any_row_in_another_process(path):
    assert SnapshotReader(path, Kind.MODEL).read("3").records[0] == models(5)[3]
    reader = SnapshotReader(path, Kind.MODEL)
    again = [reader.read("0"), reader.read("2"), reader.read("0")]
    assert [page.records[0] for page in again] == [models(5)[0], models(5)[2], models(5)[0]]


def test_a_snapshot_tells_how_much_it_holds(path):
    assert SnapshotReader(path, Kind.MODEL).read("").total == 5


@pytest.mark.parametrize("row", ["5", "99"])
def test_behind_the_last_row_there_is_an_empty_last_page(path, row):
    page = SnapshotReader(path, Kind.MODEL).read(row)
    assert (list(page.records), page.next_cursor) == ([], "")


def test_a_file_that_is_gone_is_no_snapshot(tmp_path):
    with pytest.raises(NotASnapshot):
        SnapshotReader(tmp_path / "models.jsonl", Kind.MODEL).read("")


@pytest.mark.django_db
def test_the_hub_is_read_by_the_addresses_it_gives(settings):
    with serving(HubStandIn(models(5), page_size=2)) as hub:
        settings.HF_ENDPOINT = hub.endpoint
        assert walk(HubReader(pages.hub_client(lambda: AT), Kind.MODEL))[2] == ["org/m5"]
        hub.faults = lambda seen: Fault(headers={"RateLimit": '"api";r=0;t=9'})
        assert HubReader(pages.hub_client(lambda: AT), Kind.MODEL).read("").wait_seconds == 9


def test_a_lane_with_a_path_is_a_snapshot():
    assert isinstance(pages.reader_of(HarvestLane(kind="model", path="/x.jsonl"), lambda: AT), SnapshotReader)
    assert isinstance(pages.reader_of(HarvestLane(kind="dataset"), lambda: AT), HubReader)
