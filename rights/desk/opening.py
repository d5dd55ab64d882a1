"""A letter becomes a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rights.deadlines import due_on, legal_date
from rights.desk.acts import ActRefused, entered, take
from rights.fingerprints import folded
from rights.models import ClaimedAccount, RightsCase, RightsRequest
from rights.sealed import mark
from rights.vocabulary import Channel, Requester, Right

NOBODY = 0  # in the journal: the person themself
ATTEMPTS = 5  # at a free short number
MOST_ACCOUNTS = 20
LONGEST_MESSAGE = 100_000  # characters


class SentTwice(ActRefused):
    """The same letter is stored already."""

    def __init__(self) -> None:
        super().__init__(_("This was received already. Nothing was stored a second time."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a person wrote, and how it reached us."""

    received_at: datetime
    channel: Channel
    rights: tuple[Right, ...]
    accounts: tuple[str, ...] = ()
    message: str = ""
    name: str = ""
    contact: str = ""
    language: str = "fr"
    requester: Requester = Requester.ONESELF
    representation: str = ""
    was_minor: bool = False
    urgent: bool = False
    reference: str = ""  # given where the same letter may arrive twice; else one is drawn


@transaction.atomic
def open_case(*, letter: Letter, by: int, at: datetime, confirmed: bool = True) -> RightsCase:
    """A case with one request a right. The clock runs from receipt, confirmed or not.

    `by`: key of the agent who enters it, 0 for the person themself. `confirmed`: False where the address still has to
    be confirmed. Raises ActRefused for a date of receipt to come, no right at all, and more than anybody can write;
    SentTwice for one that is stored under its reference already.
    """
    _check(letter, at)
    case = _stored(letter, at=at, confirmed=confirmed)
    RightsRequest.objects.bulk_create(RightsRequest(case=case, right=right) for right in dict.fromkeys(letter.rights))
    ClaimedAccount.objects.bulk_create(
        ClaimedAccount(case=case, name=name, name_mark=mark(name)) for name in _distinct(letter.accounts)
    )
    entered(case, "case_opened", by=by, at=at, channel=letter.channel, rights=" ".join(sorted(set(letter.rights))))
    return case


@transaction.atomic
def confirm(*, case: RightsCase, at: datetime, by: int = NOBODY) -> None:
    """Note that the address was confirmed. Raises ActRefused where it was already, Overtaken."""
    held = take(case)
    if held.confirmed_at is not None:
        raise ActRefused(_("This address is confirmed already. Nothing was changed."))
    held.confirmed_at = at
    held.save(update_fields=["confirmed_at"])
    entered(held, "case_confirmed", by=by, at=at)


def alike(case: RightsCase) -> QuerySet[RightsCase]:
    """Other cases by the same address or about the same account, the latest first."""
    marks = case.accounts.values("name_mark")
    same = Q(accounts__name_mark__in=marks)
    if case.contact_mark:
        same |= Q(contact_mark=case.contact_mark)
    return RightsCase.objects.unopened().filter(same).exclude(pk=case.pk).distinct().order_by("-received_at", "-pk")


def by_contact(address: str) -> QuerySet[RightsCase]:
    """The cases of this e-mail address, the latest first: none for an empty one."""
    sought = mark(address)
    found = RightsCase.objects.filter(contact_mark=sought) if sought else RightsCase.objects.none()
    return found.order_by("-received_at", "-pk")


def _check(letter: Letter, at: datetime) -> None:
    if letter.received_at > at:
        raise ActRefused(_("The date of receipt is still to come. Nothing was stored. Enter the day it reached us."))
    if not letter.rights:
        raise ActRefused(_("A case is about one right at least. Nothing was stored. Tick one."))
    if len(_distinct(letter.accounts)) > MOST_ACCOUNTS:
        raise ActRefused(_("A case is about 20 accounts at most. Nothing was stored. Open a second case."))
    if len(letter.message) > LONGEST_MESSAGE:
        raise ActRefused(_("The message is too long (100,000 characters at most). Nothing was stored."))


def _stored(letter: Letter, *, at: datetime, confirmed: bool) -> RightsCase:
    """The row, under a short number that is free."""
    day = legal_date(letter.received_at)
    fields = {
        "created_at": at,
        "received_at": letter.received_at,
        "received_on": day,
        "due_on": due_on(day),
        "latest_on": due_on(day),
        "contact_mark": mark(letter.contact),
        "confirmed_at": at if confirmed else None,
    }
    names = "channel language requester representation was_minor name contact message urgent"
    fields |= {name: getattr(letter, name) for name in names.split()}
    if letter.reference:
        fields["reference"] = letter.reference
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return RightsCase.objects.create(**fields)
        except IntegrityError:
            if RightsCase.objects.filter(reference=letter.reference).exists():
                raise SentTwice from None
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _distinct(accounts: Iterable[str]) -> list[str]:
    """Each account once, however it is spelled."""
    return list({folded(name): name.strip() for name in accounts if name.strip()}.values())
