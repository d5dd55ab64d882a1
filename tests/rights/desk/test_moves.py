"""Each right moves along one table, and never without what its move needs."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rights import transitions
from rights.deadlines import due_on, legal_date
from rights.desk import carrying, exemptions, moves
from rights.desk.acts import ActRefused, Overtaken
from rights.models import JournalEntry, OutgoingLetter, RightsCase, RightsRequest
from rights.transitions import ENDS, Move, after
from rights.vocabulary import Decision, Ground, LetterKind, Opinion, Right, State, Way
from tests.factories import make_artifact, make_author
from tests.rights.desk.agents import asked, confirmed_case, fresh, make_agent, refused, told, verified_case
from tests.rights.desk.cases import AT, make_case

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
TOO_LATE = AT + timedelta(days=40)


def request_of(case: RightsCase) -> RightsRequest:
    return RightsRequest.objects.get(case=case)


def test_from_the_letter_to_the_answer():
    make_artifact("made-up-person/m", author=make_author("made-up-person"))
    case, by = verified_case(Right.ERASURE), make_agent()

    moves.grant(case=case, right=Right.ERASURE, by=by, at=AT)
    carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=by, at=AT)
    told(case, LetterKind.ERASURE, Right.ERASURE)
    moves.fulfil(case=fresh(case), right=Right.ERASURE, told_at=LATER, by=by, at=LATER)

    request = request_of(case)
    assert (request.state, request.decision, request.told_at) == (State.FULFILLED, Decision.GRANTED, LATER)
    assert fresh(case).closed_at == LATER
    acts = list(JournalEntry.objects.filter(reference=case.reference).order_by("number").values_list("act", flat=True))
    assert acts == [
        "case_opened",
        "account_confirmed",
        "request_verify",
        "request_decide",
        "erasure",
        "request_carried_out",
        "letter",
        "request_fulfil",
        "case_closed",
    ]


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (moves.verify, {}),
        (moves.grant, {}),
        (moves.fulfil, {"told_at": AT}),
        (moves.give_up, {"told_at": AT}),
        (moves.redirect, {"told_at": AT, "whither": "them"}),
        (moves.correct, {"reason": "slip"}),
        (moves.reopen, {"reason": "slip"}),
    ],
)
def test_from_each_state_only_the_tables_moves(act, fields):
    names = {"grant": Move.DECIDE}
    move = names.get(act.__name__) or Move(act.__name__)
    for state in State:
        if after(state, move):
            continue
        case = make_case(Right.ACCESS)
        decided = state in (State.DECIDED, State.FULFILLED)
        RightsRequest.objects.filter(case=case).update(
            state=state,
            decision=Decision.GRANTED if decided else "",
            decided_at=AT if decided else None,
            decided_by=make_agent() if decided else None,
            effect_at=AT,
            ended_at=AT if state in ENDS else None,
            told_at=AT if state in ENDS else None,
        )
        with pytest.raises(ActRefused, match="cannot be done from where"):
            act(case=fresh(case), right=Right.ACCESS, by=make_agent(), at=AT, **fields)
        assert request_of(case).state == state


@pytest.mark.parametrize("move", list(Move))
def test_the_table_leads_on_and_never_in_place(move):
    step = transitions.TABLE[move]
    assert step.after not in step.before


def test_every_end_can_be_reopened_and_nothing_leaves_it_otherwise():
    assert all(transitions.offered(end) == [Move.REOPEN] for end in ENDS)


def test_a_refusal_has_its_three_items_and_no_letter_can_lose_them():
    case = verified_case(Right.ACCESS)
    refused(case, reasons=" others' data ")
    request = request_of(case)
    assert request.reasons == "others' data"
    assert "supervisory authority" in request.complaint.lower() or "autorité de contrôle" in request.complaint
    assert request.judicial_remedy
    for item in ("reasons", "complaint", "judicial_remedy", "ground"):
        with pytest.raises(IntegrityError, match="request_refused_with_reasons"), transaction.atomic():
            RightsRequest.objects.filter(pk=request.pk).update(**{item: ""})


@pytest.mark.parametrize(
    ("right", "fields", "said"),
    [
        (Right.ACCESS, {"reasons": "  "}, "reasons"),
        (Right.ACCESS, {"ground": "whim"}, "on that ground"),
        (Right.ERASURE, {"ground": Ground.OTHERS}, "on that ground"),
        (Right.OBJECTION, {"ground": Ground.NOT_APPLICABLE}, "on that ground"),
        (Right.ERASURE, {"ground": Ground.RESEARCH}, "supervisor"),
        (Right.ACCESS, {"at": TOO_LATE}, "first month"),
    ],
)
def test_no_refusal_that_may_not_be(right, fields, said):
    case = verified_case(right)
    with pytest.raises(ActRefused, match=said):
        refused(case, right, **fields)
    assert request_of(case).state == State.VERIFIED


def test_a_refusal_too_late_says_why_and_stands_so_in_the_journal():
    case = verified_case(Right.ACCESS)
    refused(case, at=TOO_LATE, late_because="the agent was ill")
    assert JournalEntry.objects.get(act="request_decide").details["late"] == 1
    assert case.notes.get().text == "the agent was ill"


def test_an_extension_gives_no_more_time_to_refuse():
    case = verified_case(Right.ACCESS)
    RightsCase.objects.filter(pk=case.pk).update(
        extension_sent_on=legal_date(AT),
        extension_reason="many",
        due_on=due_on(case.received_on, extended=True),
        latest_on=due_on(case.received_on, extended=True),
    )
    with pytest.raises(ActRefused, match="first month"):
        refused(case, at=TOO_LATE)


def test_portability_is_only_ever_refused_and_needs_no_identity():
    case = make_case(Right.PORTABILITY)
    refused(case, Right.PORTABILITY, ground=Ground.NOT_APPLICABLE)
    assert request_of(case).decision == Decision.REFUSED
    other = verified_case(Right.PORTABILITY)
    with pytest.raises(ActRefused, match="does not apply"):
        moves.grant(case=other, right=Right.PORTABILITY, by=make_agent(), at=AT)


def test_nothing_is_answered_before_it_was_carried_out():
    case, by = verified_case(Right.ERASURE), make_agent()
    moves.grant(case=case, right=Right.ERASURE, by=by, at=AT)
    with pytest.raises(ActRefused, match="not carried out yet"):
        moves.fulfil(case=fresh(case), right=Right.ERASURE, told_at=AT, by=by, at=AT)
    with pytest.raises(IntegrityError, match="request_granted_is_carried_out"), transaction.atomic():
        RightsRequest.objects.filter(case=case).update(state=State.FULFILLED, told_at=AT, ended_at=AT)


def test_nothing_ends_silently():
    case = make_case(Right.ACCESS)
    with pytest.raises(IntegrityError, match="request_is_not_ended_silently"), transaction.atomic():
        RightsRequest.objects.filter(case=case).update(state=State.REDIRECTED, ended_at=AT)
    told(case, LetterKind.REDIRECTION, Right.ACCESS)
    with pytest.raises(ActRefused, match="still to come"):
        moves.redirect(case=fresh(case), right=Right.ACCESS, whither="x", told_at=LATER, by=make_agent(), at=AT)


def test_nothing_ends_before_its_letter_has_left():
    """None at all, one about another right, one from before the decision, one that the mail server did not take."""
    case, by = verified_case(Right.ACCESS, Right.ERASURE), make_agent()
    told(case, LetterKind.REFUSAL, Right.ACCESS)
    refused(case, at=LATER)
    refused(case, Right.ERASURE, ground=Ground.NOTHING_HELD, at=LATER)
    told(case, LetterKind.REFUSAL, Right.ERASURE, at=LATER)
    OutgoingLetter.objects.create(
        case=case,
        kind=LetterKind.REFUSAL,
        right=Right.ACCESS,
        language="fr",
        recipient="x",
        subject="x",
        text="x",
        sha256="0" * 64,
        way=Way.MAIL,
        written_at=LATER,
        written_by_id=by,
    )
    acts: dict[str, Any] = {"right": Right.ACCESS, "told_at": LATER, "by": by, "at": LATER}
    with pytest.raises(ActRefused, match="No letter has left"):
        moves.fulfil(case=fresh(case), **acts)
    OutgoingLetter.objects.undelivered().update(sent_at=LATER)
    moves.fulfil(case=fresh(case), **acts)


@pytest.mark.parametrize(("act", "more"), [(moves.redirect, {"whither": "them"}), (moves.give_up, {})])
def test_who_is_sent_on_or_not_identified_is_written_to(act, more):
    case = make_case(Right.ACCESS)
    asked(case, legal_date(AT))
    at = AT + timedelta(days=70)
    with pytest.raises(ActRefused, match="No letter has left"):
        act(case=fresh(case), right=Right.ACCESS, told_at=at, by=make_agent(), at=at, **more)


def test_what_is_granted_in_part_is_answered_by_two_letters():
    case, by = verified_case(Right.ACCESS), make_agent()
    refused(case, in_part=True)
    carrying.hand_over(case=fresh(case), by=by, at=AT)
    acts: dict[str, Any] = {"right": Right.ACCESS, "told_at": AT, "by": by, "at": AT}
    for kind in (LetterKind.ACCESS, LetterKind.REFUSAL):
        with pytest.raises(ActRefused, match="No letter has left"):
            moves.fulfil(case=fresh(case), **acts)
        told(case, kind, Right.ACCESS)
    moves.fulfil(case=fresh(case), **acts)
    assert fresh(case).closed_at


def test_not_identified_only_two_months_after_a_question_on_doubt():
    case = make_case(Right.ACCESS)
    day = legal_date(AT)
    asked(case, day)
    told(case, LetterKind.NOT_IDENTIFIED)
    for at, moved in ((AT + timedelta(days=59), False), (AT + timedelta(days=70), True)):
        with suppress(ActRefused):
            moves.give_up(case=fresh(case), right=Right.ACCESS, told_at=at, by=make_agent(), at=at)
        assert (request_of(case).state == State.NOT_IDENTIFIED) is moved
    assert fresh(case).closed_at


def test_a_wrong_click_is_taken_back_to_the_start_and_noted():
    case = verified_case(Right.ACCESS)
    refused(case)
    moves.correct(case=fresh(case), right=Right.ACCESS, reason="wrong case", by=make_agent(), at=AT)
    request = request_of(case)
    assert (request.state, request.decision, request.reasons, request.complaint) == (State.RECEIVED, "", "", "")
    assert case.notes.get().text == "wrong case"
    assert JournalEntry.objects.get(act="request_correct").details["decision"] == Decision.REFUSED


def test_what_was_carried_out_is_not_taken_back():
    case, by = verified_case(Right.ERASURE), make_agent()
    moves.grant(case=case, right=Right.ERASURE, by=by, at=AT)
    carrying.carry_out(case=fresh(case), right=Right.ERASURE, by=by, at=AT)
    with pytest.raises(ActRefused, match="cannot be taken back"):
        moves.correct(case=fresh(case), right=Right.ERASURE, reason="slip", by=by, at=AT)


def test_a_reopened_right_opens_its_case():
    case = make_case(Right.ACCESS)
    moves.withdraw(case=case, right=Right.ACCESS, at=AT)
    assert fresh(case).closed_at
    moves.reopen(case=fresh(case), right=Right.ACCESS, reason="they write again", by=make_agent(), at=AT)
    assert fresh(case).closed_at is None
    assert request_of(case).state == State.RECEIVED


def test_an_unconfirmed_case_is_only_withdrawn():
    case = make_case(Right.PORTABILITY, confirmed=False)
    with pytest.raises(ActRefused, match="not confirmed"):
        refused(case, Right.PORTABILITY, ground=Ground.NOT_APPLICABLE)
    moves.withdraw(case=fresh(case), right=Right.PORTABILITY, at=AT)


def test_of_two_agents_on_one_case_one_wins_and_the_other_is_told():
    case = confirmed_case(Right.ACCESS)
    ones, others = fresh(case), fresh(case)
    moves.verify(case=ones, right=Right.ACCESS, by=make_agent(), at=AT)
    with pytest.raises(Overtaken, match="Somebody else"):
        moves.withdraw(case=others, right=Right.ACCESS, by=make_agent(), at=AT)
    assert request_of(case).state == State.VERIFIED
    assert JournalEntry.objects.filter(act="request_withdraw").count() == 0


@pytest.mark.parametrize(
    ("opinion", "applies"), [(o, a) for o in (Opinion.FAVOURABLE, Opinion.UNFAVOURABLE) for a in (True, False)]
)
def test_the_supervisor_decides_with_or_against_the_opinion_which_is_kept(opinion, applies):
    case, agent, dpo, supervisor = verified_case(Right.ERASURE), make_agent(), make_agent(), make_agent()
    asked_for = exemptions.ask_exemption(
        case=case, right=Right.ERASURE, ground=Ground.RESEARCH, argument="x", by=agent, at=AT
    )
    exemptions.give_opinion(case=fresh(case), exemption=asked_for.pk, opinion=opinion, text="because", by=dpo, at=AT)
    exemptions.decide_exemption(
        case=fresh(case), exemption=asked_for.pk, applies=applies, motive="m", by=supervisor, at=AT
    )

    asked_for.refresh_from_db()
    assert (asked_for.opinion, asked_for.opinion_text, asked_for.opinion_by_id) == (opinion, "because", dpo)
    assert (asked_for.applies, asked_for.decided_by_id) == (applies, supervisor)
    if applies:
        refused(case, Right.ERASURE, ground=Ground.RESEARCH)
    else:
        with pytest.raises(ActRefused):
            refused(case, Right.ERASURE, ground=Ground.RESEARCH)


def test_no_decision_without_an_opinion_none_by_who_asked_and_no_second_opinion():
    case, agent, dpo = verified_case(Right.ERASURE), make_agent(), make_agent()
    one = exemptions.ask_exemption(
        case=case, right=Right.ERASURE, ground=Ground.RESEARCH, argument="x", by=agent, at=AT
    )
    decide: dict[str, Any] = {"exemption": one.pk, "applies": True, "motive": "m", "at": AT}
    with pytest.raises(ActRefused, match="opinion"):
        exemptions.decide_exemption(case=fresh(case), by=make_agent(), **decide)
    exemptions.give_opinion(case=fresh(case), exemption=one.pk, opinion="reserved", text="hm", by=dpo, at=AT)
    for by in (agent, dpo):
        with pytest.raises(ActRefused, match="does not decide"):
            exemptions.decide_exemption(case=fresh(case), by=by, **decide)
    with pytest.raises(ActRefused, match="kept as it is"):
        exemptions.give_opinion(case=fresh(case), exemption=one.pk, opinion="favourable", text="oh", by=dpo, at=AT)
