"""Every operation × every identity × every scope of a token, against one committed table.

After a change that is meant, write the table anew and read the difference as carefully as code:

    WRITE_MATRIX=1 .venv/bin/python -m pytest -q -n0 tests/lineage/api/test_authorisation.py
"""

import csv
import json
import os
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern

from access.roles import Role
from access.scopes import Scope
from lineage.api.urls import urlpatterns as api_urls
from tests.access.addresses import filled
from tests.factories import make_user
from tests.lineage.api.readers import leave, program
from tests.lineage.api.world import make_world

TABLE = Path(__file__).with_name("authorisation.csv")
ROLES = {"nobody": (), **{role.value: (role,) for role in Role}}
SCOPES = {"read": (Scope.READ,), "names": (Scope.NAMES,), "read names": (Scope.READ, Scope.NAMES)}
READERS = ["anonymous", *(f"{role}: {scopes}" for role, scopes in product(ROLES, SCOPES))]
ROUTES = sorted(f"api/{each.pattern}" for each in api_urls if isinstance(each, URLPattern) and str(each.pattern))
METHODS = ("GET", "POST", "DELETE")
LET_IN = {"agent", "supervisor", "researcher"}

pytestmark = pytest.mark.django_db


def client_of(reader):
    if reader == "anonymous":
        return Client()
    role, scopes = reader.split(": ")
    account = make_user("", *ROLES[role])
    leave(account)
    return program(account, *SCOPES[scopes])


def observed(reader):
    world = make_world()
    client, values = client_of(reader), {"key": world.base.pk, "target": world.merged.pk}
    keys = {"api/v1/authors/": world.lab.pk, "api/v1/harvests/": world.run.pk}
    found = {}
    for route in ROUTES:
        key = next((key for start, key in keys.items() if route.startswith(start)), world.base.pk)
        for method in METHODS:
            body = {"kind": "model", "repo_id": world.base.repo_id} if method == "POST" else None
            answer = client.generic(method, filled(route, {**values, "key": key}), *_json(body))
            b"".join(answer)
            found[route, method] = answer.status_code
    return found


def _json(body):
    return (json.dumps(body), "application/json") if body else ()


def written():
    table: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    if TABLE.exists():
        with TABLE.open(newline="") as file:
            for row in csv.DictReader(file):
                for reader in READERS:
                    table[reader][row["route"], row["method"]] = int(row[reader] or 0)
    return table


def write(table):
    with TABLE.open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["route", "method", *READERS])
        for cell in product(ROUTES, METHODS):
            lines.writerow([*cell, *(table[reader].get(cell, 0) for reader in READERS)])


@pytest.mark.parametrize("reader", READERS)
def test_the_table(reader):
    found = observed(reader)
    if os.environ.get("WRITE_MATRIX"):
        write(written() | {reader: found})
    assert written()[reader] == found


def test_nobody_gets_an_answer_that_is_not_theirs():
    for reader, cells in written().items():
        role, _, scopes = reader.partition(": ")
        may = role in LET_IN and "read" in scopes.split()
        assert {status < 400 for (_route, method), status in cells.items() if method == "GET"} <= {may, False}, reader
        assert may == any(status == 200 for status in cells.values()), reader


def test_nothing_but_the_look_up_is_posted_and_nothing_is_deleted():
    for cells in written().values():
        answered = {route for (route, method), status in cells.items() if method != "GET" and status < 400}
        assert answered <= {"api/v1/artifacts/look-up/"}
