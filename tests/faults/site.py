"""An installation of one's own: its database, its broker, its workers as the Procfile starts them; all mortal."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
STALL, TICK = 6, 1  # seconds: after which a run counts as left, and between two looks of the reaper


class Failed(Exception):
    """The installation could not answer; the argument is the class of what it met."""


class Site:
    """Over PostgreSQL and Redis where they are given, else over SQLite and the broker of files."""

    def __init__(self, folder, endpoint, page_size, *, database="", redis="", name="faults", stall=STALL):
        self.folder, self.log = folder, folder / "log"
        self.var = folder / "var"
        self._database, self._name = database, f"{name}_{os.getpid()}"
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DEBUG": "1",
            "SECRET_KEY": "only for a test",
            "VAR_DIR": str(self.var),
            "HF_ENDPOINT": endpoint,
            "HUB_PAGE_SIZE": str(page_size),
            "HUB_TIMEOUT_SECONDS": "5",
            "HARVEST_RETRY_SECONDS": "0.2",
            "HARVEST_STALL_SECONDS": str(stall),
            "LOG_LEVEL": "INFO",
            "PROJECT_END": "2099-12-31",
            "PROJECT_NOTICE": "notice",
            "TASK_WORKERS": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        if database:
            self.environment |= {"DATABASE_URL": f"{database}/{self._name}", "REDIS_URL": redis}
        self.var.mkdir(parents=True)
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        self._inside: Any = None
        self._lock = threading.Lock()

    @property
    def has_servers(self):
        """Whether it is the large installation."""
        return bool(self._database)

    # --- its base -------------------------------------------------------------------------------

    def build(self):
        """Migrate a base once, and keep it to begin each trial from."""
        if self._database:
            self._server(self._gone(), f"CREATE DATABASE {self._name}")
        self.ask("migrate")
        self.leave()
        if self._database:
            self._server(self._gone("_empty"), f"ALTER DATABASE {self._name} RENAME TO {self._name}_empty")
        else:
            with sqlite3.connect(self.var / "db.sqlite3") as base:
                base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            base.close()
            shutil.copy(self.var / "db.sqlite3", self.folder / "empty.sqlite3")

    def renew(self):
        """Begin from the empty base again; workers stay."""
        if self._database:
            self._server(self._gone(), f"CREATE DATABASE {self._name} TEMPLATE {self._name}_empty")
            return
        self.stop_workers()
        self.leave()
        shutil.rmtree(self.var)
        self.var.mkdir()
        shutil.copy(self.folder / "empty.sqlite3", self.var / "db.sqlite3")

    def remove(self):
        """Leave nothing on a server that others use."""
        if self._database:
            self._server(self._gone(), self._gone("_empty"))

    def sleepers(self):
        """How many sessions have begun a transaction and do nothing in it."""
        words = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state = 'idle in transaction'"
        with psycopg.connect(f"{self._database}/postgres") as server:
            return server.execute(words, [self._name]).fetchall()[0][0]

    def _gone(self, suffix=""):
        return f"DROP DATABASE IF EXISTS {self._name}{suffix} WITH (FORCE)"

    def _server(self, *statements):
        with psycopg.connect(f"{self._database}/postgres", autocommit=True) as server:
            for statement in statements:
                server.execute(statement)

    # --- the process inside it ------------------------------------------------------------------

    def ask(self, name, *arguments):
        """What a function of `tests.faults.inside` says. Raises Failed."""
        with self._lock:
            if self._inside is None:
                with self.log.open("ab") as log:
                    self._inside = subprocess.Popen(
                        [sys.executable, "-m", "tests.faults.inside"],
                        cwd=ROOT,
                        env=self.environment,
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=log,
                        text=True,
                    )
            self._inside.stdin.write(json.dumps([name, *arguments]) + "\n")
            self._inside.stdin.flush()
            answer = json.loads(self._inside.stdout.readline())
        if "failed" in answer:
            raise Failed(f"{answer['failed']}: {answer['words']}")
        return answer["said"]

    def leave(self):
        """End the process inside."""
        if self._inside is not None:
            self._inside.kill()
            self._inside.communicate()
            self._inside = None

    # --- its workers ----------------------------------------------------------------------------

    def start_workers(self, number=2):
        """Have so many workers of one child each, started in the same breath; returns once they are there."""
        for name in range(number):
            if name not in self.workers:
                self.workers[name] = self.start("worker")
        wait_until(lambda: all(children(process.pid) for process in self.workers.values()), 120)

    def start(self, program):
        """A program of the Procfile, in a process group of its own."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                COMMANDS[program],
                shell=True,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop_workers(self):
        """By SIGKILL, with all that they started."""
        for name in list(self.workers):
            self.kill(name)

    def kill(self, name):
        """One worker with its children."""
        process = self.workers.pop(name)
        end(process)

    def a_child(self, dice):
        """The key of a process that does a worker's tasks."""
        found = self.all_children()
        return dice.choice(found) if found else None

    def all_children(self):
        """Every process that does a worker's tasks."""
        return [child for process in self.workers.values() for child in children(process.pid)]

    # --- a harvest ------------------------------------------------------------------------------

    def begin(self, *arguments):
        """Ask for a harvest, as long as it takes the broker to be there."""
        return wait_until(lambda: self._said("begin", *arguments), 60)

    def end(self, seconds=300, watch=lambda standing: None, *, reaper=True):
        """Wait for the end of the harvest, the reaper looking in; `watch` sees how it stands each time."""
        deadline, next_look = time.monotonic() + seconds, 0.0
        while time.monotonic() < deadline:
            standing = self._said("look") or {}
            watch(standing)
            if standing and standing["state"] not in ("queued", "running"):
                return standing
            if reaper and time.monotonic() > next_look:
                next_look = time.monotonic() + TICK
                self._said("reap")
            time.sleep(0.2)
        raise AssertionError(f"the harvest did not end in {seconds} s: {standing}\n{self.last_words()}")

    def _said(self, name, *arguments):
        with suppress(Failed):
            return self.ask(name, *arguments)
        return None

    def last_words(self):
        """The end of what its processes wrote."""
        return self.log.read_text(errors="replace")[-3000:]

    def close(self):
        self.stop_workers()
        self.leave()


@contextmanager
def installed(folder, standin, **servers):
    """A site whose Hub is `standin`, migrated, without workers."""
    site = Site(folder, standin.endpoint, standin.page_size, **servers)
    try:
        site.build()
        yield site
    finally:
        site.close()
        site.remove()


def children(pid):
    """The processes that one started itself, or that its shell did."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def end(process):
    """SIGKILL to a whole process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(done, seconds):
    """What `done` says once that is something. Fails after so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if said := done():
            return said
        time.sleep(0.1)
    raise AssertionError(f"nothing within {seconds} s")


def at_page(standin, number, delay, act):
    """Have `act` done `delay` seconds after the pretended Hub cut its page `number`, once."""
    standin.pages_cut = 0
    done: list[int] = []

    def cut(page):
        if page == number and not done:
            done.append(page)
            threading.Timer(delay, act).start()

    standin.after_page = cut
    return done


def points(seed, number):
    """So many seeds of points in a run."""
    return [random.Random(f"{seed} {one}") for one in range(number)]
