"""The life of an installation of its own, in a process of its own, and every byte it leaves."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]


def url_of(url, database):
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def lived(module, tmp_path, surroundings):
    """Runs `module` until it says that it planted its names, then to its end.

    Returns the bytes that lay in files and tables in between, and all that the process said.
    """
    feed = tmp_path / "feed"
    feed.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", module, str(feed)],
        cwd=tmp_path,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        while not (feed / "planted").exists() and process.poll() is None:
            time.sleep(0.1)
        planted = left(surroundings)
        said, _ = process.communicate(b"\n")
    shutil.rmtree(feed)

    assert process.returncode == 0, said.decode()[-3000:]
    return planted, said


def left(surroundings):
    """The bytes of every file, and of every row of every table of PostgreSQL."""
    return [*files(Path(surroundings["VAR_DIR"])), *dumped(surroundings)]


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
