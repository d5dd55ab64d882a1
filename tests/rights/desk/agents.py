"""A case played by its agents: each act on the case as it stands."""

from datetime import date, datetime, timedelta
from typing import Any

from rights.desk import clock, identity, moves
from rights.letters import drafted, send
from rights.models import Question, RightsCase
from rights.vocabulary import Ground, LetterKind, Proof, Right, Way
from tests.factories import make_user
from tests.rights.desk.cases import AT, make_case


def fresh(case: RightsCase) -> RightsCase:
    """The case as a page opened now would show it."""
    return RightsCase.objects.get(pk=case.pk)


def make_agent() -> int:
    """The key of an account to act by."""
    return int(make_user().pk)


def confirmed_case(*rights: Right, account: str = "made-up-person", by: int | None = None, **letter: Any) -> RightsCase:
    """A case in which control of its one account was shown by a document."""
    case = make_case(*rights, accounts=[account], **letter)
    identity.vouch(
        case=fresh(case), account=case.accounts.get().pk, proof=Proof.SEEN, note="seen", by=by or make_agent(), at=AT
    )
    return fresh(case)


def verified_case(*rights: Right, **more: Any) -> RightsCase:
    """The same, with each right verified."""
    case = confirmed_case(*rights, **more)
    for request in case.requests.all():
        moves.verify(case=fresh(case), right=request.right, by=make_agent(), at=AT)
    return fresh(case)


def refused(case: RightsCase, right: Right = Right.ACCESS, **more: Any) -> None:
    """Refuse one right of the case, in order."""
    acts: dict[str, Any] = {"ground": Ground.OTHERS, "reasons": "because", "by": make_agent(), "at": AT} | more
    moves.refuse(case=fresh(case), right=right, **acts)


def asked(case: RightsCase, on: date, kind: str = Question.Kind.DOUBT, **more: Any) -> Question:
    """A question of that day."""
    acts: dict[str, Any] = {
        "text": "who?",
        "doubt": "two names",
        "by": make_agent(),
        "at": AT + timedelta(days=400),
    } | more
    return clock.ask(case=fresh(case), kind=kind, asked_on=on, **acts)


def told(
    case: RightsCase,
    kind: LetterKind,
    right: str = "",
    *,
    at: datetime = AT,
    by: int | None = None,
    to: str = "the person",
) -> RightsCase:
    """The case once this letter of it was handed over."""
    draft = drafted(fresh(case), kind, right, signatory="Camille Exemple")
    acts: dict[str, Any] = {"recipient": to, "way": Way.HAND, "by": by or make_agent(), "at": at}
    send(matter=fresh(case), draft=draft, body="As drafted.", **acts)
    return fresh(case)
