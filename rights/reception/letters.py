"""A case or a referral, whichever a reference leads to, and what the person does about either."""

from datetime import datetime

from django.db import transaction

from rights.deadlines import legal_date
from rights.desk import clock, moves, opening
from rights.desk.acts import entered as entered_on_case
from rights.models import Question, Referral, Reply, RightsCase
from rights.referral import receiving
from rights.vocabulary import Channel

PERSON = 0  # in the journal: the person themself
Letter = RightsCase | Referral


def found(reference: str) -> Letter | None:
    """What stands under this reference. Both tables are always asked, so that nothing takes longer than the other."""
    case = RightsCase.objects.filter(reference=reference).first()
    referral = Referral.objects.filter(reference=reference).first()
    return case or referral


@transaction.atomic
def confirm(letter: Letter, *, at: datetime) -> None:
    """Note that the person's address is theirs. Raises ActRefused where that is known already."""
    if isinstance(letter, RightsCase):
        opening.confirm(case=letter, at=at)
    else:
        receiving.confirm(referral=letter, at=at)


@transaction.atomic
def reply(letter: Letter, *, text: str, at: datetime) -> None:
    """Keep what the person adds; where questions are open, it answers them, and the clock runs on."""
    whose = {"case": letter} if isinstance(letter, RightsCase) else {"referral": letter}
    Reply.objects.create(**whose, text=text, received_at=at, channel=Channel.FORM)
    if isinstance(letter, Referral):
        receiving.entered(letter, "reply_received", by=PERSON, at=at)
        return
    entered_on_case(letter, "reply_received", by=PERSON, at=at)
    for question in open_questions(letter):
        clock.answer(case=letter, question=question.pk, text=text, answered_on=legal_date(at), by=PERSON, at=at)


@transaction.atomic
def withdraw(letter: Letter, *, rights: tuple[str, ...] = (), at: datetime) -> None:
    """Take back these rights of a case, or the referral.

    Raises ActRefused where one was carried out, or all is over.
    """
    if isinstance(letter, Referral):
        receiving.withdraw(referral=letter, at=at)
        return
    for right in rights:
        moves.withdraw(case=letter, right=right, at=at)


def open_questions(case: RightsCase) -> list[Question]:
    """What was asked of the person and not answered yet."""
    return list(case.questions.unanswered())
