"""Snapshot files: parquet of several makes, JSON lines, and what is neither."""

import gzip
import json
import random
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.hub.snapshot import NotASnapshot, open_snapshot, snapshot_files
from lineage.vocabulary import Kind

MODEL, DATASET = Kind.MODEL, Kind.DATASET


def write_lines(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_parquet(path, columns, row_group_size=1000):
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path


def rows_of(path, kind=None, start=0, size=1000):
    return [record for _, batch in open_snapshot(path, kind).batches(start, size) for record in batch]


HUB_STATS = {
    "_id": ["621ffdc136468d709f17abcd", None],
    "id": ["org/a", "org/b"],
    "author": ["org", None],
    "cardData": ['{"base_model": "x/y", "license": "mit"}', None],
    "createdAt": pa.array([datetime(2024, 5, 1, tzinfo=UTC), None], pa.timestamp("ns", "UTC")),
    "lastModified": ["2024-05-02T00:00:00.000Z", None],
    "downloads": pa.array([3, 2**62], pa.int64()),
    "downloadsAllTime": [1, 2],
    "likes": pa.array([1.0, float("nan")]),
    "tags": [["base_model:x/y", "art"], None],
    "pipeline_tag": ["text-generation", None],
    "library_name": [None, None],
    "siblings": [["x"], []],
    "safetensors": [{"parameters": {"F32": 1}, "total": 1}, None],
}


def test_a_row_of_hub_stats_parses_like_the_hubs_own_record(tmp_path):
    path = write_parquet(tmp_path / "models.parquet", HUB_STATS)
    snapshot = open_snapshot(path, None)
    assert (snapshot.kind, snapshot.rows_total) == (MODEL, 2)
    [(row, raw)] = snapshot.batches(0, 10)
    assert row == 2
    assert "siblings" not in str(raw)
    first, second = (parse(record, MODEL) for record in raw)
    listed = {
        "_id": "621ffdc136468d709f17abcd",
        "id": "org/a",
        "createdAt": "2024-05-01T00:00:00.000Z",
        "lastModified": "2024-05-02T00:00:00.000Z",
        "cardData": {"base_model": "x/y", "license": "mit"},
        "downloads": 3,
        "likes": 1,
        "tags": ["base_model:x/y", "art"],
        "pipeline_tag": "text-generation",
    }
    assert first == parse(listed, MODEL)
    assert second == parse({"id": "org/b", "downloads": 2**62}, MODEL)


@pytest.mark.parametrize(
    "columns",
    [
        {"id": ["org/a"]},
        {"id": ["org/a"], "tags": ['["art"]'], "likes": ["many"]},
        {"id": pa.array(["org/a"], pa.large_string()), "cardData": [{"license": "mit"}]},
        {"id": pa.array(["org/a"]).dictionary_encode(), "createdAt": pa.array([10**9], pa.timestamp("s"))},
        {"modelId": ["org/a"], "createdAt": pa.array([1], pa.date32())},
        {"id": ["org/a"], "createdAt": pa.array([1_700_000_000_000_000_001], pa.timestamp("ns"))},
    ],
    ids=range(6),
)
def test_absent_columns_and_other_types_are_tolerated(tmp_path, columns):
    [raw] = rows_of(write_parquet(tmp_path / "x.parquet", columns), MODEL)
    record = parse(raw, MODEL)
    assert isinstance(record, HubRecord)
    assert record.repo_id == "org/a"


def test_a_row_that_python_cannot_hold_does_not_spoil_its_batch(tmp_path):
    broken = pa.array([b"org/a", b"org/\xff", b"org/c"]).view(pa.string())
    far = pa.array([0, 0, 2**62], pa.timestamp("us"))
    raw = rows_of(write_parquet(tmp_path / "x.parquet", {"id": broken, "createdAt": far}), MODEL)
    assert [isinstance(parse(record, MODEL), HubRecord) for record in raw] == [True, False, True]


@pytest.mark.parametrize("group", [1, 3, 7, 100])
@pytest.mark.parametrize("size", [1, 4, 100])
def test_parquet_is_read_from_any_row(tmp_path, group, size):
    names = [f"org/{number:03}" for number in range(20)]
    path = write_parquet(tmp_path / "models.parquet", {"id": names}, row_group_size=group)
    for start in (0, 1, 6, 7, 19, 20, 99):
        batches = list(open_snapshot(path, None).batches(start, size))
        assert [record for _, batch in batches for record in batch] == [{"id": name} for name in names[start:]]
        assert all(0 < len(batch) <= size for _, batch in batches)
        for row, batch in batches:
            assert batch[-1] == {"id": names[row - 1]}


@pytest.mark.parametrize("size", [1, 2, 100])
def test_lines_are_read_from_any_row(tmp_path, size):
    path = tmp_path / "models.jsonl"
    path.write_text('{"id": "a"}\n\nbad\n{"id": "d"}\n\n')
    snapshot = open_snapshot(path, None)
    assert snapshot.rows_total == 5
    for start, rows in ((0, [1, 3, 4]), (1, [3, 4]), (3, [4]), (4, []), (9, [])):
        batches = list(snapshot.batches(start, size))
        assert sum(len(batch) for _, batch in batches) == len(rows)
        assert [row for row, _ in batches] == rows[size - 1 :: size] + ([rows[-1]] if len(rows) % size else [])


@pytest.mark.parametrize(
    ("name", "records", "kind"),
    [
        ("models.jsonl", [{"id": "a"}], MODEL),
        ("my-Datasets.ndjson", [{"id": "a", "pipeline_tag": "x"}], DATASET),
        ("dump.jsonl", [{"id": "a", "pipeline_tag": "x"}], MODEL),
        ("dump.jsonl", [{"id": "a", "tags": ["base_model:x/y"]}], MODEL),
        ("dump.jsonl", [{"id": "a", "cardData": {"task_categories": ["x"]}}], DATASET),
        ("dump.jsonl", [{"id": "a", "tags": ["size_categories:n<1K"]}, {"id": "b"}], DATASET),
        ("models-and-datasets.jsonl", [{"id": "a"}, {"id": "b", "mainSize": 7}], DATASET),
        ("dump.jsonl", [7, {"id": "a", "modelId": "a"}], MODEL),
    ],
)
def test_the_kind_is_told_by_the_name_or_the_records(tmp_path, name, records, kind):
    path = write_lines(tmp_path / name, records)
    assert open_snapshot(path, None).kind == kind
    assert open_snapshot(path, MODEL).kind == MODEL


def test_the_kind_of_parquet_is_told_by_its_columns(tmp_path):
    assert open_snapshot(write_parquet(tmp_path / "x.parquet", {"id": ["a"], "mainSize": [1]}), None).kind == DATASET
    assert open_snapshot(write_parquet(tmp_path / "y.parquet", HUB_STATS), None).kind == MODEL


@pytest.mark.parametrize("records", [[{"id": "a"}], [{"id": "a", "modelId": "a"}, {"id": "b", "mainSize": 1}]])
def test_where_nothing_tells_the_kind_it_must_be_said(tmp_path, records):
    with pytest.raises(NotASnapshot, match="--kind"):
        open_snapshot(write_lines(tmp_path / "dump.jsonl", records), None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"hello\n",
        b"id,author\norg/a,org\n",
        b'[{"id": "a"}]\n',
        b'{"name": "a"}\n',
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PAR1",
        b"PAR1" + b"x" * 100,
        b"\x1f\x8b\x08broken",
        b"\x1f\x8b",
    ],
)
def test_another_file_is_no_snapshot(tmp_path, content):
    path = tmp_path / "models.jsonl"
    path.write_bytes(content)
    with pytest.raises(NotASnapshot, match=r"models\.jsonl"):
        open_snapshot(path, MODEL)


def test_parquet_without_an_id_is_no_snapshot(tmp_path):
    with pytest.raises(NotASnapshot, match="id"):
        open_snapshot(write_parquet(tmp_path / "models.parquet", {"name": ["a"]}), None)


@pytest.mark.parametrize(
    ("at_least", "starts"), [(1, [0, 3, 6, 9]), (3, [0, 3, 6, 9]), (4, [0, 6]), (10, [0]), (100, [0])]
)
def test_parquet_can_be_read_side_by_side_from_its_row_groups(tmp_path, at_least, starts):
    path = write_parquet(tmp_path / "models.parquet", {"id": [f"org/{n}" for n in range(10)]}, row_group_size=3)
    assert open_snapshot(path, MODEL).parts(at_least) == starts


def test_lines_are_read_from_their_beginning(tmp_path):
    assert open_snapshot(write_lines(tmp_path / "models.jsonl", [{"id": "a/b"}] * 9), MODEL).parts(1) == [0]


def test_a_missing_file_or_a_folder_is_no_snapshot(tmp_path):
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(NotASnapshot):
            open_snapshot(path, None)


def test_parquet_that_ends_too_early_says_so(tmp_path):
    path = write_parquet(tmp_path / "models.parquet", {"id": [f"org/{number}" for number in range(5000)]}, 100)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(NotASnapshot, match=r"models\.parquet"):
        open_snapshot(path, None)


def test_a_damaged_page_of_parquet_says_so(tmp_path):
    path = write_parquet(tmp_path / "models.parquet", {"id": [f"org/{number}" for number in range(5000)]}, 100)
    content = bytearray(path.read_bytes())
    content[2000:3000] = bytes(1000)
    path.write_bytes(content)
    with pytest.raises((NotASnapshot, OSError)):
        rows_of(path, MODEL)


def test_a_gzip_damaged_beyond_its_first_records_says_so(tmp_path):
    path = tmp_path / "models.jsonl.gz"
    lines = "".join(json.dumps({"id": f"org/{random.Random(number).random()}"}) + "\n" for number in range(20_000))
    path.write_bytes(gzip.compress(lines.encode())[:-2000])
    batches = open_snapshot(path, None).batches(0, 1000)
    assert len(next(batches)[1]) == 1000
    with pytest.raises(NotASnapshot, match="damaged"):
        list(batches)


def test_a_folder_gives_its_models_and_datasets(tmp_path):
    for name in ("models.parquet", "datasets.jsonl.gz", "spaces.parquet", "README.md", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in snapshot_files(tmp_path)] == ["datasets.jsonl.gz", "models.parquet"]
    assert snapshot_files(tmp_path / "x.jsonl") == [tmp_path / "x.jsonl"]


def test_a_folder_without_them_gives_what_could_be_one(tmp_path):
    (tmp_path / "dump.parquet").touch()
    assert snapshot_files(tmp_path) == [tmp_path / "dump.parquet"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotASnapshot, match="empty"):
        snapshot_files(tmp_path / "empty")


def test_a_hostile_card_stays_text(tmp_path):
    card = '{"license": "{{ 7*7 }}", "datasets": "reference://etc/passwd", "base_model": "hf://org/x"}'
    [raw] = rows_of(write_parquet(tmp_path / "models.parquet", {"id": ["org/a"], "cardData": [card]}))
    record = parse(raw, MODEL)
    assert isinstance(record, HubRecord)
    assert record.license == "{{ 7*7 }}"
    assert [mention.target for mention in record.mentions] == ["org/x"]


@pytest.mark.hub_records
@pytest.mark.parametrize(("name", "kind", "rows"), [("models", MODEL, 7386), ("datasets", DATASET, 12291)])
def test_the_real_records_are_a_snapshot(hub_records, name, kind, rows):
    snapshot = open_snapshot(hub_records / f"{name}.jsonl", None)
    assert (snapshot.kind, snapshot.rows_total) == (kind, rows)
    batches = list(snapshot.batches(0, 5000))
    assert sum(len(batch) for _, batch in batches) == batches[-1][0] == rows
