"""What every test shares: no network but this machine's own."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HUB_RECORDS = Path(__file__).resolve().parents[2] / "shared" / "hub"
LOCAL = ("127.0.0.1", "::1", "localhost", "")


@pytest.fixture
def at() -> datetime:
    """A moment, always the same: the domain never reads the clock."""
    return AT


@pytest.fixture
def hub_records() -> Path:
    """The folder of real records beside the checkout; the test is skipped, and says so, where there is none."""
    if not HUB_RECORDS.is_dir():
        pytest.skip("no real records beside this checkout (../shared/hub)")
    return HUB_RECORDS


@pytest.fixture(autouse=True)
def own_folders(settings: object, tmp_path: Path) -> None:
    """Files that the code under test writes go to the test's own folder."""
    settings.VAR_DIR = tmp_path / "var"  # type: ignore[attr-defined]
    settings.GRAPH_DIR = tmp_path / "var" / "graph"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """A connection that leaves this machine fails the test that makes it."""
    connect = socket.socket.connect

    def local_only(sock: socket.socket, address: object) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple) and address[0] not in LOCAL:
            raise AssertionError(f"a test may not reach {address[0]}")
        connect(sock, address)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", local_only)
    yield
    patch.undo()
