"""What a second machine brings: one, two and four workers over the row groups of one snapshot."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults.conftest import SIZE, outcome, tell

LANES = 8  # of the models


@pytest.fixture(scope="module")
def files(hub, tmp_path_factory):
    """The pretended Hub as two files of parquet, in groups of so many rows that lanes can be cut."""
    folder, paths = tmp_path_factory.mktemp("snapshot"), []
    for kind, shelf in hub.shelves.items():
        paths.append(str(folder / f"{kind}s.parquet"))
        rows = [{name: value for name, value in one.items() if name != "cardData"} for one in shelf]
        pq.write_table(pa.Table.from_pylist(rows), paths[-1], row_group_size=SIZE // 50)
    return paths


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_rate_of_so_many_workers(site, uninterrupted, files, workers):
    site.stop_workers()
    site.start_workers(workers)
    site.begin(files, SIZE // LANES)
    standing = site.end(900)
    said = outcome(site, standing)
    site.stop_workers()
    assert said["digest"] == uninterrupted["digest"]
    assert len(standing["lanes"]) > LANES // 2
    rate = SIZE / standing["seconds"]
    tell(f"{workers} workers over {len(standing['lanes'])} lanes of row groups: {rate:,.0f} records a second, linked")
