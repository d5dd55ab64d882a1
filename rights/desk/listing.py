"""The queues as files: numbers, dates and words, no name of a person."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from openpyxl import Workbook

from lineage.exports.text import inert
from rights.deadlines import days_left, legal_date
from rights.models import Referral, RightsCase

Line = list[str | int]
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else


def as_csv(lines: Iterable[Line]) -> bytes:
    """The lines, UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return (BOM + text.getvalue()).encode()


def as_xlsx(lines: Iterable[Line]) -> bytes:
    """The same lines in a workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("queue"))
    for line in lines:
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def case_lines(cases: Iterable[RightsCase], *, on: date) -> Iterator[Line]:
    """The headings, then each case."""
    yield [
        _("number"),
        _("received on"),
        _("due on"),
        _("due on, suspensions counted"),
        _("days left"),
        _("rights"),
        _("agent"),
        _("channel"),
        _("language"),
        _("closed on"),
    ]
    for case in cases:
        rights = "; ".join(f"{one.get_right_display()}: {one.get_state_display()}" for one in case.requests.all())
        yield [
            str(case),
            case.received_on.isoformat(),
            case.due_on.isoformat(),
            case.latest_on.isoformat(),
            "" if case.closed_at else days_left(case.due_on, on=on),
            rights,
            _agent(case),
            case.get_channel_display(),
            case.language,
            _closed(case),
        ]


def referral_lines(referrals: Iterable[Referral], *, on: date) -> Iterator[Line]:
    """The headings, then each referral: neither the person nor the dataset is in it."""
    yield [
        _("number"),
        _("urgent"),
        _("received on"),
        _("to answer by"),
        _("days left"),
        _("agent"),
        _("channel"),
        _("language"),
        _("closed on"),
    ]
    for referral in referrals:
        yield [
            str(referral),
            _("yes") if referral.urgent else "",
            legal_date(referral.received_at).isoformat(),
            referral.answer_by.isoformat(),
            "" if referral.closed_at else days_left(referral.answer_by, on=on),
            _agent(referral),
            referral.get_channel_display(),
            referral.language,
            _closed(referral),
        ]


def due_of(letter: RightsCase | Referral) -> date:
    """The day by which to answer: the law's for a case, the house's for a referral."""
    return letter.answer_by if isinstance(letter, Referral) else letter.due_on


def _agent(letter: RightsCase | Referral) -> str:
    return inert(letter.agent.get_username()) if letter.agent else ""


def _closed(letter: RightsCase | Referral) -> str:
    return legal_date(letter.closed_at).isoformat() if letter.closed_at else ""
