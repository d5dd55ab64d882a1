"""How long the erasure of a great account takes, in a base of any size, with a harvest running.

`python -m benchmarks.erasure 100000 --database postgres://…`: an account of 1,000 models with 20,000 descendants of
others, among so many models. The server's account must be allowed to make a database; without --database: SQLite.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from lineage.hub.records import HubRecord

Result = TypeVar("Result")
ACCOUNT, OWN, DESCENDANTS = "made-up-account", 1_000, 20_000
PAGE = 1_000
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def main() -> None:
    """Start it in an environment and a base of its own."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.erasure", description=__doc__)
    asked.add_argument("models", type=int, help="how many models, at least 25,000")
    asked.add_argument("--database", default="", help="address of a PostgreSQL server; SQLite without")
    options = asked.parse_args()
    if "BENCHMARK_OF_ERASURE" in os.environ:
        measure(options.models)
        return
    with tempfile.TemporaryDirectory() as scratch:
        server = options.database.rsplit("/", 1)[0]
        own = {
            "BENCHMARK_OF_ERASURE": "1",
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "SECRET_KEY": token_urlsafe(64),
            "PROJECT_END": "2099-12-31",
            "PROJECT_NOTICE": "benchmark",
            "LOG_LEVEL": "ERROR",
            "VAR_DIR": scratch,
            "DATABASE_URL": f"{server}/genealogy_erasure" if server else f"sqlite:///{scratch}/bench.sqlite3",
        }
        command = [sys.executable, "-m", "benchmarks.erasure", str(options.models)]
        sys.exit(subprocess.run(command, check=False, env=os.environ | own).returncode)  # noqa: S603


def measure(models: int) -> None:
    """Fill the base, then look at the effect, then carry it out while pages are stored."""
    import django

    django.setup()
    from benchmarks.base import fresh_base
    from lineage import graph
    from lineage.models import Artifact, HarvestRun
    from rights.effects import erase, preview

    fresh_base()
    run = HarvestRun.objects.create(source="jsonl", state="running", created_at=AT, started_at=AT)
    _timed(f"{models:,} models stored and linked", lambda: _fill(models, run))
    _timed("graph built", graph.build)
    print(f"preview: {_timed('previewed', lambda: preview(ACCOUNT, at=AT))}")
    stored: list[int] = []
    stop = threading.Event()
    harvest = threading.Thread(target=_harvest, args=(models, run, stop, stored))
    harvest.start()
    gone = _timed("erased, a harvest running", lambda: erase(account=ACCOUNT, reference="c", by=1, second=2, at=AT))
    stop.set()
    harvest.join()
    left = Artifact.objects.filter(owner=ACCOUNT).count()
    print(f"{gone}\n{len(stored)} pages of {PAGE:,} stored meanwhile; {left} artifacts of the account left")


def _fill(models: int, run: Any) -> None:
    from django.db import connection

    from lineage.linking import link

    for page in _pages(_records(models)):
        _store(page, run)
    link(at=AT)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _harvest(models: int, run: Any, stop: threading.Event, stored: list[int]) -> None:
    """Store page after page of a newer listing, until told to stop."""
    from django.db import connections

    for page in _pages(_records(models, days=1)):
        if stop.is_set():
            break
        _store(page, run)
        stored.append(len(page))
    connections.close_all()


def _pages(records: "Iterator[HubRecord]") -> "Iterator[list[HubRecord]]":
    while page := list(islice(records, PAGE)):
        yield page


def _store(page: "list[HubRecord]", run: Any) -> None:
    from django.db import transaction

    from lineage import policy
    from lineage.staging import store

    with transaction.atomic():
        store(policy.current().screen(page).records, run=run, at=AT)


def _records(models: int, *, days: int = 0) -> "Iterator[HubRecord]":
    """The account's own, in chains of ten from a base of another; those made from them; all others, each made from an earlier one."""
    from lineage.hub.records import HubRecord, Mention
    from lineage.vocabulary import Field, Kind, Relation

    for number in range(models):
        base = _base(number)
        said = (Mention(Field.BASE_MODEL_TAG, Kind.MODEL, base, Relation.FINETUNE, resolved=True),) if base else ()
        name = _name(number)
        yield HubRecord(
            Kind.MODEL,
            name,
            hub_id=f"{number + 1:024x}",
            author=name.partition("/")[0],
            created_at=AT,
            modified_at=AT + timedelta(days=days),
            downloads=number + days,
            mentions=said,
        )


def _name(number: int) -> str:
    return f"{ACCOUNT}/m{number}" if number < OWN else f"org{number % 997}/m{number}"


def _base(number: int) -> str:
    if number < OWN:
        return _name(number - 1 if number % 10 else OWN + DESCENDANTS)
    if number < OWN + DESCENDANTS:
        return _name(number % OWN)
    return _name(OWN + DESCENDANTS + number // 3) if number > 2 * (OWN + DESCENDANTS) and number % 4 else ""


def _timed(called: str, work: Callable[[], Result]) -> Result:
    start = time.perf_counter()
    done = work()
    print(f"{called}: {time.perf_counter() - start:.1f} s", flush=True)
    return done


if __name__ == "__main__":
    main()
