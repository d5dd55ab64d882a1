"""A letter leaves: what is sent is kept, with its fingerprint, before the mail server sees it."""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from rights import journal
from rights.letters.drafts import Draft
from rights.letters.texts import BLANK
from rights.models import OutgoingLetter, Referral, RightsCase
from rights.threads import LETTER, message_id
from rights.vocabulary import Way

logger = logging.getLogger(__name__)
LONGEST = 20_000  # characters of what an agent writes
TRIED_FOR = timedelta(days=3)  # then an agent looks whether the address is right


class LetterRefused(Exception):
    """The letter cannot leave so. Nothing was sent or kept. The words are for staff and name nobody."""


@transaction.atomic
def send(
    *, matter: RightsCase | Referral, draft: Draft, body: str, recipient: str, way: Way, by: int, at: datetime
) -> OutgoingLetter:
    """Keep the letter with this body, journaled; by e-mail it is delivered once that is committed.

    `by`: key of the agent who signs. Raises LetterRefused for an empty or unfinished body, or an address that is none.
    """
    _check(body, recipient.strip(), way)
    text = draft.text(body)
    letter = OutgoingLetter.objects.create(
        case=matter if isinstance(matter, RightsCase) else None,
        referral=matter if isinstance(matter, Referral) else None,
        kind=draft.kind,
        right=draft.right,
        language=draft.language,
        recipient=recipient.strip(),
        subject=draft.subject,
        text=text,
        sha256=fingerprint(draft.subject, text),
        way=way,
        written_at=at,
        written_by_id=by,
        sent_at=None if way == Way.MAIL else at,
    )
    details: dict[str, int | str] = {
        "letter": letter.pk,
        "kind": str(draft.kind),
        "right": draft.right,
        "way": str(way),
    }
    journal.enter(act="letter", by=by, at=at, reference=matter.reference, details={**details, "sha256": letter.sha256})
    if way == Way.MAIL:
        transaction.on_commit(partial(deliver, letter, at=at))
    return letter


def deliver(letter: OutgoingLetter, *, at: datetime) -> bool:
    """Hand a kept letter to the mail server; whether it took it. A letter that left is not sent again.

    Its row is held meanwhile, so that of two at once one sends. Where the line breaks nobody knows whether the server
    took it: it is sent again under the same Message-ID.
    """
    with transaction.atomic():
        held = OutgoingLetter.objects.undelivered().select_for_update(of=("self",)).filter(pk=letter.pk).first()
        if held is not None and not _taken(held):
            return False
        if held is not None:
            OutgoingLetter.objects.filter(pk=held.pk).update(sent_at=at)
            letter.sent_at = at
    return True


def send_waiting(*, at: datetime) -> int:
    """Try again what the mail server did not take in the last days; returns how many it took now."""
    waiting = OutgoingLetter.objects.undelivered().filter(way=Way.MAIL, written_at__gt=at - TRIED_FOR)
    return sum(deliver(letter, at=at) for letter in waiting.order_by("pk"))


def _taken(letter: OutgoingLetter) -> bool:
    headers = {"Message-ID": message_id(LETTER, letter.pk, content=letter.sha256)}
    message = EmailMessage(letter.subject, letter.text, to=[letter.recipient], headers=headers)
    try:
        message.send()
    except (OSError, SMTPException) as failure:
        logger.warning(
            "The mail server did not take letter %s (%s): it is tried again", letter.pk, type(failure).__name__
        )
        return False
    return True


def fingerprint(subject: str, text: str) -> str:
    """SHA-256 of a letter as it leaves, in hexadecimal."""
    return hashlib.sha256(f"{subject}\n\n{text}".encode()).hexdigest()


def _check(body: str, recipient: str, way: Way) -> None:
    if not body.strip() or len(body) > LONGEST or "\x00" in body:
        raise LetterRefused(
            _("A letter has between 1 and 20,000 characters that can be printed. Nothing was sent. Correct its text.")
        )
    if BLANK in body:
        raise LetterRefused(_("A passage in square brackets is not filled in yet. Nothing was sent. Write it first."))
    if not recipient:
        raise LetterRefused(_("No address is known. Nothing was sent. Type in where the letter goes."))
    if way == Way.MAIL:
        try:
            validate_email(recipient)
        except ValidationError:
            raise LetterRefused(
                _("This is no e-mail address. Nothing was sent. Correct it, or note the letter as sent by post.")
            ) from None
