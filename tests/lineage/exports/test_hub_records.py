"""Over the real records beside the checkout: for every node independently known, all exports tell the same rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from lineage import staging
from lineage.exports import Format
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.linking import link
from lineage.lookup import find
from lineage.tracing import Filters, Trace, trace_from
from lineage.vocabulary import Certainty, Direction, Kind
from tests.factories import AT, make_run
from tests.lineage.exports.test_exports import (
    from_csv,
    from_gexf,
    from_graphml,
    from_json,
    from_parquet,
    from_prov,
    from_xlsx,
    on_screen,
    whole,
)

pytestmark = [pytest.mark.django_db, pytest.mark.hub_records]


def harvest(folder: Path) -> None:
    """Both files, stored and linked as a harvest does."""
    run = make_run()
    for name, kind in (("models", Kind.MODEL), ("datasets", Kind.DATASET)):
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        read = [parse(json.loads(line), kind) for line in lines]
        staging.store([record for record in read if isinstance(record, HubRecord)], run=run, at=AT)
    link(at=AT)


def told_alike(trace: Trace) -> bool:
    """Whether every format, read back by the program it is for, holds the rows of the screen."""
    rows: list[Any] = on_screen(trace)
    lists = [
        from_csv(whole(trace, Format.CSV)),
        from_json(whole(trace, Format.JSON)),
        from_xlsx(whole(trace, Format.XLSX)),
        from_parquet(whole(trace, Format.PARQUET)),
        from_gexf(whole(trace, Format.GEXF), trace),
        from_graphml(whole(trace, Format.GRAPHML), trace),
        from_prov(whole(trace, Format.PROV), trace),
    ]
    return all(told == rows for told in lists)


def test_every_export_of_every_known_node_holds_the_rows_of_the_screen(hub_records: Path) -> None:
    harvest(hub_records)
    compared = hops = 0
    for node in json.loads((hub_records / "expected.json").read_text())["expected"]:
        origin = find(Kind(node["kind"]), node["id"])
        if origin is None:
            continue  # a value of a card that names nothing: there is no such artifact
        for direction in Direction:
            trace = trace_from(origin, direction=direction, filters=Filters(certainty=Certainty.INFERRED))
            assert told_alike(trace), (node["id"], direction)
            compared, hops = compared + 1, hops + len(trace)
    assert compared >= 2 * 40
    assert hops > 500
