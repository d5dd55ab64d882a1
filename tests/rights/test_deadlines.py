"""When an answer is due: the table of examples, then what must hold on every day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights.deadlines import (
    OVERDUE,
    ask_by,
    days_left,
    days_stopped,
    due_on,
    first_receipt_due,
    is_warned,
    is_working_day,
    legal_date,
    may_extend,
    public_holidays,
    unidentified_on,
    urgency,
)

EVERY_DAY = [date(2020, 1, 1) + timedelta(days=n) for n in range((date(2040, 1, 1) - date(2020, 1, 1)).days)]
MARCH = (date(2026, 3, 9), date(2026, 3, 23))


def days(first, last):
    return st.dates(min_value=first, max_value=last)


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 3, 5), date(2026, 4, 7), date(2026, 6, 5)),  # 5 April is Easter, 6 a holiday
        (date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
        (date(2025, 1, 31), date(2025, 2, 28), date(2025, 4, 28)),
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 28)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2028, 5, 2)),
        (date(2026, 4, 1), date(2026, 5, 4), date(2026, 7, 1)),
        (date(2026, 4, 14), date(2026, 5, 15), date(2026, 7, 15)),
        (date(2026, 11, 25), date(2026, 12, 28), date(2027, 2, 25)),
        (date(2026, 12, 1), date(2027, 1, 4), date(2027, 3, 1)),
        (date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 31)),  # over the end of a year
        (date(2024, 2, 29), date(2024, 3, 29), date(2024, 5, 29)),  # from a leap day
    ],
)
def test_one_month_or_three_then_the_next_working_day(received, due, extended):
    assert due_on(received) == due
    assert due_on(received, extended=True) == extended


@pytest.mark.parametrize(
    ("instant", "due"),
    [
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 7, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 8, 3)),  # 1 July in Paris
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 2, 1)),  # 1 January in Paris
        # The hour that comes twice, and the one that never comes, when clocks change.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 4, 29)),
    ],
)
def test_the_day_of_receipt_is_that_of_paris(instant, due):
    assert due_on(instant) == due == due_on(legal_date(instant))


@pytest.mark.parametrize(
    ("received", "suspensions", "due", "extended"),
    [
        (date(2026, 3, 2), [MARCH], date(2026, 4, 16), date(2026, 6, 16)),
        (date(2026, 3, 2), [MARCH, (date(2026, 3, 20), date(2026, 3, 25))], date(2026, 4, 20), None),
        (date(2026, 3, 2), [(date(2026, 3, 20), date(2026, 3, 25)), MARCH], date(2026, 4, 20), None),
        (date(2026, 1, 31), [(date(2026, 2, 3), date(2026, 2, 10))], date(2026, 3, 9), None),
        (date(2026, 3, 2), [MARCH, MARCH], date(2026, 4, 16), None),
        (date(2026, 3, 2), [MARCH, (date(2026, 3, 10), date(2026, 3, 11))], date(2026, 4, 16), None),  # within it
        (date(2026, 3, 2), [(date(2026, 3, 9), date(2026, 3, 9))], date(2026, 4, 2), None),  # the same day: nothing
    ],
)
def test_a_question_stops_the_clock_before_the_end_is_rolled(received, suspensions, due, extended):
    assert due_on(received, suspensions=suspensions) == due
    assert extended is None or due_on(received, extended=True, suspensions=suspensions) == extended


def test_moments_of_a_question_count_by_their_day_in_paris():
    asked, answered = datetime(2026, 3, 8, 23, 30, tzinfo=UTC), datetime(2026, 3, 22, 23, 30, tzinfo=UTC)
    assert days_stopped([(asked, answered)]) == days_stopped([MARCH]) == 14


@pytest.mark.parametrize(
    "call",
    [
        lambda: due_on(datetime(2026, 3, 2)),  # noqa: DTZ001
        lambda: legal_date(datetime(2026, 3, 2)),  # noqa: DTZ001
        lambda: due_on(date(2026, 3, 2), suspensions=[MARCH[::-1]]),
        lambda: days_stopped([(datetime(2026, 3, 9), date(2026, 3, 23))]),  # noqa: DTZ001
        lambda: due_on(date(2026, 3, 2), suspensions=[(MARCH[0], None)]),  # type: ignore[list-item]  # still open
        lambda: days_stopped([MARCH, (MARCH[0], None), MARCH]),  # type: ignore[list-item]
    ],
)
def test_what_has_no_day_is_refused(call):
    with pytest.raises(ValueError, match=r"time zone|before its question|without its answer"):
        call()


@pytest.mark.parametrize("extended", [False, True])
def test_every_day_of_twenty_years(extended):
    ends = [due_on(day, extended=extended) for day in EVERY_DAY]

    assert all(is_working_day(end) for end in ends)
    assert ends == sorted(ends)  # never earlier for a later receipt
    for received, end in zip(EVERY_DAY, ends, strict=True):
        assert 0 <= (end - nominal(received, extended)).days <= 4


def test_the_first_receipt_due_parts_the_days():
    for due in EVERY_DAY[::7]:
        first = first_receipt_due(due)
        assert due_on(first - timedelta(days=1)) < due <= due_on(first)


def nominal(received, extended):
    """The unrolled end, counted another way: back from the day after until the day of the month fits."""
    end = later(received, 1)
    return later(end, 2) if extended else end


def later(day, months):
    number = day.year * 12 + day.month - 1 + months
    for of_month in range(day.day, 27, -1) if day.day > 28 else [day.day]:
        try:
            return date(number // 12, number % 12 + 1, of_month)
        except ValueError:
            continue
    raise AssertionError(day)


@settings(max_examples=1000)
@given(
    received=days(date(2020, 1, 1), date(2039, 12, 31)),
    suspensions=st.lists(
        st.tuples(days(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 90)).map(
            lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
        ),
        max_size=6,
    ),
    extended=st.booleans(),
)
def test_suspensions_add_each_day_once_in_any_order(received, suspensions, extended):
    stopped = {asked + timedelta(days=n) for asked, answered in suspensions for n in range((answered - asked).days)}

    due = due_on(received, extended=extended, suspensions=suspensions)

    assert days_stopped(suspensions) == len(stopped)
    assert due == due_on(received, extended=extended, suspensions=suspensions[::-1])
    assert is_working_day(due)
    assert 0 <= (due - nominal(received, extended)).days - len(stopped) <= 4
    assert due >= due_on(received, extended=extended)


@pytest.mark.parametrize(
    ("year", "easter_monday", "ascension", "whit_monday"),
    [
        (2024, date(2024, 4, 1), date(2024, 5, 9), date(2024, 5, 20)),
        (2025, date(2025, 4, 21), date(2025, 5, 29), date(2025, 6, 9)),
        (2026, date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)),
        (2027, date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)),
        (2038, date(2038, 4, 26), date(2038, 6, 3), date(2038, 6, 14)),  # the latest Easter there can be
        (2285, date(2285, 3, 23), date(2285, 4, 30), date(2285, 5, 11)),  # the earliest
    ],
)
def test_the_holidays_that_move_with_easter(year, easter_monday, ascension, whit_monday):
    assert {easter_monday, ascension, whit_monday} <= public_holidays(year)


def test_eleven_holidays_a_year_but_where_two_fall_on_one_day():
    assert len(public_holidays(2026)) == 11
    assert len(public_holidays(2008)) == 10  # Ascension was on 1 May


def test_an_extension_is_offered_until_the_unextended_end():
    received = date(2026, 3, 5)
    assert may_extend(received, on=date(2026, 4, 7))
    assert not may_extend(received, on=date(2026, 4, 8))
    assert may_extend(received, on=datetime(2026, 4, 7, 21, 59, tzinfo=UTC))
    assert not may_extend(received, on=datetime(2026, 4, 7, 22, 0, tzinfo=UTC))
    assert may_extend(date(2026, 3, 2), on=date(2026, 4, 16), suspensions=[MARCH])


@pytest.mark.parametrize(
    ("left", "mark", "warned"),
    [
        (11, None, False),
        (10, 10, True),
        (9, 10, False),
        (6, 10, False),
        (5, 5, True),
        (3, 5, False),
        (2, 2, True),
        (1, 2, False),
        (0, 0, True),
        (-1, OVERDUE, True),
        (-400, OVERDUE, True),
    ],
)
def test_warnings_before_the_end_and_every_day_after_it(left, mark, warned):
    due = date(2026, 4, 7)
    on = due - timedelta(days=left)
    assert days_left(due, on=on) == left
    assert urgency(due, on=on) == mark
    assert is_warned(due, on=on) is warned


@pytest.mark.parametrize(
    ("received", "by"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday to Monday
        (date(2026, 11, 28), date(2026, 12, 4)),  # from a Saturday
        (date(2026, 4, 30), date(2026, 5, 11)),  # over 1 and 8 May
    ],
)
def test_a_question_is_asked_within_five_working_days(received, by):
    assert ask_by(received) == by


@pytest.mark.parametrize(
    ("asked", "closed"),
    [(date(2026, 3, 9), date(2026, 5, 11)), (date(2026, 12, 31), date(2027, 3, 1))],  # a Saturday; no 31 February
)
def test_two_months_without_an_answer(asked, closed):
    assert unidentified_on(asked) == closed
