"""Over the real records beside the checkout: the page, every file of the site and the command line tell the same."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from access.roles import Role
from lineage.lookup import find
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import Certainty, Direction, Kind
from tests.lineage.exports.test_exports import (
    from_csv,
    from_gexf,
    from_graphml,
    from_json,
    from_parquet,
    from_prov,
    from_xlsx,
)
from tests.lineage.exports.test_hub_records import harvest
from tests.lineage.readers import signed_in
from tests.lineage.test_views_trace import as_table, table

pytestmark = [pytest.mark.django_db, pytest.mark.hub_records]
PLAIN = {"csv": from_csv, "json": from_json, "xlsx": from_xlsx, "parquet": from_parquet}
DRAWN = {"gexf": from_gexf, "graphml": from_graphml, "jsonld": from_prov}
NODES = 4  # the longest traces of those independently known, of which every file is asked for over the site


def traces(folder: Path):
    """Every node independently known, both ways, the longest trace first."""
    found = []
    for node in json.loads((folder / "expected.json").read_text())["expected"]:
        origin = find(Kind(node["kind"]), node["id"])
        if origin is not None:
            found += [
                trace_from(origin, direction=way, filters=Filters(certainty=Certainty.INFERRED)) for way in Direction
            ]
    return sorted(found, key=len, reverse=True)


def on_command_line(trace):
    out = io.StringIO()
    origin = trace.origin
    call_command(
        "trace", origin.kind, origin.repo_id, direction=trace.direction, certainty="inferred", form="csv", stdout=out
    )
    return out.getvalue()


def test_page_files_and_command_line_tell_the_same(hub_records: Path) -> None:
    """The page and the command line of every node; of the longest traces, each file as well."""
    harvest(hub_records)
    client, known = signed_in(Role.AGENT), traces(hub_records)
    assert len(known) >= 2 * 40
    for place, trace in enumerate(known):
        origin, query = trace.origin, f"direction={trace.direction}&certainty=inferred"
        told = on_command_line(trace)
        lines = list(csv.DictReader(io.StringIO(told)))
        shown = [as_table(line, (origin.repo_id, origin.kind)) for line in lines]
        assert table(client, origin, query) == shown, origin.repo_id
        for suffix in (*PLAIN, *DRAWN) if place < NODES else ():
            body = client.get(f"{reverse('lineage:trace_file', args=[origin.pk, suffix])}?{query}").getvalue()
            read = PLAIN[suffix](body) if suffix in PLAIN else DRAWN[suffix](body, trace)
            assert read == from_csv(told.encode()), suffix
