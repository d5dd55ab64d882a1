"""What a case's page says is to be done, from the letter to the answer: one thing after another, each in its place."""

import pytest

from access.roles import Role
from rights.admin.agenda import agenda
from rights.desk import carrying, handling, identity, meanwhile, moves
from rights.letters import addressee
from rights.vocabulary import LetterKind, Requester, Right
from tests.factories import make_artifact, make_author, make_user
from tests.rights.desk.agents import confirmed_case, fresh, make_agent, refused, told, verified_case
from tests.rights.desk.cases import AT, make_case

pytestmark = pytest.mark.django_db
NAME = "made-up-person"


def words(case):
    return [str(todo.words) for todo in agenda(fresh(case))]


def test_from_the_letter_to_the_answer():
    make_artifact(f"{NAME}/m", author=make_author(NAME))
    case, by = make_case(Right.ERASURE, accounts=[NAME]), make_agent()
    claim = case.accounts.get().pk
    assert words(case) == [
        "Acknowledge receipt.",
        "Give it to an agent.",
        "Have control of the account shown: by a code, or by other means.",
    ]
    told(case, LetterKind.ACKNOWLEDGEMENT)
    agent = make_user("", Role.AGENT)
    handling.assign(case=fresh(case), agent=agent.pk, deputy=None, by=by, at=AT)
    identity.hand_out_code(case=fresh(case), account=claim, by=by, at=AT)
    assert words(case) == ["Send the code."]
    told(case, LetterKind.IDENTITY)
    assert words(case) == ["Look whether the code stands on the Hub."]
    identity.code_found(case=fresh(case), account=claim, place=identity.Place.BIO, by=by, at=AT)
    assert words(case) == ["Erasure: Note the identity as verified."]
    moves.verify(case=fresh(case), right=Right.ERASURE, by=by, at=AT)
    assert words(case) == ["Erasure: Decide: grant or refuse."]
    moves.grant(case=fresh(case), right=Right.ERASURE, by=by, at=AT)
    assert words(case) == ["Erasure: Carry it out, then send the answer."]
    carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=by, at=AT)
    assert words(case) == ["Erasure: Send the answer: answer: erasure."]
    told(case, LetterKind.ERASURE, Right.ERASURE)
    assert words(case) == ["Erasure: Note that the answer was sent."]
    moves.fulfil(case=fresh(case), right=Right.ERASURE, told_at=AT, by=by, at=AT)
    assert words(case) == []


def test_a_restriction_that_lost_its_reason_is_lifted_even_after_the_end():
    make_artifact(f"{NAME}/m", author=make_author(NAME))
    case, by = confirmed_case(Right.RECTIFICATION, account=NAME), make_agent()
    assert not any("restriction" in said for said in words(case))
    moves.verify(case=fresh(case), right=Right.RECTIFICATION, by=by, at=AT)
    refused(case, Right.RECTIFICATION)
    told(case, LetterKind.REFUSAL, Right.RECTIFICATION)
    moves.fulfil(case=fresh(case), right=Right.RECTIFICATION, told_at=AT, by=by, at=AT)
    assert words(case) == ["Tell the person that the restriction will end."]
    told(case, LetterKind.LIFTING)
    assert words(case) == ["Note that the person was told that the restriction ends."]
    meanwhile.announce(case=fresh(case), by=by, at=AT)
    assert words(case) == ["Lift the restriction: the person was told."]
    meanwhile.lift_now(case=fresh(case), by=by, at=AT)
    assert words(case) == []


def test_each_recipient_is_told_in_turn():
    case = verified_case(Right.ERASURE, account=NAME)
    holders = [make_user(f"holder-{number}", Role.RESEARCHER, email=f"{number}@cnil.example") for number in (1, 2)]
    moves.grant(case=fresh(case), right=Right.ERASURE, by=make_agent(), at=AT)
    carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=make_agent(), at=AT)
    case.requests.update(recipients=[holder.pk for holder in holders])
    for number in (1, 2):
        assert "Tell the recipients (Art. 19)." in words(case)
        assert addressee(fresh(case), LetterKind.RECIPIENTS, Right.ERASURE) == f"{number}@cnil.example"
        told(case, LetterKind.RECIPIENTS, Right.ERASURE, to=f"{number}@cnil.example")
    assert "Tell the recipients (Art. 19)." not in words(case)


@pytest.mark.parametrize(
    ("rights", "more", "said"),
    [
        ([Right.ACCESS], {"confirmed": False}, "Wait until the person confirms"),
        ([Right.ACCESS], {}, "Ask which account"),
        ([Right.ACCESS], {"requester": Requester.MANDATE}, "Check the mandate"),
        ([Right.PORTABILITY], {}, "Portability: It does not apply to this processing"),
    ],
)
def test_what_else_may_wait(rights, more, said):
    assert any(one.startswith(said) for one in words(make_case(*rights, **more)))
