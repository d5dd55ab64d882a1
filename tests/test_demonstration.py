"""`make run`: what it adds to the environment, when it refuses, and that nothing outlives it."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genealogy_site.demonstration import CannotStart, environment, require_free_port

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90  # seconds, on a machine that is busy with other tests


def test_an_empty_environment_is_completed(tmp_path):
    made = environment({"VAR_DIR": str(tmp_path), "PATH": "/bin"}, now=NOW)
    assert (made["DEBUG"], made["HOST"], made["PORT"]) == ("1", "127.0.0.1", "8000")
    assert (made["PROJECT_END"], bool(made["PROJECT_NOTICE"])) == ("2027-11-23", True)
    assert len(made["SECRET_KEY"]) >= 50
    assert len(made["DEMO_PASSWORD"]) >= 15
    assert made["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/bin"]


def test_what_is_given_wins(tmp_path):
    given = {"VAR_DIR": str(tmp_path), "PORT": "8123", "SECRET_KEY": "mine", "PROJECT_END": "2030-01-01"}
    made = environment(given, now=NOW)
    assert [made[name] for name in ("PORT", "SECRET_KEY", "PROJECT_END")] == ["8123", "mine", "2030-01-01"]


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path):
    folder = tmp_path / "own"
    first = environment({"VAR_DIR": str(folder)}, now=NOW)
    assert environment({"VAR_DIR": str(folder)}, now=NOW) == first
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert environment({"VAR_DIR": str(tmp_path / "other")}, now=NOW)["SECRET_KEY"] != first["SECRET_KEY"]


@pytest.mark.parametrize("debug", ["0", "False", "no", "off", ""])
def test_beside_a_real_installation_it_refuses(tmp_path, debug):
    with pytest.raises(CannotStart, match="real installation"):
        environment({"VAR_DIR": str(tmp_path / "own"), "DEBUG": debug}, now=NOW)
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


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGHUP])
def test_it_starts_answers_and_leaves_nothing_behind(tmp_path, stop):
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    surroundings = kept | {"VAR_DIR": str(tmp_path / "var"), "PORT": str(port), "DEBUG": "1"}
    log = tmp_path / "log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "genealogy_site.demonstration"]
        site = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_until(lambda: f"http://127.0.0.1:{port}/" in log.read_text() and "ready." in log.read_text(), site, log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
            assert answer.status == 200
            assert answer.url.startswith(f"http://127.0.0.1:{port}/account/")
        started = [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", log.read_text())]
        assert len(started) == 3
        site.send_signal(stop)
        assert site.wait(PATIENCE) == 0
    finally:
        site.kill()
    assert re.search(r"worker stopped \(rc=0\)", log.read_text())
    assert "SIGKILL" not in log.read_text()
    assert [group for group in started if alive(group)] == []
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass


def wait_until(condition, site, log) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert site.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
