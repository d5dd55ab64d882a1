"""The clock of a case: both dates, what stops it, the one extension."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rights.desk import clock
from rights.desk.acts import ActRefused
from rights.models import JournalEntry, Question, RightsCase
from rights.vocabulary import Right
from tests.rights.desk.agents import asked, fresh, make_agent
from tests.rights.desk.cases import make_case

pytestmark = pytest.mark.django_db
MUCH_LATER = datetime(2028, 1, 1, tzinfo=UTC)


def received(day: str, **letter: Any) -> RightsCase:
    at = datetime.fromisoformat(f"{day}T09:00:00+00:00")
    return make_case(Right.ACCESS, received_at=at, at=at, **letter)


def answered(case: RightsCase, question: Question, on: str) -> None:
    clock.answer(
        case=fresh(case),
        question=question.pk,
        text="me",
        answered_on=date.fromisoformat(on),
        by=make_agent(),
        at=MUCH_LATER,
    )


@pytest.mark.parametrize(
    ("day", "questions", "due", "latest"),
    [
        ("2026-03-05", [], "2026-04-07", "2026-04-07"),
        ("2026-01-31", [], "2026-03-02", "2026-03-02"),
        ("2026-03-02", [("2026-03-09", "2026-03-23")], "2026-04-02", "2026-04-16"),
        ("2026-03-02", [("2026-03-09", "2026-03-23"), ("2026-03-20", "2026-03-25")], "2026-04-02", "2026-04-20"),
        ("2026-01-31", [("2026-02-03", "2026-02-10")], "2026-03-02", "2026-03-09"),
    ],
)
def test_both_dates(day, questions, due, latest):
    case = received(day)
    put = [(asked(case, date.fromisoformat(on)), until) for on, until in questions]
    for question, until in put:
        answered(case, question, until)
    now = fresh(case)
    assert (now.due_on.isoformat(), now.latest_on.isoformat()) == (due, latest)


def test_a_routine_question_stops_nothing_and_needs_no_doubt():
    case = received("2026-03-02")
    question = asked(case, date(2026, 3, 9), Question.Kind.ROUTINE, doubt="")
    answered(case, question, "2026-03-23")
    assert fresh(case).latest_on == date(2026, 4, 2)


def test_an_open_question_counts_up_to_today():
    case = received("2026-03-02")
    asked(case, date(2026, 3, 9))
    now = clock.clock(fresh(case), on=date(2026, 3, 23))
    assert (now.due_on.isoformat(), now.latest_on.isoformat()) == ("2026-04-02", "2026-04-16")
    assert now.stopped_since == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "rests on"),
        ({"doubt": " "}, "rests on"),
        ({"on": date(2026, 3, 1)}, "between receipt and today"),
        ({"on": date(2030, 3, 1)}, "between receipt and today"),
        ({"on": date(2026, 5, 1)}, "time to answer is over"),
    ],
)
def test_no_question_that_cannot_be(fields, said):
    case = received("2026-03-02")
    with pytest.raises(ActRefused, match=said):
        asked(case, fields.pop("on", date(2026, 3, 9)), **fields)
    assert not Question.objects.exists()


def test_an_extension_adds_two_months_once_by_a_notice_inside_the_first():
    case = received("2026-03-05")
    at = datetime(2026, 4, 7, 12, tzinfo=UTC)
    acts: dict[str, Any] = {"reason": "many accounts", "by": make_agent(), "at": at}
    clock.extend(case=fresh(case), sent_on=date(2026, 4, 7), **acts)
    assert fresh(case).due_on == date(2026, 6, 5)
    assert JournalEntry.objects.get(act="case_extended").details == {"due_on": "2026-06-05"}
    with pytest.raises(ActRefused, match="no longer"):
        clock.extend(case=fresh(case), sent_on=date(2026, 4, 7), **acts)


@pytest.mark.parametrize(
    ("fields", "at", "sent_on", "said"),
    [
        ({}, "2026-04-08T12:00:00", "2026-04-07", "no longer"),
        ({}, "2026-04-01T12:00:00", "2026-04-02", "between receipt and today"),
        ({}, "2026-04-01T12:00:00", "2026-03-04", "between receipt and today"),
        ({"was_minor": True}, "2026-04-01T12:00:00", "2026-04-01", "minor"),
    ],
)
def test_no_extension_too_late_nor_of_a_minor(fields, at, sent_on, said):
    case = received("2026-03-05", **fields)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with pytest.raises(ActRefused, match=said):
        clock.extend(case=fresh(case), reason="x", sent_on=date.fromisoformat(sent_on), by=make_agent(), at=moment)
    assert fresh(case).extension_sent_on is None


def test_an_earlier_receipt_is_entered_a_later_one_than_its_entry_never():
    case = received("2026-03-05")
    earlier = datetime(2026, 3, 1, 9, tzinfo=UTC)
    acts: dict[str, Any] = {"reason": "stamp of the mailroom", "by": make_agent(), "at": MUCH_LATER}
    clock.correct_receipt(case=fresh(case), received_at=earlier, **acts)
    assert fresh(case).due_on == date(2026, 4, 1)
    with pytest.raises(ActRefused, match="before it is entered"):
        clock.correct_receipt(case=fresh(case), received_at=earlier + timedelta(days=9), **acts)
    assert fresh(case).received_at == earlier


@pytest.mark.parametrize(
    ("on", "mark", "left"),
    [("2026-03-27", None, 11), ("2026-03-28", 10, 10), ("2026-04-07", 0, 0), ("2026-04-08", -1, -1)],
)
def test_the_marks(on, mark, left):
    now = clock.clock(received("2026-03-05"), on=date.fromisoformat(on))
    assert (now.mark, now.days_left, now.is_overdue) == (mark, left, left < 0)
