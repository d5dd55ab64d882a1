"""`make run`: what it adds to the environment, when it refuses, and that nothing outlives it."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genealogy_site.demonstration import CannotStart, environment, require_free_port

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90  # seconds, on a machine that is busy with other tests


def test_an_empty_environment_is_completed(tmp_path):
    made = environment({"VAR_DIR": str(tmp_path), "PATH": "/bin"}, now=NOW)
    assert (made["DEMONSTRATION"], made["HOST"], made["PORT"]) == ("1", "127.0.0.1", "8000")
    assert (made["PROJECT_END"], bool(made["PROJECT_NOTICE"])) == ("2027-11-23", True)
    assert "DEBUG" not in made
    assert len(made["SECRET_KEY"]) >= 50
    assert len(made["DEMO_PASSWORD"]) >= 15
    assert made["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/bin"]


def test_what_is_given_wins(tmp_path):
    given = {"VAR_DIR": str(tmp_path), "PORT": "8123", "SECRET_KEY": "mine", "PROJECT_END": "2030-01-01"}
    given["DEMONSTRATION"] = "1"
    made = environment(given, now=NOW)
    assert [made[name] for name in ("PORT", "SECRET_KEY", "PROJECT_END")] == ["8123", "mine", "2030-01-01"]


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path):
    folder = tmp_path / "own"
    first = environment({"VAR_DIR": str(folder)}, now=NOW)
    assert environment({"VAR_DIR": str(folder)}, now=NOW) == first
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert environment({"VAR_DIR": str(tmp_path / "other")}, now=NOW)["SECRET_KEY"] != first["SECRET_KEY"]


@pytest.mark.parametrize(
    "installed", [{"SECRET_KEY": "x"}, *({"DEMONSTRATION": said} for said in ("0", "False", "no", "off", ""))]
)
def test_on_the_settings_of_a_real_installation_it_refuses(tmp_path, installed):
    with pytest.raises(CannotStart, match="real installation"):
        environment({"VAR_DIR": str(tmp_path / "own")} | installed, now=NOW)
    assert not (tmp_path / "own").exists()


def test_a_taken_port_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(CannotStart, match=f"port {port}.*Nothing was started"):
            require_free_port("127.0.0.1", port)


@pytest.mark.parametrize("port", ["http", "-1", "70000", ""])
def test_an_impossible_port_is_told(port):
    with pytest.raises(CannotStart, match="make run PORT=8001"):
        require_free_port("127.0.0.1", port)


def test_a_free_port_is_let_through():
    require_free_port("127.0.0.1", str(free_port()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A started program with what it wrote."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def programs(self) -> list[int]:
        """The programs that it started, by the number of their process and group."""
        return [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", self.said)]

    def wait_for(self, *words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not all(word in self.said for word in words):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def start(tmp_path):
    """Starts a Python program at the root of the checkout; whatever is left of it is ended after the test."""
    started = []

    def begin(*arguments: str, **surroundings: str) -> Site:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        log = tmp_path / "log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=kept | surroundings, stdout=out, stderr=out
            )
        started.append(Site(process, log))
        return started[-1]

    yield begin
    for site in started:
        site.process.kill()
        site.process.wait()
        for group in site.programs:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def refused(address: str, data: bytes | None = None) -> tuple[int, str]:
    """The code and the title of the English page with which an address refuses."""
    request = urllib.request.Request(address, data, {"Accept-Language": "en"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=PATIENCE)
    with error.value as answer:
        (title,) = re.findall("<h1>(.*)</h1>", answer.read().decode())
    return answer.code, title


def left_of(site: Site) -> list[int]:
    """The programs of which a process is left, once the system has had a moment to clear away the dead."""
    deadline = time.monotonic() + 5
    while (left := [group for group in site.programs if alive(group)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_starts_answers_and_leaves_nothing_behind(start, tmp_path):
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    own = {"VAR_DIR": str(tmp_path / "own"), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "genealogy_site.settings"}
    site = start("-m", "genealogy_site.demonstration", DEBUG="0", **own)
    site.wait_for(address, "ready.")
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        assert answer.status == 200
        assert answer.url.startswith(f"{address}account/")
        (sheet,) = re.findall(r'href="/(static/[^"]+\.css)"', answer.read().decode())[:1]
    with urllib.request.urlopen(address + sheet, timeout=PATIENCE) as answer:
        assert answer.headers["Content-Type"].startswith("text/css")
    assert refused(f"{address}nowhere/") == (404, "Nothing is here")
    assert refused(f"{address}account/sign-in/", b"a form without its token") == (
        403,
        "This form could not be accepted",
    )
    assert len(site.programs) == 3
    assert site.stop(signal.SIGINT) == 0
    assert "worker stopped (rc=0)" in site.said
    assert "SIGKILL" not in site.said
    assert left_of(site) == []
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass


PATIENT = "worker: sleep 600 & trap 'kill $!; exit 0' TERM; echo up; wait"
STUBBORN = "worker: trap '' TERM; echo up; sleep 600 & sleep 600; sleep 600"
FAILING = "worker: echo up; sleep 0.5; exit 3"
BESIDE = "web: echo Listening at; exec sleep 600"
SERVE = """
import sys
from pathlib import Path
from genealogy_site import demonstration
demonstration.BASE_DIR, demonstration.STOPS_WITHIN_SECONDS = Path(sys.argv[1]), 1
sys.exit(demonstration.serve("Welcome"))
"""


@pytest.fixture
def serve(start, tmp_path):
    def begin(*lines: str) -> Site:
        (tmp_path / "Procfile").write_text("\n".join(lines) + "\n")
        site: Site = start("-c", SERVE, str(tmp_path), PYTHONUNBUFFERED="1")
        site.wait_for("up", "Welcome")
        return site

    return begin


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_way_of_stopping_stops_everything_gently(serve, how):
    site = serve(BESIDE, PATIENT)
    assert site.stop(how) == 0
    assert "worker stopped (rc=0)" in site.said
    assert left_of(site) == []


def test_what_does_not_stop_is_killed_with_its_children(serve):
    site = serve(BESIDE, STUBBORN)
    assert site.stop(signal.SIGINT) == 0
    assert "sending SIGKILL to worker" in site.said
    assert left_of(site) == []


def test_where_one_fails_all_stop_and_its_code_is_ours(serve):
    site = serve(BESIDE, FAILING)
    assert site.process.wait(PATIENCE) == 3
    assert left_of(site) == []


def test_the_welcome_comes_once_the_web_listens(serve):
    said = serve(BESIDE, PATIENT).said
    assert said.count("Welcome") == 1
    assert said.index("Listening at") < said.index("Welcome")
