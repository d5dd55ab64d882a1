"""How the desk fares: rights, delays, on time, decisions. Counts only; small enough to be read, about nobody."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.utils.translation import gettext as _

from rights.deadlines import legal_date
from rights.desk.listing import BOM
from rights.models import RightsRequest
from rights.vocabulary import Decision, Right, State

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Line:
    """One right, or all of them, over a year: by the day its case was received.

    `median_days`: None where none ended.
    """

    label: str
    received: int
    running: int
    overdue: int
    granted: int
    partly: int
    refused: int
    withdrawn: int
    not_identified: int
    redirected: int
    on_time: int
    late: int
    median_days: float | None

    @property
    def share_on_time(self) -> int | None:
        """Of what has ended, per cent inside the clock; None where nothing has."""
        ended = self.on_time + self.late
        return round(100 * self.on_time / ended) if ended else None


@dataclass(frozen=True, slots=True)
class Year:
    """The desk in one year. `months`: rights received and ended in each, January first."""

    year: int
    lines: list[Line]
    months: list[tuple[int, int]]


def year(number: int, *, on: date) -> Year:
    """The statistics of one year, as they stand on the day `on`."""
    confirmed = RightsRequest.objects.exclude(case__confirmed_at=None).select_related("case")
    unopened = confirmed.defer("reasons", "case__message", "case__name", "case__contact", "case__representation")
    received = list(unopened.filter(case__received_on__year=number))
    lines = [_line(_("every right"), received, on)]
    lines += [_line(str(right.label), [one for one in received if one.right == right], on) for right in Right]
    came = Counter(one.case.received_on.month for one in received)
    days = (legal_date(at) for at in confirmed.exclude(ended_at=None).values_list("ended_at", flat=True) if at)
    went = Counter(day.month for day in days if day.year == number)
    return Year(number, lines, [(came[month], went[month]) for month in MONTHS])


def as_csv(told: Year) -> bytes:
    """The table of the page as a file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings(), *map(cells, told.lines)])
    return (BOM + text.getvalue()).encode()


def headings() -> list[str]:
    """The columns."""
    return [
        _("right"),
        _("received"),
        _("in hand"),
        _("overdue"),
        _("granted"),
        _("partly granted"),
        _("refused"),
        _("withdrawn"),
        _("not identified"),
        _("redirected"),
        _("on time"),
        _("late"),
        _("on time, per cent"),
        _("median days"),
    ]


def cells(line: Line) -> list[str | int | float]:
    """One line as cells; what cannot be said is empty."""
    counted: Iterator[int] = iter(
        (line.received, line.running, line.overdue, line.granted, line.partly, line.refused, line.withdrawn)
    )
    shares = ["" if share is None else share for share in (line.share_on_time, line.median_days)]
    return [line.label, *counted, line.not_identified, line.redirected, line.on_time, line.late, *shares]


def _line(label: str, requests: Iterable[RightsRequest], on: date) -> Line:
    requests = list(requests)
    states = Counter(one.state for one in requests)
    decisions = Counter(one.decision for one in requests)
    ended = [(one, legal_date(one.ended_at)) for one in requests if one.ended_at]
    in_time = sum(day <= one.case.latest_on for one, day in ended)
    delays = [(day - one.case.received_on).days for one, day in ended]
    running = [one for one in requests if not one.ended_at]
    return Line(
        label=label,
        received=len(requests),
        running=len(running),
        overdue=sum(one.case.due_on < on for one in running),
        granted=decisions[Decision.GRANTED],
        partly=decisions[Decision.PARTLY_GRANTED],
        refused=decisions[Decision.REFUSED],
        withdrawn=states[State.WITHDRAWN],
        not_identified=states[State.NOT_IDENTIFIED],
        redirected=states[State.REDIRECTED],
        on_time=in_time,
        late=len(ended) - in_time,
        median_days=median(delays) if delays else None,
    )
