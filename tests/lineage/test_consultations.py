"""The log of reads: one row each, that nothing changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineage import consultations
from lineage.models import Consultation
from tests.factories import make_user

pytestmark = pytest.mark.django_db
VIEW = Consultation.Operation.VIEW


def read(at: datetime, **fields: Any) -> Consultation:
    fields.setdefault("operation", VIEW)
    consultations.record(by=make_user(), at=at, **fields)
    return Consultation.objects.latest("pk")


@pytest.mark.parametrize(
    ("fields", "count", "keys"),
    [
        ({"reference": "artifact:7"}, 1, []),
        ({"reference": "artifact:7", "artifacts": [7, 3, 3]}, 2, [3, 7]),
        ({"operation": "search", "definition": {"kind": "model"}}, 0, []),
        ({"operation": "search", "definition": {}, "artifacts": {9}}, 1, [9]),
        ({"operation": "export", "artifacts": range(1, 5)}, 4, [1, 2, 3, 4]),
        ({"operation": "api", "artifacts": [2**40, 1]}, 2, [1, 2**40]),
    ],
)
def test_one_read_is_one_row(at: datetime, fields: dict[str, Any], count: int, keys: list[int]) -> None:
    row = read(at, **fields)
    assert Consultation.objects.count() == 1
    assert (row.at, row.count, row.purpose) == (at, count, "study")
    assert consultations.shown_keys(row) == keys


def test_a_read_for_a_case_says_so(at: datetime) -> None:
    assert read(at, reference="artifact:7", purpose="case:3f9c").purpose == "case:3f9c"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(keys=st.sets(st.integers(1, 2**62), max_size=200))
def test_the_keys_come_back(keys: set[int]) -> None:
    row = read(datetime(2026, 11, 2, tzinfo=UTC), artifacts=keys)
    assert consultations.shown_keys(row) == sorted(keys)


def test_a_big_export_takes_little_room(at: datetime) -> None:
    assert len(read(at, operation="export", artifacts=range(1, 150_001)).shown) < 10_000


@pytest.mark.parametrize("operation", ["", "peek"])
def test_an_unknown_operation_is_refused(at: datetime, operation: str) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        read(at, operation=operation)


def test_nobody_reads_unrecorded(at: datetime) -> None:
    with pytest.raises(ValueError, match="signed-in"):
        consultations.record(by=AnonymousUser(), operation=VIEW, at=at)


def test_who_was_shown_an_artifact(at: datetime) -> None:
    alone = read(at, reference="artifact:7")
    among = read(at + timedelta(minutes=1), operation="export", artifacts=[1, 7, 70])
    read(at, artifacts=[70, 77], reference="artifact:77")
    assert list(consultations.of_artifact(7)) == [alone, among]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lineage_consultation SET purpose = 'case'",
        "DELETE FROM lineage_consultation",
        "UPDATE lineage_consultation SET id = id + 1000",
    ],
)
def test_the_database_refuses_changes(at: datetime, statement: str) -> None:
    read(at)
    with pytest.raises(DatabaseError, match=r"append-only|12 months"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Consultation.objects.get().purpose == "study"


def test_the_database_refuses_other_ways_round(at: datetime) -> None:
    row = read(at)
    copy = "SELECT id, at, user_key, operation, 'case', reference, definition, count, shown FROM lineage_consultation"
    columns = "(id, at, user_key, operation, purpose, reference, definition, count, shown)"
    statement = {
        "sqlite": f"REPLACE INTO lineage_consultation {columns} {copy}",
        "postgresql": "TRUNCATE lineage_consultation",
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    row.refresh_from_db()
    assert row.purpose == "study"


def test_the_purge_takes_what_is_older_than_12_months() -> None:
    at = datetime(2025, 3, 1, 12, tzinfo=UTC)
    for days in (0, 1, 364, 365, 366, 700):
        read(at - timedelta(days=days))
    assert consultations.purge(at=at) == 2
    assert Consultation.objects.count() == 4
    assert consultations.purge(at=at) == 0


def test_the_purge_cannot_be_talked_into_the_future(at: datetime) -> None:
    read(datetime.now(UTC) - timedelta(days=300))
    with pytest.raises(DatabaseError, match="12 months"), transaction.atomic():
        consultations.purge(at=datetime.now(UTC) + timedelta(days=300))


@pytest.mark.parametrize(
    ("at", "before"),
    [
        (datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2025, 11, 2, 9, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
    ],
)
def test_twelve_months_before(at: datetime, before: datetime) -> None:
    assert consultations.twelve_months_before(at) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_row_is_kept_as_soon_as_it_is_written(at: datetime, turn: int) -> None:
    """Outside any transaction too; and the guards stand again after the tables were emptied."""
    read(at)
    with pytest.raises(DatabaseError, match="12 months"):
        Consultation.objects.all().delete()
    assert Consultation.objects.count() == 1
