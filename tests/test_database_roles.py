"""deploy/roles.sql on a PostgreSQL of its own: one role migrates; the other works, and cannot rewrite records."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.rights.cluster import cluster, programs

ROOT = Path(__file__).resolve().parents[1]
ROLES = ROOT / "deploy" / "roles.sql"
OWNER, APP = "genealogy_owner", "genealogy_app"
APPEND_ONLY = ("lineage_consultation", "lineage_disclosure", "rights_journalentry")
pytestmark = pytest.mark.skipif(
    programs() is None or not os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="for the suite over PostgreSQL, where one can be started",
)


class Site:
    """The site over that database, as either role."""

    def __init__(self, address, folder):
        self.address, self.folder = address, folder

    def as_role(self, role):
        return re.sub("//postgres@", f"//{role}@", self.address)

    def manage(self, role, *words):
        own = {"DATABASE_URL": self.as_role(role), "VAR_DIR": str(self.folder), "DEBUG": "1", "LANGUAGE_CODE": "en"}
        kept = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=kept | own | {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def grant(self):
        """What a superuser of PostgreSQL runs, before the first migration and after each."""
        with psycopg.connect(self.address, autocommit=True) as server:
            server.execute(ROLES.read_text())

    @contextmanager
    def session(self, role):
        with psycopg.connect(self.as_role(role), autocommit=True) as server:
            yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with cluster() as (address, _data):
        built = Site(address, tmp_path_factory.mktemp("var"))
        built.grant()
        built.manage(OWNER, "migrate", "--verbosity=0")
        built.grant()
        yield built


def test_the_application_carries_the_site(site):
    """It harvests, enters what it does in the append-only tables, and erases."""
    sample = [str(ROOT / "lineage" / "sample" / f"{kind}s.jsonl") for kind in ("model", "dataset")]
    site.manage(APP, "harvest", *sample)
    site.manage(APP, "create_admin", "--username", "ada-example")
    site.manage(APP, "trace", "dataset", "rajpurkar/squad")
    site.manage(APP, "rights", "erase", "rajpurkar", "--by", "ada-example", "--reference", "case-1")
    with site.session(APP) as server:
        counts = {
            t: server.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in (APPEND_ONLY[0], APPEND_ONLY[2])
        }
        left = server.execute("SELECT count(*) FROM lineage_artifact WHERE repo_id LIKE 'rajpurkar/%'").fetchone()
    assert all(counts.values()), counts
    assert left == (0,)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "words",
    [
        "UPDATE {} SET reference = reference",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {} CASCADE",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
    ],
)
def test_it_cannot_rewrite_what_was_recorded(site, table, words):
    with site.session(APP) as server, pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.execute(words.format(table))


@pytest.mark.parametrize(
    "words",
    [
        "CREATE TABLE mine (number int)",
        "SET session_replication_role = replica",
        "TRUNCATE rights_notice",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_it_makes_nothing_and_switches_no_trigger_off(site, words):
    with site.session(APP) as server, pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.execute(words)


def test_a_session_that_sleeps_in_a_transaction_is_ended(site):
    with site.session(APP) as server:
        assert server.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("15min",)
