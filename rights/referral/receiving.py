"""A letter about data in somebody's dataset or model becomes a referral; the person confirms, adds or withdraws."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from rights import journal
from rights.desk.acts import ActRefused
from rights.desk.opening import ATTEMPTS, LONGEST_MESSAGE, NOBODY, SentTwice
from rights.models import Referral
from rights.sealed import mark
from rights.vocabulary import Channel

TEXTS = ("message", "claimed", "seen_what", "seen_where", "seen_when")


class ReferralOvertaken(ActRefused):
    """Somebody else changed the referral since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this referral since you opened it. Nothing of yours was done: look at it again.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a person wrote about somebody's dataset or model, and how it reached us. Pointers, never a copy of data."""

    received_at: datetime
    channel: Channel
    claimed: str = ""
    seen_what: str = ""
    seen_where: str = ""
    seen_when: str = ""
    message: str = ""
    name: str = ""
    contact: str = ""
    language: str = "fr"
    urgent: bool = False
    reference: str = ""  # given where the same letter may arrive twice; else one is drawn


@transaction.atomic
def receive(*, report: Report, by: int, at: datetime, confirmed: bool = True) -> Referral:
    """Store it as a referral. `by`: key of the agent who enters it, 0 for the person themself.

    `confirmed`: False where the address still has to be confirmed. Raises ActRefused for a date of receipt to come,
    where nothing says what it is about, and for more than anybody can write; SentTwice for one that is stored already.
    """
    _check(report, at)
    referral = _stored(report, at=at, confirmed=confirmed)
    entered(referral, "referral_received", by=by, at=at, channel=report.channel, urgent=int(report.urgent))
    return referral


@transaction.atomic
def confirm(*, referral: Referral, at: datetime, by: int = NOBODY) -> None:
    """Note that the address was confirmed. Raises ActRefused where it was already, ReferralOvertaken."""
    held = take(referral)
    if held.confirmed_at is not None:
        raise ActRefused(_("This address is confirmed already. Nothing was changed."))
    held.confirmed_at = at
    held.save(update_fields=["confirmed_at"])
    entered(held, "referral_confirmed", by=by, at=at)


@transaction.atomic
def withdraw(*, referral: Referral, at: datetime, by: int = NOBODY) -> None:
    """Note that the person no longer asks. Raises ActRefused where it is closed already, ReferralOvertaken."""
    held = take(referral)
    if held.closed_at is not None:
        raise ActRefused(_("This is closed already. Nothing was changed."))
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    entered(held, "referral_withdrawn", by=by, at=at)


def take(referral: Referral) -> Referral:
    """The referral as it stands, for this act alone, if it is still the one that was seen. Raises ReferralOvertaken."""
    taken = Referral.objects.filter(pk=referral.pk, version=referral.version).update(version=F("version") + 1)
    if not taken:
        raise ReferralOvertaken
    referral.version += 1
    return Referral.objects.get(pk=referral.pk)


def entered(referral: Referral, act: str, *, by: int, at: datetime, **details: int | str) -> None:
    """Write the act into the journal, under the opaque reference of its referral."""
    journal.enter(act=act, by=by, at=at, reference=referral.reference, details=details)


def by_contact(address: str) -> QuerySet[Referral]:
    """The referrals of this e-mail address, the latest first: none for an empty one."""
    sought = mark(address)
    found = Referral.objects.filter(contact_mark=sought) if sought else Referral.objects.none()
    return found.order_by("-received_at", "-pk")


def _check(report: Report, at: datetime) -> None:
    if report.received_at > at:
        raise ActRefused(_("The date of receipt is still to come. Nothing was stored. Enter the day it reached us."))
    if not (report.claimed.strip() or report.message.strip()):
        raise ActRefused(_("Nothing says which dataset or model is meant. Nothing was stored. Write it down."))
    if any(len(getattr(report, name)) > LONGEST_MESSAGE for name in TEXTS):
        raise ActRefused(_("The message is too long (100,000 characters at most). Nothing was stored."))


def _stored(report: Report, *, at: datetime, confirmed: bool) -> Referral:
    """The row, under a short number that is free."""
    names = (*TEXTS, "received_at", "channel", "language", "name", "contact", "urgent")
    fields = {name: getattr(report, name) for name in names}
    fields |= {"created_at": at, "contact_mark": mark(report.contact), "confirmed_at": at if confirmed else None}
    if report.reference:
        fields["reference"] = report.reference
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return Referral.objects.create(**fields)
        except IntegrityError:
            if Referral.objects.filter(reference=report.reference).exists():
                raise SentTwice from None
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")
