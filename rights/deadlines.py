"""When an answer is due: Art. 12(3) GDPR, counted by Regulation 1182/71 in the calendar of France. Pure.

A day is always one of Paris. Nothing here decides; it says by when somebody must.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MONTHS, MORE_MONTHS = 1, 2  # Art. 12(3): one month, and two further months where it is extended
WARNED_AT = (10, 5, 2, 0)  # days before the end
OVERDUE = -1
WORKING_DAYS_TO_ASK = 5  # a question about identity is asked soon, or its suspension looks like a way to gain time
MONTHS_TO_ANSWER = 2  # after a question, before a request is closed as not identified
ONE_DAY = timedelta(days=1)
LONGEST_MONTH = timedelta(days=31 + 7)  # and more than anything rolls
SATURDAY = 5
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday, in days after Easter Sunday

Suspension = tuple[date, date]


def legal_date(at: datetime) -> date:
    """The day that `at` falls on in Paris: the legal date of what happened then. Raises ValueError for a naive `at`."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone has no legal date")
    return at.astimezone(PARIS).date()


def due_on(received: date, *, extended: bool = False, suspensions: Iterable[Suspension] = ()) -> date:
    """The last day to answer what was `received` that day, or at that moment (an aware datetime).

    One month, or three where it is `extended`, then the days that the clock stood still, then on to the next working
    day (Reg. 1182/71, Art. 3). `suspensions` are pairs (asked, answered): a day counts from the question on, once
    however many questions are open, and the day of the answer no more. Whoever records a question sees to it that the
    clock still ran. Raises ValueError for a naive datetime, an answer before its question, or none: a question that is
    still open counts up to a day that the caller chooses.
    """
    nominal = _months_after(_day(received), MONTHS)
    if extended:
        nominal = _months_after(nominal, MORE_MONTHS)
    return _rolled(nominal + days_stopped(suspensions) * ONE_DAY)


def first_receipt_due(due: date) -> date:
    """The first day of receipt whose un-extended answer is due on that day or later; earlier ones are due before."""
    day = due - LONGEST_MONTH
    while due_on(day) < due:
        day += ONE_DAY
    return day


def days_stopped(suspensions: Iterable[Suspension]) -> int:
    """For how many calendar days the clock stood still: the union of [asked, answered)."""
    total, counted_to, pairs = 0, date.min, list(suspensions)
    if any(day is None for pair in pairs for day in pair):
        raise ValueError("a question without its answer stops no counted number of days: give the day to count up to")
    for asked, answered in sorted((_day(asked), _day(answered)) for asked, answered in pairs):
        if answered < asked:
            raise ValueError("an answer came before its question")
        total += max(0, (answered - max(asked, counted_to)).days)
        counted_to = max(counted_to, answered)
    return total


def may_extend(received: date, *, on: date, suspensions: Iterable[Suspension] = ()) -> bool:
    """Whether the notice of an extension can still be sent on the day `on`: until the un-extended end (Art. 12(3))."""
    return _day(on) <= due_on(received, suspensions=suspensions)


def days_left(due: date, *, on: date) -> int:
    """Calendar days from `on` to the end; negative once it is past."""
    return (due - _day(on)).days


def urgency(due: date, *, on: date) -> int | None:
    """The last of the marks 10, 5, 2 and 0 days that was reached; OVERDUE after the end, None before the first."""
    left = days_left(due, on=on)
    if left < 0:
        return OVERDUE
    return min((mark for mark in WARNED_AT if left <= mark), default=None)


def is_warned(due: date, *, on: date) -> bool:
    """Whether a warning goes out on this day: 10, 5, 2 and 0 days before the end, and each day after it."""
    left = days_left(due, on=on)
    return left < 0 or left in WARNED_AT


def ask_by(received: date) -> date:
    """The last day to ask a question about identity: the fifth working day after receipt."""
    day = _day(received)
    for _ in range(WORKING_DAYS_TO_ASK):
        day = _rolled(day + ONE_DAY)
    return day


def unidentified_on(asked: date) -> date:
    """The first day to close as not identified what was never answered: two months after the question, rolled."""
    return _rolled(_months_after(_day(asked), MONTHS_TO_ANSWER))


def is_working_day(day: date) -> bool:
    """Neither a Saturday, a Sunday nor one of the 11 public holidays of France."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


@lru_cache(maxsize=128)
def public_holidays(year: int) -> frozenset[date]:
    """The 11 public holidays of France in this year (Code du travail, L. 3133-1), without those of Alsace-Moselle."""
    easter = _easter(year)
    fixed = {date(year, month, day) for month, day in FIXED_HOLIDAYS}
    return frozenset(fixed | {easter + timedelta(days=days) for days in AFTER_EASTER})


def _day(moment: date) -> date:
    return legal_date(moment) if isinstance(moment, datetime) else moment


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _rolled(day: date) -> date:
    while not is_working_day(day):
        day += ONE_DAY
    return day


def _easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus."""
    century, of_century = divmod(year, 100)
    moon_lag = (century - (century + 8) // 25 + 1) // 3
    golden = year % 19
    epact = (19 * golden + century - century // 4 - moon_lag + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
