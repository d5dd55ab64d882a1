"""The moves of one right, along the table of `rights.transitions`: each one takes the case as its agent saw it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rights.deadlines import legal_date, unidentified_on
from rights.desk import refusals
from rights.desk.acts import ActRefused, entered, take
from rights.desk.answers import check_sent
from rights.desk.identity import check_proof
from rights.models import CaseNote, Question, RightsCase, RightsRequest
from rights.transitions import ENDS, Move, after
from rights.vocabulary import Decision, Right, State

UNDECIDED: dict[str, Any] = {
    "decision": "",
    "decided_at": None,
    "decided_by": None,
    "ground": "",
    "reasons": "",
    "complaint": "",
    "judicial_remedy": "",
    "effect_asked_by": None,
    "recipients": [],
}
UNENDED: dict[str, Any] = {"told_at": None, "ended_at": None}
PERSON = 0  # in the journal: the person themself


@transaction.atomic
def verify(*, case: RightsCase, right: str, by: int, at: datetime) -> None:
    """Note that whoever asks is whom the data is about. Raises ActRefused without the proof that this right needs."""
    held, request = _opened(case, right, Move.VERIFY)
    check_proof(held, request)
    _moved(held, request, Move.VERIFY, by=by, at=at)


@transaction.atomic
def grant(*, case: RightsCase, right: str, by: int, at: datetime) -> None:
    """Decide for the person. Raises ActRefused for portability, which does not apply to this processing."""
    held, request = _opened(case, right, Move.DECIDE)
    if right == Right.PORTABILITY:
        raise ActRefused(_("Portability does not apply to a task in the public interest. Nothing was changed."))
    decided: dict[str, Any] = {"decision": Decision.GRANTED, "decided_at": at, "decided_by_id": by}
    _moved(held, request, Move.DECIDE, by=by, at=at, **decided)


@transaction.atomic
def refuse(
    *,
    case: RightsCase,
    right: str,
    ground: str,
    reasons: str,
    by: int,
    at: datetime,
    in_part: bool = False,
    late_because: str = "",
) -> None:
    """Decide against the person, wholly or `in_part`, with reasons, complaint and judicial remedy.

    Raises ActRefused without reasons, for a ground that this right does not know or that a supervisor has not decided,
    and after the un-extended end of the clock unless a supervisor says why it is late (`late_because`).
    """
    move = _move_of_refusal(case, right, ground, in_part=in_part)
    held, request = _opened(case, right, move)
    refusals.check(held, request, ground=ground, reasons=reasons, on=legal_date(at), late_because=late_because)
    decision = Decision.PARTLY_GRANTED if in_part else Decision.REFUSED
    items = refusals.items(held, ground=ground, reasons=reasons)
    if late_because.strip():
        CaseNote.objects.create(case=held, text=late_because.strip(), at=at, by_id=by)
    decided: dict[str, Any] = {"decision": decision, "decided_at": at, "decided_by_id": by}
    _moved(held, request, move, by=by, at=at, late=int(bool(late_because.strip())), **decided, **items)


@transaction.atomic
def fulfil(*, case: RightsCase, right: str, told_at: datetime, by: int, at: datetime) -> None:
    """Note that the person has the answer.

    Raises ActRefused before what was granted is carried out, and its letter left.
    """
    held, request = _opened(case, right, Move.FULFIL)
    _check_told(held, told_at, at)
    if request.decision != Decision.REFUSED and request.effect_at is None:
        raise ActRefused(_("What was granted was not carried out yet. Nothing was changed. Carry it out first."))
    check_sent(held, request, Move.FULFIL)
    _moved(held, request, Move.FULFIL, by=by, at=at, told_at=told_at)


@transaction.atomic
def withdraw(*, case: RightsCase, right: str, at: datetime, by: int = PERSON) -> None:
    """Note that the person no longer asks for it. They know: it is they who said so."""
    held, request = _opened(case, right, Move.WITHDRAW, confirmed=False)
    if request.effect_at is not None:
        raise ActRefused(_("It was carried out already and cannot be taken back. Nothing was changed."))
    _moved(held, request, Move.WITHDRAW, by=by, at=at, told_at=at, **UNDECIDED)


@transaction.atomic
def give_up(*, case: RightsCase, right: str, told_at: datetime, by: int, at: datetime) -> None:
    """Close as not identified: a question about identity stood unanswered for two months, and the person was told."""
    held, request = _opened(case, right, Move.GIVE_UP)
    _check_told(held, told_at, at)
    asked = held.questions.unanswered().filter(kind=Question.Kind.DOUBT).first()
    if asked is None or legal_date(at) < unidentified_on(asked.asked_on):
        raise ActRefused(
            _("A question about identity has to stand unanswered for two months first. Nothing was changed.")
        )
    check_sent(held, request, Move.GIVE_UP)
    _moved(held, request, Move.GIVE_UP, by=by, at=at, told_at=told_at)


@transaction.atomic
def redirect(*, case: RightsCase, right: str, whither: str, told_at: datetime, by: int, at: datetime) -> None:
    """Note that the person was told to whom to turn instead; `whither` is kept as a note."""
    held, request = _opened(case, right, Move.REDIRECT)
    _check_told(held, told_at, at)
    _check_words(whither)
    check_sent(held, request, Move.REDIRECT)
    CaseNote.objects.create(case=held, text=whither.strip(), at=at, by_id=by)
    _moved(held, request, Move.REDIRECT, by=by, at=at, told_at=told_at)


@transaction.atomic
def correct(*, case: RightsCase, right: str, reason: str, by: int, at: datetime) -> None:
    """Take back a wrong click, as long as it had no effect and left no letter. The reason is kept as a note."""
    held, request = _opened(case, right, Move.CORRECT)
    _check_words(reason)
    if request.effect_at is not None:
        raise ActRefused(_("It was carried out already and cannot be taken back. Nothing was changed."))
    _back(held, request, Move.CORRECT, reason, by=by, at=at)


@transaction.atomic
def reopen(*, case: RightsCase, right: str, reason: str, by: int, at: datetime) -> None:
    """Take up again what had ended, and the case with it. The reason is kept as a note."""
    held, request = _opened(case, right, Move.REOPEN)
    _check_words(reason)
    RightsCase.objects.filter(pk=held.pk).update(closed_at=None)
    _back(held, request, Move.REOPEN, reason, by=by, at=at)


def may(request: RightsRequest, move: Move) -> bool:
    """Whether the table knows this move from where the right stands."""
    return after(request.state, move) is not None


def _move_of_refusal(case: RightsCase, right: str, ground: str, *, in_part: bool) -> Move:
    request = _request(case, right)
    outright = request.state == State.RECEIVED and ground in refusals.WITHOUT_IDENTITY and not in_part
    return Move.DISMISS if outright else Move.DECIDE


def _opened(case: RightsCase, right: str, move: Move, *, confirmed: bool = True) -> tuple[RightsCase, RightsRequest]:
    """The case, taken for this act, and the right in it, from which the move may be made.

    Raises ActRefused, Overtaken.
    """
    held = take(case)
    request = _request(held, right)
    if not may(request, move):
        raise ActRefused(_("This cannot be done from where this right stands. Nothing was changed."))
    if confirmed and held.confirmed_at is None:
        raise ActRefused(_("The address of this case is not confirmed yet. Nothing was changed."))
    return held, request


def _request(case: RightsCase, right: str) -> RightsRequest:
    request = case.requests.filter(right=right).first()
    if request is None:
        raise ActRefused(_("This right is not asked for in this case. Nothing was changed."))
    return request


def _moved(
    case: RightsCase, request: RightsRequest, move: Move, *, by: int, at: datetime, late: int = 0, **fields: Any
) -> None:
    """Make the move, journal it, and close the case with its last right."""
    state = after(request.state, move)
    ended = {"ended_at": at} if state in ENDS else {}
    RightsRequest.objects.filter(pk=request.pk, state=request.state).update(state=state, **fields, **ended)
    words = {name: str(fields[name]) for name in ("decision", "ground") if fields.get(name)}
    entered(case, f"request_{move}", by=by, at=at, right=request.right, **words, **({"late": late} if late else {}))
    if not case.requests.running().exists():
        RightsCase.objects.filter(pk=case.pk).update(closed_at=at)
        entered(case, "case_closed", by=by, at=at)


def _back(case: RightsCase, request: RightsRequest, move: Move, reason: str, *, by: int, at: datetime) -> None:
    CaseNote.objects.create(case=case, text=reason.strip(), at=at, by_id=by)
    was = {"was": request.state} | ({"decision": request.decision} if request.decision else {})
    fields = UNDECIDED | UNENDED | ({"effect_at": None} if move == Move.REOPEN else {})
    RightsRequest.objects.filter(pk=request.pk).update(state=after(request.state, move), **fields)
    entered(case, f"request_{move}", by=by, at=at, right=request.right, **was)


def _check_told(case: RightsCase, told_at: datetime, at: datetime) -> None:
    if told_at > at:
        raise ActRefused(_("The day the person was told is still to come. Nothing was changed. Send the letter first."))
    if told_at < case.received_at - timedelta(days=1):
        raise ActRefused(_("The person was told before they asked: check the date. Nothing was changed."))


def _check_words(text: str) -> None:
    if not text.strip():
        raise ActRefused(_("Say why, in a few words. Nothing was changed."))
