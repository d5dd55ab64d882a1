"""What the tests of the Hub's words share."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lineage.hub.client import HubClient
from tests.lineage.hub.odd_server import LIST, SECRET, Server, said

Rows = list[dict[str, Any]]


@cache
def _rows(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@pytest.fixture
def hub_rows(hub_records: Path) -> Callable[[str], Rows]:
    """The real records of one file, by its name without the ending. Not to be changed."""
    return lambda name: _rows(hub_records / f"{name}.jsonl")


@pytest.fixture
def seconds() -> Callable[[float], Any]:
    """A block that may not take more seconds of processor time; generous, to tell linear from quadratic."""

    @contextmanager
    def at_most(limit: float) -> Iterator[None]:
        begun = time.process_time()
        yield
        assert time.process_time() - begun < limit

    return at_most


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """Another server, to which nothing of ours may go."""
    server = Server()
    server.replies[LIST] = said([])
    yield server
    server.http.shutdown()
    server.http.server_close()
    assert server.seen == []


@pytest.fixture
def hub(server) -> HubClient:
    return HubClient(server.url, token=SECRET, timeout=0.4)
