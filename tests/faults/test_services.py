"""The services as their units start them, on one machine: a scheduled harvest, each one killed, the site well again."""

import random
import socket
from contextlib import ExitStack, closing, suppress

import httpx2
import pytest

from tests.faults.conftest import outcome, tell
from tests.faults.site import at_page, end, installed, wait_until

PROGRAMS = ("web", "worker", "beat")


class Services:
    """What `genealogy.target` starts, started again when it ends, as `Restart=always` has it."""

    def __init__(self, site):
        self.site, self.running = site, {}
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/healthz"
        site.environment |= {"PORT": str(port), "WEB_WORKERS": "1", "TASK_WORKERS": "2"}

    def look(self):
        """Start what does not run."""
        for name in PROGRAMS:
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                if process is not None:
                    end(process)
                self.running[name] = self.site.start(name)

    def kill(self, name):
        end(self.running[name])

    def health(self):
        """What the site says of itself; None while nobody answers."""
        with suppress(httpx2.HTTPError):
            answer = httpx2.get(self.address, timeout=10)
            return answer.status_code, answer.json()
        return None

    def close(self):
        for process in self.running.values():
            end(process)


@pytest.fixture
def services(servers, hub, built, tmp_path):
    database, redis = servers
    hub.faults, hub.after_page = (lambda seen: None), (lambda page: None)
    with ExitStack() as stack:
        site = stack.enter_context(
            installed(tmp_path / "site", hub, database=database.url, redis=redis.url, name="services")
        )
        built.stop_workers()  # they would take this site's tasks
        redis.flush()
        site.renew()
        started = Services(site)
        stack.callback(started.close)
        yield started


def test_the_stack_of_one_machine_outlives_its_processes(services, servers, hub, uninterrupted):
    site, dice, killed = services.site, random.Random(8), []
    site.ask("schedule_now")
    services.look()
    wait_until(lambda: (services.health() or [0])[0] == 200, 120)

    def strike():
        for name in PROGRAMS:
            services.kill(name)
        servers[1].stop()
        servers[0].stop()
        killed.append("all")

    at_page(hub, dice.randint(10, uninterrupted["pages"] - 10), 0.1, strike)
    wait_until(lambda: killed, 120)
    assert services.health() is None
    services.look()
    said = wait_until(services.health, 120)
    assert (said[0], said[1]["database"], said[1]["broker"]) == (503, "not ok", "not ok")
    servers[0].start()
    servers[1].start()
    wait_until(lambda: services.health()[0] == 200, 60)

    def watch(_standing):
        services.look()

    standing = site.end(600, watch, reaper=False)
    assert outcome(site, standing) == uninterrupted, (standing, site.last_words())
    assert site.ask("held")["runs"] == 1
    assert services.health()[1]["harvest"] == "ok"
    tell(f"web, worker, beat, PostgreSQL and Redis killed and started again: generation {standing['generation']}")
