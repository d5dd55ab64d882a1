"""Installations of their own for the tests that look at every byte one leaves."""

import os

import psycopg
import pytest
from django.db import connection

from tests.rights.installation import ROOT, url_of
from tests.unchecked import leading_nowhere


@pytest.fixture(autouse=True)
def keys_lead_to_rows(request):
    """After whatever a test decided, erased or purged, no key that the database leaves unchecked leads nowhere."""
    yield
    if request.node.get_closest_marker("django_db"):
        assert leading_nowhere() == []


@pytest.fixture
def own(tmp_path):
    """The environment of an installation of its own, without a database."""
    return {
        **os.environ,
        "VAR_DIR": str(tmp_path / "installation"),
        "DEBUG": "1",
        "PROJECT_END": "2099-12-31",
        "PROJECT_NOTICE": "notice",
        "LOG_LEVEL": "DEBUG",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def surroundings(own, worker_id):
    """The same with a database, which is made, and dropped afterwards."""
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor != "postgresql":
        yield {name: value for name, value in own.items() if name != "DATABASE_URL"}
        return
    name = f"genealogy_installation_{worker_id}"
    with psycopg.connect(url_of(url, "postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        yield own | {"DATABASE_URL": url_of(url, name)}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
