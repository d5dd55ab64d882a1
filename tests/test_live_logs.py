"""The site as it runs, web and worker as the Procfile starts them, on the log that they really write.

A name goes through every flow and stands in no log. A read leaves its row though the web is killed right after it.
"""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from lineage.vocabulary import Kind
from tests.hub_faults import BROKEN_OFF, EXPIRED, HTML, TRUNCATED, in_turn, server_error
from tests.hub_standin import HubStandIn, serving

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds, on a machine that is busy with other tests
CANARY = "canary-made-up-person"
PASSWORD = "a sentence nobody would guess"
ID = re.compile(r"/artifact/(\d+)/")


def standin():
    """A Hub in which the name is an owner, a model, a tag, a licence, a base, a redirect, and what is refused."""
    base = f"{CANARY}/base"
    odd: list[Any] = [CANARY, {"id": f"{CANARY}/a/b", "author": CANARY}, {"id": 7, "author": CANARY}, [CANARY]]
    models: list[Any] = [
        {"id": base, "_id": "5" * 24, "author": CANARY, "tags": [CANARY, f"license:{CANARY}"]},
        {"id": f"org/{CANARY}", "author": "org", "tags": [f"base_model:{base}", f"base_model:finetune:{base}"]},
        {"id": "org/x", "author": "org", "cardData": {"base_model": [base, f"./{CANARY}"], "datasets": CANARY}},
        *odd,
    ]
    hub = HubStandIn(models, [{"id": f"{CANARY}/set", "author": CANARY}, *odd], page_size=2)
    hub.redirects = {(Kind.DATASET, CANARY): f"{CANARY}/set"}
    hub.persons = {CANARY: f"Full {CANARY}"}
    hub.faults = in_turn([server_error(500), HTML, TRUNCATED, BROKEN_OFF, server_error(503), EXPIRED])
    return hub


class Site:
    """Programs of the Procfile over a database of their own; what they write lies in `log`."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.log, self.database = folder / "log", folder / "var" / "db.sqlite3"
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.surroundings = kept | {
            "VAR_DIR": str(folder / "var"),
            "DEBUG": "1",
            "SECRET_KEY": "only for a test",
            "LOG_LEVEL": "INFO",
            "HF_ENDPOINT": endpoint,
            "HARVEST_RETRY_SECONDS": "0.1",
            "HUB_TIMEOUT_SECONDS": "5",
            "PROJECT_END": "2099-01-01",
            "PROJECT_NOTICE": "a test",
            "HARVEST_PERSON_NAMES": "1",
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
            "TASK_WORKERS": "1",
            "PYTHONUNBUFFERED": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "genealogy_site.settings",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def manage(self, *words: str) -> None:
        with self.log.open("ab") as out:
            command = [sys.executable, "manage.py", *words]
            subprocess.run(command, cwd=ROOT, env=self.surroundings, stdout=out, stderr=out, check=True)

    def start(self, name: str) -> None:
        lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line)
        with self.log.open("ab") as out:
            self.running[name] = subprocess.Popen(
                lines[name],
                shell=True,
                cwd=ROOT,
                env=self.surroundings,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        if name == "web":
            wait_until(self.answers)

    def answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/healthz").status_code == 200
        except httpx2.HTTPError:
            return False

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def value(self, query: str) -> int:
        with closing(sqlite3.connect(self.database, timeout=20)) as base:
            return int(base.execute(query).fetchone()[0])

    def signed_in(self, username: str = "supervisor") -> httpx2.Client:
        client = httpx2.Client(base_url=self.url, follow_redirects=True, timeout=PATIENCE)
        post(client, "/account/sign-in/", username=username, password=PASSWORD)
        return client


def wait_until(done) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def post(client, address, **fields):
    if "csrftoken" not in client.cookies:
        client.get("/account/sign-in/")
    return client.post(address, data={"csrfmiddlewaretoken": client.cookies["csrftoken"], **fields})


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Web and worker over a base that harvested the pretended Hub through the worker."""
    folder = tmp_path_factory.mktemp("site")
    with serving(standin()) as hub:
        site = Site(folder, hub.endpoint)
        try:
            site.manage("migrate", "--verbosity", "0")
            site.manage("demo_accounts", "--password", PASSWORD)
            for name in ("web", "worker"):
                site.start(name)
            post(site.signed_in(), "/admin/lineage/harvestrun/harvest-now/")
            wait_until(lambda: site.value("SELECT count(*) FROM lineage_harvestrun WHERE ended_at IS NOT NULL"))
            yield site
        finally:
            for name in list(site.running):
                site.kill(name)


def every_flow(site):
    """The name typed, read, followed, exported, sought in the back office, and used to sign in."""
    post(httpx2.Client(base_url=site.url), "/account/sign-in/", username=CANARY, password=CANARY, next=f"/{CANARY}")
    anonymous = httpx2.Client(base_url=site.url)
    for address in (f"/{CANARY}/base", f"/account/set-up/?key={CANARY}", f"/admin/{CANARY}/", f"/?s={CANARY}"):
        anonymous.get(address, headers={"referer": f"{site.url}/{CANARY}", "user-agent": CANARY})
    client = site.signed_in()
    found = post(client, "/", text=CANARY)
    assert f"{CANARY}/base" in found.text
    keys = set(ID.findall(found.text))
    assert keys
    for key in keys:
        pages_of(client, key)
    for address in (*set(re.findall(r"/author/\d+/", found.text)), f"/models/{CANARY}", f"/admin/{CANARY}/"):
        client.get(address)
    for table in ("modelartifact", "datasetartifact", "author", "alias", "mention", "quarantine", "derivation"):
        client.get(f"/admin/lineage/{table}/", params={"q": CANARY, CANARY: CANARY})
    post(client, "/language/", language=CANARY, next=f"/{CANARY}")


def pages_of(client, key):
    """All that is shown and handed over of one artifact."""
    for rest in ("", "branch/", "trace/", f"trace/?direction=upstream&page={CANARY}", "withdrawal/"):
        client.get(f"/artifact/{key}/{rest}")
    for suffix in ("csv", "json", "xlsx", "parquet", "gexf", "graphml", "jsonld"):
        assert client.get(f"/artifact/{key}/trace.{suffix}").status_code == 200
    client.get(f"/admin/lineage/modelartifact/{key}/change/?_changelist_filters={CANARY}")


def test_a_name_through_every_flow_stands_in_no_log(site):
    every_flow(site)
    site.manage("harvest", "authors")
    site.manage("harvest", "aliases")
    assert site.value(f"SELECT count(*) FROM lineage_artifact WHERE repo_id LIKE '%{CANARY}%'") >= 3
    assert site.value("SELECT count(*) FROM lineage_quarantine") >= 1
    said = site.log.read_text(errors="replace")
    assert "GET artifact/<int:key>/ 200" in said
    assert "lineage.tasks.advance_lane" in said
    assert [line for line in said.splitlines() if CANARY in line.casefold()] == []


@pytest.mark.parametrize("rest", ["", "trace/", "trace.csv"])
def test_a_read_has_its_one_row_though_the_web_is_killed_while_it_answers(site, rest):
    key = site.value("SELECT min(id) FROM lineage_artifact WHERE presence = 'listed'")
    rows = "SELECT count(*) FROM lineage_consultation"
    cookie = site.signed_in().cookies["sessionid"]
    before = site.value(rows)
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as line:
        request = f"GET /artifact/{key}/{rest} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n"
        line.sendall(request.encode())
        assert line.recv(12) == b"HTTP/1.1 200"  # the first bytes: whatever is done after the answer is not done
        site.kill("web")
    try:
        assert site.value(rows) == before + 1
    finally:
        site.start("web")
