"""Snapshots fetched from the Hub, with nothing left elsewhere."""

import pytest

from lineage.hub.client import BadPage, HubUnavailable
from tests.lineage.hub.odd_server import Reply, said


def test_a_snapshot_is_downloaded_into_its_folder(server, hub, tmp_path):
    server.replies["/api/datasets/org/stats"] = said(
        {
            "siblings": [
                {"rfilename": name} for name in ("README.md", "models.parquet", "spaces.parquet", "datasets.parquet")
            ]
        }
    )
    for name in ("models", "datasets"):
        server.replies[f"/datasets/org/stats/resolve/main/{name}.parquet"] = Reply(
            name.encode(), headers={"ETag": f'"{name}"', "X-Repo-Commit": "a" * 40}
        )
    folder = tmp_path / "snapshot"
    files = hub.download_snapshot("hf://datasets/org/stats", folder)
    assert {file.name: file.read_bytes() for file in files} == {
        "datasets.parquet": b"datasets",
        "models.parquet": b"models",
    }
    assert all(file.is_relative_to(folder) for file in files)
    assert {path.name for path in tmp_path.iterdir()} - {"var"} == {"snapshot"}


def test_one_file_of_a_snapshot_may_be_named(hub):
    assert hub.snapshot_files("hf://datasets/org/stats/2026/models.parquet") == ["2026/models.parquet"]


@pytest.mark.parametrize(
    "address",
    [
        "hf://org/stats",
        "hf://datasets/stats",
        "hf://datasets/org/stats/../../x.parquet",
        "hf://datasets/org/stats/x.py",
        "hf://datasets/org/stats\n",
        "https://example.org/models.parquet",
    ],
)
def test_another_address_is_no_snapshot(server, hub, address, tmp_path):
    with pytest.raises(BadPage, match="hf://datasets/"):
        hub.download_snapshot(address, tmp_path)
    assert server.seen == []


@pytest.mark.parametrize(
    "siblings", [[], None, [7], [{"rfilename": "spaces.parquet"}], [{"rfilename": ["models.parquet"]}]]
)
def test_a_dataset_without_the_files_is_no_snapshot(server, hub, siblings):
    server.replies["/api/datasets/org/stats"] = said({"siblings": siblings})
    with pytest.raises(BadPage):
        hub.snapshot_files("hf://datasets/org/stats")


def test_a_failed_download_says_so(server, hub, tmp_path):
    server.replies["/api/datasets/org/stats"] = said({"siblings": [{"rfilename": "models.parquet"}]})
    with pytest.raises(HubUnavailable):
        hub.download_snapshot("hf://datasets/org/stats", tmp_path / "x")
