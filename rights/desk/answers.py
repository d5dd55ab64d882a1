"""Nothing ends before the letter that says so has left: which letter each end needs (Art. 12(3) and (4), 5(2) GDPR)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from rights.desk.acts import ActRefused
from rights.models import OutgoingLetter, RightsCase, RightsRequest
from rights.transitions import Move
from rights.vocabulary import Decision, LetterKind, Right

OF_THE_CASE = ""  # the right of a letter that is about the whole case
OF_GRANTED: Mapping[str, LetterKind] = {
    Right.ACCESS: LetterKind.ACCESS,
    Right.RECTIFICATION: LetterKind.RECTIFICATION,
    Right.ERASURE: LetterKind.ERASURE,
    Right.RESTRICTION: LetterKind.RESTRICTION,
    Right.OBJECTION: LetterKind.OBJECTION,
}


def answers(request: RightsRequest) -> Iterator[LetterKind]:
    """The letters that answer a decided right: of what is refused, then of what is granted."""
    if request.decision in (Decision.REFUSED, Decision.PARTLY_GRANTED):
        yield LetterKind.PORTABILITY if request.right == Right.PORTABILITY else LetterKind.REFUSAL
    if request.decision in (Decision.GRANTED, Decision.PARTLY_GRANTED):
        yield OF_GRANTED[request.right]


def check_sent(case: RightsCase, request: RightsRequest, move: Move) -> None:
    """Raise ActRefused where a letter that this end needs has not left, or left before the decision it tells."""
    since = request.decided_at or case.created_at
    for kind, right in _needed(request, move):
        check_left(case, kind, right, since=since)


def check_left(case: RightsCase, kind: LetterKind, right: str = OF_THE_CASE, *, since: datetime) -> None:
    """Raise ActRefused where no letter of this kind has left since that moment."""
    if not has_left(case, kind, right, since=since):
        words = _("No letter has left that says so: “{kind}”. Nothing was changed. Write it and send it first.")
        raise ActRefused(words.format(kind=kind.label))


def has_left(case: RightsCase, kind: LetterKind, right: str = OF_THE_CASE, *, since: datetime) -> bool:
    """Whether a letter of this kind, about this right, was written since that moment, and left."""
    written = OutgoingLetter.objects.filter(case=case, kind=kind, right=right, written_at__gte=since)
    return written.exclude(sent_at=None).exists()


def unsent(case: RightsCase, request: RightsRequest) -> list[LetterKind]:
    """The letters that answer a decided right and have not left since."""
    since = request.decided_at or case.created_at
    return [kind for kind in answers(request) if not has_left(case, kind, request.right, since=since)]


def _needed(request: RightsRequest, move: Move) -> Iterator[tuple[LetterKind, str]]:
    if move == Move.FULFIL:
        yield from ((kind, request.right) for kind in answers(request))
    elif move == Move.GIVE_UP:
        yield LetterKind.NOT_IDENTIFIED, OF_THE_CASE
    elif move == Move.REDIRECT:
        yield LetterKind.REDIRECTION, request.right
