"""An erasure against pages in flight: whatever comes first, nothing of the account is left."""

import os
import random
import subprocess
import sys
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from lineage import policy
from lineage.linking import link
from lineage.models import Artifact, Author, Mention
from lineage.staging import store
from lineage.vocabulary import RunState
from rights.effects import erase
from tests.factories import AT, make_run
from tests.rights.listing import record

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]
PAGES, WORKERS, ROUNDS = 20, 4, 20


def page(account, number):
    """A page of a listing that goes on: new repositories of the account, and new mentions of it."""
    name = f"{account}-{number}"
    return [
        record(f"{account}/m", hub_id=f"{hash(name) % 16**12:024x}", modified_at=AT + timedelta(hours=number)),
        record(f"org/{name}", "", f"{account}/m", f"{account}/base"),
    ]


def left(account):
    return (
        Artifact.objects.filter(owner=account).count(),
        Mention.objects.filter(target__startswith=f"{account}/").count(),
        Author.objects.filter(name=account).count(),
    )


class Workers:
    """Threads that store pages side by side; `raised` holds what went wrong in them."""

    def __init__(self, account, run):
        self.account, self.run, self.raised, self.pages = account, run, [], iter(range(1, PAGES + 1))
        self.taking = threading.Lock()
        self.threads = [threading.Thread(target=self.work) for _ in range(WORKERS)]

    def take(self):
        with self.taking:
            return next(self.pages, None)

    def work(self):
        try:
            while (number := self.take()) is not None:
                with transaction.atomic():
                    store(policy.current().screen(page(self.account, number)).records, run=self.run, at=AT)
        except Exception as error:
            self.raised.append(error)
        finally:
            connections.close_all()


def test_an_erasure_in_the_midst_of_a_harvest():
    run = make_run(RunState.RUNNING)
    for moment in range(ROUNDS):
        account, others = f"dev{moment}", Artifact.objects.filter(owner="org", presence="listed")
        workers, before = Workers(account, run), others.count()
        for thread in workers.threads:
            thread.start()
        while others.count() < before + moment and any(thread.is_alive() for thread in workers.threads):
            time.sleep(0.01)
        erase(account=account, reference="case-1", by=7, at=AT)
        for thread in workers.threads:
            thread.join()
        link(at=AT)

        assert workers.raised == []
        assert left(account) == (0, 0, 0)
        assert others.count() == before + PAGES


def test_an_erasure_waits_for_a_page_that_was_screened_and_is_not_stored_yet():
    run, screened, go_on = make_run(RunState.RUNNING), threading.Event(), threading.Event()

    def slow_page():
        with transaction.atomic():
            records = policy.current().screen(page("dev", 1)).records
            screened.set()
            go_on.wait(5)
            store(records, run=run, at=AT)
        connections.close_all()

    def erasure():
        erase(account="dev", reference="case-1", by=7, at=AT)
        connections.close_all()

    threads = [threading.Thread(target=slow_page), threading.Thread(target=erasure)]
    threads[0].start()
    screened.wait(5)
    threads[1].start()
    threads[1].join(0.5)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join()
    assert left("dev") == (0, 0, 0)
    assert connection.vendor == "postgresql"


class Processes:
    """Workers in processes of their own, on the database under test."""

    def __init__(self, run, folder):
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        own = {
            "DATABASE_URL": urlunsplit(url),
            "VAR_DIR": str(folder),
            "SUPPRESSION_KEYS": str(settings.SUPPRESSION_KEYS),
            "PYTHONHASHSEED": "0",
        }
        self.started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.rights.storing", str(run.pk), str(number)],
                env=os.environ | own,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(1, WORKERS + 1)
        ]

    def all_say(self, word):
        """Wait until each has said this."""
        said = [process.stdout.readline().strip() for process in self.started if process.stdout]
        assert said == [word] * WORKERS

    def begin(self, account):
        for pipe in (process.stdin for process in self.started if process.stdin):
            pipe.write(f"{account}\n")
            pipe.flush()

    def __enter__(self):
        self.all_say("ready")
        return self

    def __exit__(self, *_raised):
        for process in self.started:
            process.communicate(timeout=30)


def test_an_erasure_at_random_moments_of_four_processes(tmp_path):
    run, dice = make_run(RunState.RUNNING), random.Random(7)
    with Processes(run, tmp_path) as workers:
        for turn in range(ROUNDS):
            account, others = f"dev{turn}", Artifact.objects.filter(owner="org", presence="listed")
            before, moment = others.count(), dice.randrange(PAGES)
            workers.begin(account)
            while others.count() < before + moment:
                time.sleep(0.001)
            erase(account=account, reference="case-1", by=7, at=AT)
            workers.all_say("done")
            link(at=AT)

            assert left(account) == (0, 0, 0)
            assert others.count() == before + PAGES
