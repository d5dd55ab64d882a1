"""PostgreSQL and Redis of one's own, set to keep data through a crash, to be killed and started again."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import redis

from tests.rights.cluster import free_port, programs, run

IDLE_SECONDS = 5  # deploy/roles.sql says 900: whoever sleeps for so long in a transaction loses it


class Postgres:
    """A cluster with fsync on."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}"
        self._data = f"--pgdata={folder / 'data'}"
        self._log = f"--log={folder / 'log'}"

    def create(self):
        run(
            self.folder,
            "initdb",
            self._data,
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )

    def start(self):
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c max_wal_size=64MB -c min_wal_size=32MB"
        options += f" -c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
        run(self.folder, "pg_ctl", self._data, "--wait", "--silent", self._log, "start", f"--options={options}")

    def stop(self):
        """As if the machine lost its power."""
        run(self.folder, "pg_ctl", self._data, "--wait", "--silent", "--mode=immediate", "stop", check=False)


class Redis:
    """A server that writes every change down once a second, as the site's documentation asks for."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: Any = None

    def start(self):
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.folder, "appendonly": "yes", "save": ""}
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url)
        for _ in range(200):
            with suppress(redis.RedisError):
                if client.ping():
                    return
            time.sleep(0.05)
        raise AssertionError("redis-server did not start")

    def stop(self):
        """By SIGKILL."""
        self._process.kill()
        self._process.wait()

    def flush(self):
        redis.Redis.from_url(self.url).flushall()


@contextmanager
def postgres(folder=None):
    """A cluster, in a folder that is removed afterwards; in `folder` where one is given."""
    own = folder or Path(tempfile.mkdtemp())
    if os.getuid() == 0:
        shutil.chown(own, "postgres")
    server = Postgres(own)
    server.create()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(own / "data")


@contextmanager
def broker():
    """A Redis, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        server = Redis(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def can_be_started():
    """Whether both are installed here."""
    return programs() is not None and shutil.which("redis-server") is not None
