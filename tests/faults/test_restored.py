"""The drill: back up, erase somebody, lose the machine, restore the backup, carry the erasure out again.

The time to service is from the start of the restore to the first trace that is answered. `FAULTS_DRILL=1000000` tries
it with a million models, which takes half an hour to harvest first.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from benchmarks.hub import hub_of
from tests.faults.conftest import SIZE, tell
from tests.faults.site import ROOT, installed

MODELS = int(os.environ.get("FAULTS_DRILL") or SIZE)
POOL = Path(os.environ.get("FAULTS_HUBS") or ROOT / "var" / "hubs")
MOST_SAID = 3000
# As deploy/roles.sql sets it; the five seconds of the other tests are for sleepers.
PATIENT = "?options=-c%20idle_in_transaction_session_timeout%3D15min"


class Drill:
    """What an administrator types, and how long each takes."""

    def __init__(self, site):
        self.site, self.took = site, {}

    def run(self, name, *words):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.site.environment, capture_output=True, text=True, check=False
        )
        self.took[name] = time.monotonic() - began
        assert done.returncode == 0, done.stderr[-MOST_SAID:]
        tell(f"{name}: {self.took[name]:.0f} s")
        return done.stdout.strip()

    def manage(self, name, *words):
        return self.run(name, "manage.py", *words)

    def rows(self, statement, *values):
        with psycopg.connect(self.site.environment["DATABASE_URL"]) as base:
            return base.execute(statement, values).fetchall()

    def everything(self):
        """The whole database as text, as `pg_dump` writes it."""
        with subprocess.Popen(["pg_dump", self.site.environment["DATABASE_URL"]], stdout=subprocess.PIPE) as dump:
            assert dump.stdout
            yield from dump.stdout
        assert dump.returncode == 0


@pytest.fixture
def drill(servers, hub, built, tmp_path):
    database, redis = servers
    built.stop_workers()
    site_of = {"database": database.url, "redis": redis.url, "name": "drill"}
    with installed(tmp_path / "site", hub, **site_of) as site:
        site.environment["RIGHTS_SECOND_APPROVAL"] = str(10 * MODELS)  # the account may own a good part of the base
        site.environment["DATABASE_URL"] += PATIENT
        site.renew()
        yield Drill(site)


def test_backup_erase_restore_replay(drill, tmp_path):
    folder = hub_of(MODELS, POOL)
    drill.manage("harvest", "harvest", *(str(folder / f"{kind}.parquet") for kind in ("models", "datasets")))
    drill.manage("administrator", "create_admin", "--username", "ada-example")
    [[owner, models]] = drill.rows(
        "SELECT owner, count(*) FROM lineage_artifact WHERE owner != '' GROUP BY owner ORDER BY 2 DESC, 1 LIMIT 1"
    )
    [[origin]] = drill.rows(
        "SELECT repo_id FROM lineage_artifact a JOIN lineage_derivation d ON d.source_id = a.id"
        " WHERE a.kind = 'model' AND a.owner != %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
        owner,
    )
    drill.run("backup", "-m", "genealogy_site.backup", "backup", str(tmp_path / "backups"))
    drill.manage("erase", "rights", "erase", owner, "--by", "ada-example", "--reference", "drill")
    digest = drill.manage("digest", "canonical", "--digest")

    drill.site.renew()  # the database is lost, and the graph with it
    shutil.rmtree(drill.site.var / "graph")
    began = time.monotonic()
    [backup] = (tmp_path / "backups").iterdir()
    drill.run("restore", "-m", "genealogy_site.backup", "restore", str(backup))
    drill.manage("trace", "trace", "model", origin, "--format", "json")
    service = time.monotonic() - began
    assert drill.manage("digest", "canonical", "--digest") == digest
    name = f"{owner}/".encode()
    assert not any(name in line for line in drill.everything())
    size = sum(file.stat().st_size for file in backup.iterdir()) / 1e6
    tell(
        f"{MODELS} models: backup {drill.took['backup']:.0f} s, {size:.0f} MB; {models} repositories of one account "
        f"erased in "
        f"{drill.took['erase']:.0f} s; restored and erased again in {drill.took['restore']:.0f} s; first trace after "
        f"{service:.0f} s"
    )
