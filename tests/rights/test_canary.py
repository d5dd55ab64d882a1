"""After an erasure and thirty harvests that still serve the account, no byte of its names is left anywhere."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from tests.rights.canary import OURS

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "genealogy_canary"


@pytest.fixture
def surroundings(tmp_path):
    """The environment of an installation of its own; its database is made, and dropped afterwards."""
    own = {
        **os.environ,
        "VAR_DIR": str(tmp_path / "installation"),
        "DEBUG": "1",
        "PROJECT_END": "2099-12-31",
        "PROJECT_NOTICE": "notice",
        "LOG_LEVEL": "DEBUG",
        "PYTHONPATH": str(ROOT),
    }
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor != "postgresql":
        yield {name: value for name, value in own.items() if name != "DATABASE_URL"}
        return
    with psycopg.connect(url_of(url, "postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        yield own | {"DATABASE_URL": url_of(url, DATABASE)}
        server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def url_of(url, database):
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def hits(*bodies):
    return [word for word in OURS for body in bodies if word.encode() in body.lower()]


def files(folder):
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def dumped(surroundings):
    """Every row of every table of PostgreSQL."""
    if "DATABASE_URL" not in surroundings:
        return []
    with psycopg.connect(surroundings["DATABASE_URL"], autocommit=True) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        bodies = []
        for (table,) in tables:
            with database.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
                bodies.append(b"".join(copy))
    return bodies


@pytest.mark.django_db
def test_no_byte_is_left(tmp_path, surroundings):
    feed = tmp_path / "feed"
    feed.mkdir()
    command = [sys.executable, "-m", "tests.rights.canary", str(feed)]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        while not (feed / "planted").exists() and process.poll() is None:
            time.sleep(0.1)
        planted = hits(*files(Path(surroundings["VAR_DIR"])), *dumped(surroundings))
        said, _ = process.communicate(b"\n")
    shutil.rmtree(feed)

    assert process.returncode == 0, said.decode()[-3000:]
    assert set(planted) >= {OURS[0], OURS[1]}
    assert not hits(said)
    assert not hits(*files(Path(surroundings["VAR_DIR"])))
    assert not hits(*dumped(surroundings))
