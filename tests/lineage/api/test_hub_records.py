"""Over the real records beside the checkout: a streamed trace holds what is known independently, and what files do."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from access.roles import Role
from access.scopes import Scope
from lineage.lookup import find
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import Certainty, Direction, Kind
from tests.factories import make_user
from tests.lineage.api.readers import leave, program
from tests.lineage.exports.test_exports import on_screen
from tests.lineage.exports.test_hub_records import harvest

pytestmark = [pytest.mark.django_db, pytest.mark.hub_records]
CLOSURES = {Direction.UPSTREAM: "ancestors", Direction.DOWNSTREAM: "descendants"}


@pytest.fixture
def known(hub_records: Path) -> list[dict[str, Any]]:
    """The nodes whose closures were computed elsewhere, over the same records."""
    harvest(hub_records)
    nodes: list[dict[str, Any]] = json.loads((hub_records / "expected.json").read_text())["expected"]
    return nodes


@pytest.fixture
def reader() -> Client:
    """A program that may read names."""
    account = make_user("", Role.RESEARCHER)
    leave(account)
    return program(account, *Scope)


def hops(reader: Client, key: int, **asked: str) -> list[dict[str, Any]]:
    answer = reader.get(f"/api/v1/artifacts/{key}/trace.jsonl", asked)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.getvalue().splitlines()]


def test_the_closures_of_models_are_those_computed_elsewhere(known: list[dict[str, Any]], reader: Client) -> None:
    total = 0
    for node in (node for node in known if node["kind"] == Kind.MODEL):
        origin = find(Kind.MODEL, node["id"])
        assert origin is not None
        for direction, words in CLOSURES.items():
            rows = hops(reader, origin.pk, direction=direction, certainty="resolved", kind="model")
            assert {row["artifact"]["repo_id"] for row in rows} == set(node[words]), (node["id"], direction)
            assert len(rows) == len(node[words])
            total += len(rows)
    assert total > 1000


def test_every_known_node_has_the_rows_of_the_files(known: list[dict[str, Any]], reader: Client) -> None:
    compared = 0
    for node in known:
        origin = find(Kind(node["kind"]), node["id"])
        if origin is None:
            continue  # a value of a card that names nothing: there is no such artifact
        for direction in Direction:
            trace = trace_from(origin, direction=direction, filters=Filters(certainty=Certainty.INFERRED))
            rows = hops(reader, origin.pk, direction=direction, certainty="inferred")
            assert [as_shown(row) for row in rows] == on_screen(trace), (node["id"], direction)
            compared += 1
    assert compared >= 2 * 40


def as_shown(row: dict[str, Any]) -> tuple[Any, ...]:
    artifact, via = row["artifact"], row["via"]
    return (
        *(artifact["kind"], artifact["repo_id"], row["depth"], row["relation"], row["certainty"]),
        *(row["path_certainty"], via["kind"], via["repo_id"], row["downloads"], row["likes"]),
    )
