"""A letter that waits becomes a case or a referral, joins one, or is set aside: each in one act, once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rights import journal
from rights.desk.acts import ActRefused
from rights.desk.acts import entered as entered_on_case
from rights.desk.opening import Letter, open_case
from rights.intake.matching import Match, Matter
from rights.models import IncomingLetter, OutgoingLetter, Referral, Reply, RightsCase
from rights.referral import receiving
from rights.referral.receiving import Report

NO_STATUS = "5.0.0"  # a server that says no more than that it failed


class EnteredAlready(ActRefused):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else entered or removed this letter meanwhile. Nothing of yours was done."))


@transaction.atomic
def as_case(*, incoming: IncomingLetter, letter: Letter, kept: Collection[int], by: int, at: datetime) -> RightsCase:
    """A case of it, with the attachments of these keys. Raises ActRefused, EnteredAlready: then nothing was stored."""
    case = open_case(letter=letter, by=by, at=at)
    _settle(incoming, case, received_at=letter.received_at, kept=kept)
    return case


@transaction.atomic
def as_referral(*, incoming: IncomingLetter, report: Report, kept: Collection[int], by: int, at: datetime) -> Referral:
    """A referral of it, with the attachments of these keys. Raises ActRefused, EnteredAlready."""
    referral = receiving.receive(report=report, by=by, at=at)
    _settle(incoming, referral, received_at=report.received_at, kept=kept)
    return referral


@transaction.atomic
def join(
    *, incoming: IncomingLetter, matter: Matter, received_at: datetime, kept: Collection[int], by: int, at: datetime
) -> None:
    """Its words become a reply of the person, with the attachments of these keys. Raises ActRefused, EnteredAlready.

    An open question is not answered by it: the agent reads first whether it does.
    """
    if received_at > at:
        raise ActRefused(_("The date of receipt is still to come. Nothing was stored. Enter the day it reached us."))
    text = incoming.text
    reply = None
    if text:
        reply = Reply.objects.create(**_whose(matter), text=text, received_at=received_at, channel=incoming.channel)
    _settle(incoming, matter, received_at=received_at, kept=kept, reply=reply)
    _enter(matter, "reply_received", by=by, at=at)


@transaction.atomic
def note_return(*, incoming: IncomingLetter, match: Match, by: int, at: datetime) -> None:
    """A mail of ours came back: it shows on its case and in the queue; what the server wrote is forgotten."""
    received_at = incoming.received_at or at
    _settle(incoming, match.matter, received_at=received_at, kept=(), returned_letter=match.returned)
    letter: dict[str, int | str] = {"letter": match.returned.pk} if match.returned else {}
    _enter(match.matter, "mail_returned", by=by, at=at, status=incoming.returned_status, **letter)


@transaction.atomic
def set_aside(*, incoming: IncomingLetter, why: str, by: int, at: datetime) -> None:
    """It asks for nothing of us: it is deleted with its files; that it was, and why in one word, stays."""
    deleted, _rows = IncomingLetter.objects.waiting().filter(pk=incoming.pk).delete()
    if not deleted:
        raise EnteredAlready
    journal.enter(act="letter_set_aside", by=by, at=at, reference=f"incoming:{incoming.pk}", details={"why": why})


def _settle(
    incoming: IncomingLetter,
    matter: Matter,
    *,
    received_at: datetime,
    kept: Collection[int],
    reply: Reply | None = None,
    returned_letter: OutgoingLetter | None = None,
) -> None:
    """The letter is this case's or referral's from now on, if it still waits."""
    changed: dict[str, Any] = {
        **_whose(matter),
        "received_at": received_at,
        "text": "",
        "thread": "",
        "reply": reply,
        "returned_letter": returned_letter,
        "left_out": _left_out(incoming, kept),
    }
    if not IncomingLetter.objects.waiting().filter(pk=incoming.pk).update(**changed):
        raise EnteredAlready
    incoming.attachments.exclude(pk__in=list(kept)).delete()


def _left_out(incoming: IncomingLetter, kept: Collection[int]) -> str:
    """What was not taken, and what the agent did not keep."""
    names = incoming.attachments.unopened().exclude(pk__in=list(kept)).values_list("name", flat=True)
    why = _("not kept by the agent")
    lines = [incoming.left_out, *(f"{name}: {why}" for name in names)]
    return "\n".join(line for line in lines if line)


def _whose(matter: Matter) -> dict[str, Any]:
    return {"case": matter} if isinstance(matter, RightsCase) else {"referral": matter}


def _enter(matter: Matter, act: str, *, by: int, at: datetime, **details: int | str) -> None:
    if isinstance(matter, RightsCase):
        entered_on_case(matter, act, by=by, at=at, **details)
    else:
        receiving.entered(matter, act, by=by, at=at, **details)
