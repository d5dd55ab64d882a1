"""Starts at once, a worker that sleeps and wakes, a disk that fills up."""

import os
import random
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import outcome, tell
from tests.faults.servers import postgres
from tests.faults.site import Failed, at_page, installed, points, wait_until

SEEDS = int(os.environ.get("FAULTS_SEEDS") or 20)


def test_ten_starts_at_once_make_one_run(site, servers):
    for _ in range(SEEDS):
        site.renew()
        servers[1].flush()
        assert site.ask("begin_ten") == 1
        assert site.ask("held")["runs"] == 1
    tell(f"ten starts at once, {SEEDS} times: one run each")


@pytest.mark.parametrize("point", range(max(1, SEEDS // 4)))
def test_a_worker_that_sleeps_and_wakes_is_refused(site, hub, uninterrupted, point):
    """Stopped in the midst of a page until others have taken the run over and gone on."""
    dice = points("sleep", SEEDS)[point]
    asleep: list[int] = []

    def put_to_sleep():
        """Whoever reads the models: the one without whom no page is asked for any more."""
        while not asleep:
            child = site.a_child(dice)
            os.kill(child, signal.SIGSTOP)
            before = hub.pages_cut
            time.sleep(1.5)
            if hub.pages_cut == before:
                asleep.append(child)
            else:
                os.kill(child, signal.SIGCONT)

    def wake(standing):
        if asleep and standing.get("generation", 0) > 1:
            os.kill(asleep[0], signal.SIGCONT)

    site.start_workers()
    at_page(hub, dice.randint(2, uninterrupted["pages"] // 2), 0.0, put_to_sleep)
    site.begin()
    standing = site.end(300, wake)
    time.sleep(1)  # what it still does, it does now
    assert standing["generation"] > 1
    assert outcome(site, site.ask("look")) == uninterrupted, site.last_words()
    tell(f"asleep at a page: generation {standing['generation']}, {standing['seconds']:.1f} s")


def test_a_worker_that_sleeps_in_a_transaction_does_not_hold_the_others_up(site, hub, uninterrupted):
    """It has locked the run: until the database ends its session, nobody can take the run over."""
    asleep: list[int] = []

    def put_to_sleep():
        for _ in range(200):
            child = site.a_child(random)
            os.kill(child, signal.SIGSTOP)
            time.sleep(0.05)
            if site.sleepers():
                asleep.append(child)
                return
            os.kill(child, signal.SIGCONT)
            time.sleep(0.01)

    site.start_workers()
    at_page(hub, 10, 0.0, put_to_sleep)
    site.begin()
    standing = site.end(300)
    assert asleep
    os.kill(asleep[0], signal.SIGCONT)
    time.sleep(1)  # what it still does, it does now
    assert outcome(site, site.ask("look")) == uninterrupted, site.last_words()
    tell(f"asleep in a transaction: generation {standing['generation']}, {standing['seconds']:.1f} s")


@contextmanager
def small_disk(megabytes):
    """A folder that holds no more than that."""
    folder = Path(tempfile.mkdtemp())
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("no small disk can be made here: it takes root and mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def test_a_disk_that_fills_up(hub, built, servers, uninterrupted, tmp_path):
    """Nothing is left on the disk under the database for some seconds; then somebody frees it."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(700))
        server = stack.enter_context(postgres(disk))
        hub.faults, filler = (lambda seen: None), disk / "filler"
        site = stack.enter_context(installed(tmp_path / "site", hub, database=server.url, redis=servers[1].url))
        built.stop_workers()  # they would take this site's tasks
        servers[1].flush()
        site.renew()
        site.start_workers()
        full: list[int] = []

        def fill():
            full.append(len(hub.seen))
            with filler.open("wb") as file:
                try:
                    while True:
                        file.write(bytes(2**20))
                        file.flush()
                except OSError:
                    pass

        at_page(hub, uninterrupted["pages"] // 3, 0.0, fill)
        site.begin()
        wait_until(lambda: full, 120)
        time.sleep(8)
        filler.unlink()
        freed = time.monotonic()
        if not is_up(site):
            server.stop()
            server.start()
        standing = site.end(300)
        assert outcome(site, standing) == uninterrupted, (standing, site.last_words())
        tell(f"disk full for 8 s: complete {time.monotonic() - freed:.1f} s after it was freed")


def is_up(site):
    try:
        return site.ask("look") is not None
    except Failed:
        return False
