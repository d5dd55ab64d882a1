"""What the site sends to a person: plain text in their language. Never what they wrote, nor anybody's name."""

from collections.abc import Mapping
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from rights.models import Referral
from rights.models.case import grouped
from rights.reception import links
from rights.reception.letters import Letter
from rights.threads import CASE, REFERRAL, message_id


class NotSent(Exception):
    """The mail server did not take the message. It is tried again; the words name nobody."""


def send_confirmation(letter: Letter, *, at: datetime) -> None:
    """The link by which the address is confirmed, and the reference to keep. Raises NotSent."""
    with translation.override(letter.language):
        address = reverse("rights:confirm", args=[links.token(letter, at=at)])
        subject = _("Please confirm your address (no. {number})").format(number=letter)
        _send(letter, subject, "confirmation", {"link": settings.SITE_URL + address})


def send_code(letter: Letter, *, code: str) -> None:
    """The code that opens the follow-up. Raises NotSent."""
    with translation.override(letter.language):
        subject = _("Your code for the follow-up (no. {number})").format(number=letter)
        _send(letter, subject, "code", {"code": code})


def _thread(letter: Letter) -> str:
    """By which an answer, or the mail itself when it comes back, finds its case or referral."""
    return message_id(REFERRAL if isinstance(letter, Referral) else CASE, letter.pk)


def _send(letter: Letter, subject: str, template: str, words: Mapping[str, object]) -> None:
    context = {
        "number": str(letter),
        "reference": grouped(letter.reference),
        "received_at": letter.received_at,
        "follow_up": settings.SITE_URL + reverse("rights:follow_up"),
        **words,
    }
    body = render_to_string(f"rights/mail/{template}.txt", context)
    try:
        EmailMessage(subject, body, to=[letter.contact], headers={"Message-ID": _thread(letter)}).send()
    except (SMTPException, OSError, ValueError):
        # What the server says may hold the address: it goes into no log.
        raise NotSent(_("The mail server did not take the message. It is tried again.")) from None
