"""Over the real records beside the checkout: the page, every file of the site and the command line tell the same."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from access.roles import Role
from lineage.lookup import find
from lineage.models import Artifact
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
from tests.lineage.test_views_trace import table

pytestmark = [pytest.mark.django_db, pytest.mark.hub_records]
PLAIN = {"csv": from_csv, "json": from_json, "xlsx": from_xlsx, "parquet": from_parquet}
DRAWN = {"gexf": from_gexf, "graphml": from_graphml, "jsonld": from_prov}
NODES = 4  # the longest traces of those independently known


def longest(folder: Path):
    """The known nodes with the longest traces, with the direction of each."""
    found = []
    for node in json.loads((folder / "expected.json").read_text())["expected"]:
        origin = find(Kind(node["kind"]), node["id"])
        if origin is not None:
            found += [
                (len(trace_from(origin, direction=way, filters=Filters(certainty=Certainty.INFERRED))), origin.pk, way)
                for way in Direction
            ]
    return [(key, way) for _, key, way in sorted(found, reverse=True)[:NODES]]


def on_command_line(origin, direction):
    out = io.StringIO()
    call_command(
        "trace", origin.kind, origin.repo_id, direction=direction, certainty="inferred", form="json", stdout=out
    )
    return from_json(out.getvalue().encode())


def test_page_files_and_command_line_tell_the_same(hub_records: Path) -> None:
    harvest(hub_records)
    client = signed_in(Role.AGENT)
    for key, direction in longest(hub_records):
        query = f"direction={direction}&certainty=inferred"
        trace = trace_from(
            Artifact.objects.get(pk=key), direction=direction, filters=Filters(certainty=Certainty.INFERRED)
        )
        told = on_command_line(trace.origin, direction)
        shown = table(client, trace.origin, query)
        assert [(row[0], row[2]) for row in shown] == [(line[1], str(line[2])) for line in told]
        for suffix in (*PLAIN, *DRAWN):
            body = client.get(f"{reverse('lineage:trace_file', args=[key, suffix])}?{query}").getvalue()
            assert (PLAIN[suffix](body) if suffix in PLAIN else DRAWN[suffix](body, trace)) == told, suffix
