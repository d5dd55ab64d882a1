"""Two agents on one case in the same moment: one wins, the other is told."""

import threading

import pytest
from django.db import connection, connections

from rights.desk import handling, moves
from rights.desk.acts import Overtaken
from rights.models import JournalEntry, RightsCase
from rights.vocabulary import Right
from tests.rights.desk.cases import AT, make_case

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
ROUNDS = 20
ACTS = ("request_withdraw", "case_urgent")


def withdrawn(seen):
    moves.withdraw(case=seen, right=Right.ACCESS, at=AT)


def urgent(seen):
    handling.mark_urgent(case=seen, urgent=True, by=1, at=AT)


def test_one_wins_and_the_other_is_told_every_time():
    for _round in range(ROUNDS):
        case = make_case(Right.ACCESS)
        told = side_by_side([(act, RightsCase.objects.get(pk=case.pk)) for act in (withdrawn, urgent)])
        assert told == [Overtaken]
        now = RightsCase.objects.get(pk=case.pk)
        assert (now.version, now.urgent) == (2, now.closed_at is None)
        assert JournalEntry.objects.filter(reference=case.reference, act__in=ACTS).count() == 1


def side_by_side(acts):
    """Do both at once; what was raised."""
    raised: list[type[Exception]] = []
    start = threading.Barrier(len(acts))

    def do(act, seen):
        try:
            start.wait()
            act(seen)
        except Exception as error:
            raised.append(type(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=pair) for pair in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
