"""What a letter that waits seems to be, for its agent to correct: door, rights, date, duplicates, next letter."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q

from rights.deadlines import PARIS, due_on, legal_date
from rights.desk import opening
from rights.intake.matching import Match, Matter, match
from rights.intake.wording import Read, understood
from rights.models import IncomingLetter, Referral, RightsCase
from rights.referral import receiving
from rights.sealed import mark
from rights.vocabulary import LetterKind

MOST_ALIKE = 10


@dataclass(frozen=True, slots=True)
class Proposal:
    """`match`: what it seems to answer; `alike`: others of the same address or account, the latest first."""

    read: Read
    match: Match | None
    alike: tuple[Matter, ...]
    received_on: date | None
    due_on: date | None
    next_letter: LetterKind | None

    @property
    def door(self) -> str:
        """Which way in is ticked first."""
        if self.match:
            return "join"
        return "referral" if self.read.is_referral else "case"


def propose(letter: IncomingLetter) -> Proposal:
    """What the letter seems to be. Changes nothing."""
    read = understood(letter.subject, letter.text)
    found = match(sender=letter.sender, subject=letter.subject, follows=letter.thread.split("\n"))
    received_on = legal_date(letter.received_at) if letter.received_at else None
    is_case = found is None and not read.is_referral
    return Proposal(
        read=read,
        match=found,
        alike=_alike(letter.sender, read.accounts),
        received_on=received_on,
        due_on=due_on(received_on) if received_on and is_case else None,
        next_letter=_next_letter(found, is_case=is_case),
    )


def find_matter(typed: str) -> Matter | None:
    """The case or referral of this number or reference, as an agent types it."""
    sought = "".join(typed.split()).lower()
    same = Q(number=sought) | Q(reference=sought)
    return RightsCase.objects.filter(same).first() or Referral.objects.filter(same).first()


def moment_of(day: date, *, letter: IncomingLetter | None, at: datetime) -> datetime:
    """The moment of receipt of a day: the mail's own where it is that day's, now for today, else noon in Paris."""
    if letter and letter.received_at and legal_date(letter.received_at) == day:
        return letter.received_at
    return at if day == legal_date(at) else datetime.combine(day, time(12), PARIS)


def _alike(sender: str, accounts: tuple[str, ...]) -> tuple[Matter, ...]:
    cases = RightsCase.objects.unopened().filter(
        pk__in=opening.by_contact(sender).values("pk")
    ) | RightsCase.objects.unopened().filter(accounts__name_mark__in=[mark(name) for name in accounts])
    found: list[Matter] = [
        *cases.distinct(),
        *Referral.objects.unopened().filter(pk__in=receiving.by_contact(sender).values("pk")),
    ]
    return tuple(sorted(found, key=lambda matter: matter.received_at, reverse=True)[:MOST_ALIKE])


def _next_letter(found: Match | None, *, is_case: bool) -> LetterKind | None:
    if found:
        return None
    return LetterKind.ACKNOWLEDGEMENT if is_case else LetterKind.REFERRAL
