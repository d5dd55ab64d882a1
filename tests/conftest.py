"""What every test shares: no network but this machine's own."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HUB_RECORDS = Path(__file__).resolve().parents[2] / "shared" / "hub"
MIGRATED: list[str] = []
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
    (tmp_path / "var").mkdir()
    settings.VAR_DIR = tmp_path / "var"  # type: ignore[attr-defined]
    settings.GRAPH_DIR = tmp_path / "var" / "graph"  # type: ignore[attr-defined]
    settings.SUPPRESSION_KEYS = tmp_path / "keys" / "suppression"  # type: ignore[attr-defined]
    settings.CASE_KEYS = tmp_path / "keys" / "cases"  # type: ignore[attr-defined]
    settings.HUB_BUDGET_KEY = f"test:{tmp_path}"  # type: ignore[attr-defined]
    settings.JOURNAL_SEALS = tmp_path / "journal" / "seals"  # type: ignore[attr-defined]
    settings.EFFECTS_LEDGER = tmp_path / "ledger" / "effects"  # type: ignore[attr-defined]
    settings.EFFECTS_LEDGER_KEY_FILE = tmp_path / "keys" / "ledger"  # type: ignore[attr-defined]


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The databases under test. Which schedules the migrations put in is kept, to put them in again."""
    with django_db_blocker.unblock():
        schedules = [
            row
            for model in apps.get_app_config("django_celery_beat").get_models()
            for row in model._default_manager.all()
        ]
        MIGRATED.append(serializers.serialize("json", schedules))
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


def end_other_sessions() -> None:
    """A browser that is still open keeps a thread of the live server, and that its session: no base is dropped so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True, scope="session")
def flush_append_only_tables() -> Iterator[None]:
    """After a test with real transactions Django empties every table: then, and only then, guarded ones too.

    The schedules come back, so that the tests that follow find what a migrated base holds, whatever the order.
    """
    flush = BaseDatabaseOperations.execute_sql_flush

    def past_the_guards(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        lift, restore = guards()
        flush(operations, [*lift, *statements, *restore])
        for row in serializers.deserialize("json", MIGRATED[0]):
            row.save()

    patch = pytest.MonkeyPatch()
    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", past_the_guards)
    yield
    patch.undo()


def guards() -> tuple[list[str], list[str]]:
    """What lifts the triggers that refuse deletions, and what puts them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'")
            found = cursor.fetchall()
            return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [table for (table,) in cursor.fetchall()]
        disable, enable = (f"ALTER TABLE {{}} {word} TRIGGER USER" for word in ("DISABLE", "ENABLE"))
        return [disable.format(table) for table in tables], [enable.format(table) for table in tables]
