"""What a person is shown of their case or referral, in plain words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rights.deadlines import legal_date
from rights.models import AccessPackage, ClaimedAccount, OutgoingLetter, Question, Referral, RightsCase, RightsRequest
from rights.reception.letters import Letter, open_questions
from rights.transitions import Move, offered
from rights.vocabulary import Identity, LetterKind, State

STATES: dict[str, Promise] = {
    State.RECEIVED: _("received; we check who asks, then look at it"),
    State.VERIFIED: _("your identity is checked; we are working on it"),
    State.DECIDED: _("decided; the answer is being prepared and will be sent to you"),
    State.FULFILLED: _("answered: the answer was sent to you"),
    State.WITHDRAWN: _("taken back by you"),
    State.NOT_IDENTIFIED: _("closed, because we could not make sure who asks; we wrote to you about it"),
    State.REDIRECTED: _("passed on: we wrote to you to whom to turn"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One right of a case, where it stands, and whether it can still be taken back."""

    right: str
    label: str
    words: Promise
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """Everything the follow-up page says. `due_on`: None for a referral, which has no legal clock."""

    number: str
    received_on: date
    due_on: date | None
    is_referral: bool
    is_closed: bool
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    claims: tuple[ClaimedAccount, ...]
    packages: tuple[AccessPackage, ...]
    answers: tuple[OutgoingLetter, ...]
    replies: tuple[datetime, ...]

    @property
    def may_withdraw(self) -> bool:
        """Whether anything can still be taken back."""
        return not self.is_closed and (self.is_referral or any(step.may_withdraw for step in self.steps))


def followed(letter: Letter, *, at: datetime) -> Followed:
    """What to show of it at `at`."""
    said: dict[str, Any] = {
        "number": str(letter),
        "received_on": legal_date(letter.received_at),
        "is_closed": letter.closed_at is not None,
        "answers": tuple(answers(letter)),
        "replies": tuple(letter.replies.values_list("received_at", flat=True)),
    }
    if isinstance(letter, Referral):
        return Followed(**said, due_on=None, is_referral=True, steps=(), questions=(), claims=(), packages=())
    return Followed(
        **said,
        due_on=letter.latest_on if letter.closed_at is None else None,
        is_referral=False,
        steps=tuple(_step(request) for request in letter.requests.all()),
        questions=tuple(open_questions(letter)),
        claims=tuple(letter.accounts.filter(identity=Identity.CODE_ASKED)),
        packages=tuple(packages(letter, at=at)),
    )


def answers(letter: Letter) -> QuerySet[OutgoingLetter]:
    """What we wrote to the person and left, the first letter first."""
    return letter.letters.exclude(sent_at=None).exclude(kind=LetterKind.RECIPIENTS).order_by("written_at", "pk")


def packages(letter: Letter, *, at: datetime) -> list[AccessPackage]:
    """The copies that wait for the person, without their content."""
    if not isinstance(letter, RightsCase):
        return []
    waiting = AccessPackage.objects.waiting(at).filter(reference=letter.reference)
    return list(waiting.defer("body").order_by("drawn_up_at"))


def _step(request: RightsRequest) -> Step:
    may = Move.WITHDRAW in offered(request.state) and request.effect_at is None
    return Step(request.right, request.get_right_display(), STATES[request.state], may)
