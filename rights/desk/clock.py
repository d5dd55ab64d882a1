"""The clock of a case: questions that stop it, the one extension, and the date of receipt."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rights.deadlines import OVERDUE, Suspension, ask_by, days_left, due_on, legal_date, may_extend, urgency
from rights.desk.acts import ActRefused, count_dates, entered, take
from rights.models import CaseNote, Question, RightsCase


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a case stands in time on one day. `latest_on` counts an open question's days up to that day."""

    due_on: date
    latest_on: date
    days_left: int
    mark: int | None
    refusal_by: date
    ask_by: date
    stopped_since: date | None
    may_be_extended: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the earlier date is past."""
        return self.mark == OVERDUE


def clock(case: RightsCase, *, on: date) -> Clock:
    """The clock of this case on the day `on`."""
    open_since = case.questions.stopping().unanswered().order_by("asked_on").values_list("asked_on", flat=True).first()
    extended = case.extension_sent_on is not None
    stopped = suspensions(case, on=on)
    return Clock(
        due_on=case.due_on,
        latest_on=due_on(case.received_on, extended=extended, suspensions=stopped),
        days_left=days_left(case.due_on, on=on),
        mark=urgency(case.due_on, on=on),
        refusal_by=refusal_by(case, on=on),
        ask_by=ask_by(case.received_on),
        stopped_since=open_since,
        may_be_extended=may_be_extended(case, on=on),
    )


def suspensions(case: RightsCase, *, on: date) -> list[Suspension]:
    """When the clock stood still, an open question counted up to the day `on`."""
    asked = case.questions.stopping().values_list("asked_on", "answered_on")
    return [(day, answered or max(on, day)) for day, answered in asked]


def refusal_by(case: RightsCase, *, on: date) -> date:
    """The un-extended end: the last day of a refusal or of an extension's notice (Art. 12(3) and (4))."""
    return due_on(case.received_on, suspensions=suspensions(case, on=on))


def may_be_extended(case: RightsCase, *, on: date) -> bool:
    """Whether the extension is still offered."""
    taken = case.extension_sent_on is not None or case.was_minor or case.closed_at is not None
    return not taken and may_extend(case.received_on, on=on, suspensions=suspensions(case, on=on))


@transaction.atomic
def extend(*, case: RightsCase, reason: str, sent_on: date, by: int, at: datetime) -> None:
    """Two more months, by a reasoned notice that was sent inside the first. Raises ActRefused, Overtaken."""
    held, today = take(case), legal_date(at)
    if held.was_minor:
        raise ActRefused(_("The person was a minor at collection: no extension. Nothing was changed."))
    if not may_be_extended(held, on=today):
        raise ActRefused(_("This case can no longer be extended: the first month is over, or it was already."))
    if not reason.strip():
        raise ActRefused(_("The notice of an extension says its reason. Nothing was changed."))
    if not held.received_on <= sent_on <= today:
        raise ActRefused(_("The notice was sent between receipt and today: check the date. Nothing was changed."))
    held.extension_sent_on, held.extension_reason = sent_on, reason.strip()
    count_dates(held)
    held.save(update_fields=["extension_sent_on", "extension_reason", "due_on", "latest_on"])
    entered(held, "case_extended", by=by, at=at, due_on=held.due_on.isoformat())


@transaction.atomic
def ask(*, case: RightsCase, kind: str, text: str, asked_on: date, by: int, at: datetime, doubt: str = "") -> Question:
    """Record a question that was sent. On reasonable doubt, or to clarify, it stops the clock, which must still run."""
    held, today = take(case), legal_date(at)
    stops = kind != Question.Kind.ROUTINE
    if held.closed_at is not None:
        raise ActRefused(_("This case is closed. Nothing was changed. Reopen a right first."))
    if not text.strip() or (stops and not doubt.strip()):
        raise ActRefused(_("Write the question and, where it stops the clock, what it rests on. Nothing was changed."))
    if not held.received_on <= asked_on <= today:
        raise ActRefused(_("The question was sent between receipt and today: check the date. Nothing was changed."))
    end = due_on(held.received_on, extended=held.extension_sent_on is not None, suspensions=suspensions(held, on=today))
    if stops and asked_on > end:
        raise ActRefused(_("The time to answer is over: a question no longer stops the clock. Nothing was changed."))
    question = Question.objects.create(
        case=held, kind=kind, text=text.strip(), doubt=doubt.strip() if stops else "", asked_on=asked_on, asked_by_id=by
    )
    entered(held, "question_asked", by=by, at=at, kind=kind)
    return question


@transaction.atomic
def answer(*, case: RightsCase, question: int, text: str, answered_on: date, by: int, at: datetime) -> None:
    """Record the answer: from its day on the clock runs again."""
    held = take(case)
    asked = held.questions.unanswered().filter(pk=question).first()
    if asked is None:
        raise ActRefused(_("This question was answered already, or is not of this case. Nothing was changed."))
    if not asked.asked_on <= answered_on <= legal_date(at):
        raise ActRefused(_("The answer came between the question and today: check the date. Nothing was changed."))
    asked.answered_on, asked.answer = answered_on, text.strip()
    asked.save(update_fields=["answered_on", "answer"])
    count_dates(held)
    held.save(update_fields=["due_on", "latest_on"])
    entered(held, "question_answered", by=by, at=at, kind=asked.kind)


@transaction.atomic
def remind(*, case: RightsCase, question: int, reminded_on: date, by: int, at: datetime) -> None:
    """Record that a reminder of an open question was sent."""
    held = take(case)
    asked = held.questions.unanswered().filter(pk=question).first()
    if asked is None or not asked.asked_on <= reminded_on <= legal_date(at):
        raise ActRefused(_("There is no such open question, or the date is wrong. Nothing was changed."))
    asked.reminded_on = reminded_on
    asked.save(update_fields=["reminded_on"])
    entered(held, "question_reminded", by=by, at=at)


@transaction.atomic
def correct_receipt(*, case: RightsCase, received_at: datetime, reason: str, by: int, at: datetime) -> None:
    """Set the true date of receipt: never after the case was entered. The reason is kept as a note."""
    held = take(case)
    if received_at > held.created_at:
        raise ActRefused(_("A letter is received before it is entered. Nothing was changed. Check the date."))
    if not reason.strip():
        raise ActRefused(_("Say why, in a few words. Nothing was changed."))
    was, held.received_at, held.received_on = held.received_on, received_at, legal_date(received_at)
    if held.extension_sent_on and held.extension_sent_on > refusal_by(held, on=legal_date(at)):
        raise ActRefused(_("The extension was sent after the first month from that day. Nothing was changed."))
    count_dates(held)
    held.save(update_fields=["received_at", "received_on", "due_on", "latest_on"])
    CaseNote.objects.create(case=held, text=reason.strip(), at=at, by_id=by)
    entered(held, "receipt_corrected", by=by, at=at, was=was.isoformat(), now=held.received_on.isoformat())
