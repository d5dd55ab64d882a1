"""What comes next in a case, in the order of the work: said at the top of its page, each with a link to its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rights.admin.words import NEXT
from rights.desk import meanwhile
from rights.desk.answers import OF_THE_CASE, has_left, unsent
from rights.letters import addressee
from rights.models import ClaimedAccount, RightsCase, RightsRequest
from rights.vocabulary import Decision, Identity, LetterKind, Requester, Right, State

WHOLE = "whole"  # in an address: the letter is about no single right


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do. `address`: where, a form that is folded away by what lies in it, since browsers then unfold it;
    `act`: the word of the form that does it, where one does.
    """

    words: "str | Promise"
    address: str = ""
    act: str = ""


def agenda(case: RightsCase) -> Iterator[ToDo]:
    """Everything that waits for an agent, the first thing first; nothing for a case that is done with."""
    if case.confirmed_at is None:
        yield ToDo(_("Wait until the person confirms their address; without that, the case leaves after 30 days."))
        return
    if case.closed_at is None:
        yield from _at_first(case)
        yield from _about_identity(case)
    for request in case.requests.all():
        yield from _about(case, request)
    yield from _in_the_end(case)


def next_step(case: RightsCase, request: RightsRequest) -> ToDo:
    """What is to be done about one right."""
    if request.state == State.RECEIVED and request.right == Right.PORTABILITY:
        return ToDo(_("It does not apply to this processing: refuse it on that ground."), act="refuse")
    if request.state == State.RECEIVED:
        is_shown = any(claim.identity == Identity.CONFIRMED for claim in case.accounts.all())
        return ToDo(_("Note the identity as verified."), act="verify") if is_shown else ToDo(NEXT[request.state])
    if request.state == State.VERIFIED:
        return ToDo(NEXT[request.state], act="refuse" if request.right == Right.PORTABILITY else "grant")
    if request.state == State.DECIDED:
        return _to_answer(case, request)
    return ToDo(NEXT[request.state])


def letter_address(case: RightsCase, kind: LetterKind, right: str = OF_THE_CASE) -> str:
    """Where this letter is written."""
    return reverse("admin:rights_outgoingletter_write", args=["case", case.pk, kind, right or WHOLE])


def _at_first(case: RightsCase) -> Iterator[ToDo]:
    if case.incoming.unheeded().exists():
        yield ToDo(_("A mail of ours came back: find another address, and write again."), "#incoming-title")
    if not has_left(case, LetterKind.ACKNOWLEDGEMENT, since=case.created_at):
        yield ToDo(_("Acknowledge receipt."), letter_address(case, LetterKind.ACKNOWLEDGEMENT))
    if case.agent_id is None:
        yield ToDo(_("Give it to an agent."), "#assign-case-form")
    if case.requester != Requester.ONESELF and case.representation_checked_at is None:
        yield ToDo(_("Check the mandate or the quality of who writes."), "#represented-case")


def _about_identity(case: RightsCase) -> Iterator[ToDo]:
    """Nothing once control of an account was shown, and where no right hangs on it."""
    claims = list(case.accounts.all())
    waits = case.requests.filter(state=State.RECEIVED).exclude(right=Right.PORTABILITY).exists()
    if not waits or any(claim.identity == Identity.CONFIRMED for claim in claims):
        return
    if not claims:
        yield ToDo(_("Ask which account it is about."), "#ask-case-form")
    for claim in claims:
        yield _to_identify(case, claim)


def _to_identify(case: RightsCase, claim: ClaimedAccount) -> ToDo:
    if claim.identity != Identity.CODE_ASKED or claim.code_asked_at is None:
        return ToDo(_("Have control of the account shown: by a code, or by other means."), f"#account-{claim.pk}")
    if not has_left(case, LetterKind.IDENTITY, since=claim.code_asked_at):
        return ToDo(_("Send the code."), letter_address(case, LetterKind.IDENTITY))
    return ToDo(_("Look whether the code stands on the Hub."), f"#account-{claim.pk}")


def _about(case: RightsCase, request: RightsRequest) -> Iterator[ToDo]:
    """What a right waits for, but for the identity, which is said once for all of them."""
    todo = next_step(case, request)
    if request.ended_at is None and (todo.act or todo.address):
        words = _("{right}: {step}").format(right=str(request.get_right_display()).capitalize(), step=todo.words)
        yield ToDo(words, todo.address or f"#right-{request.right}")


def _to_answer(case: RightsCase, request: RightsRequest) -> ToDo:
    if request.decision != Decision.REFUSED and request.effect_at is None:
        words = _("Carry it out, then send the answer.")
        if request.effect_asked_by_id:
            words = _("A second agent has to confirm what it does.")
        by_form = {Right.ACCESS: "hand-over", Right.RECTIFICATION: "rectify"}
        return ToDo(words, act=by_form.get(Right(request.right), "carry-out"))
    for kind in unsent(case, request):
        return ToDo(
            _("Send the answer: {letter}.").format(letter=kind.label), letter_address(case, kind, request.right)
        )
    return ToDo(_("Note that the answer was sent."), act="fulfil")


def _in_the_end(case: RightsCase) -> Iterator[ToDo]:
    """What may be owed even when every right is answered: recipients to tell, a restriction to lift."""
    for request in case.requests.exclude(effect_at=None).exclude(recipients=[]):
        if addressee(case, LetterKind.RECIPIENTS, request.right):
            yield ToDo(_("Tell the recipients (Art. 19)."), letter_address(case, LetterKind.RECIPIENTS, request.right))
    restriction = meanwhile.in_force(case)
    if restriction is not None and not _is_contested(case):
        yield from _to_lift(case, restriction)


def _is_contested(case: RightsCase) -> bool:
    """Whether the restriction still has its reason: it was asked for, or what is contested is not answered."""
    contesting = case.requests.running().filter(right__in=meanwhile.CONTESTS).exists()
    return contesting or case.requests.filter(right=Right.RESTRICTION).exclude(decision=Decision.REFUSED).exists()


def _to_lift(case: RightsCase, restriction: Any) -> Iterator[ToDo]:
    since: datetime = restriction.began_at
    if restriction.notice_sent_at is not None:
        yield ToDo(_("Lift the restriction: the person was told."), "#lift-case")
    elif has_left(case, LetterKind.LIFTING, since=since):
        yield ToDo(_("Note that the person was told that the restriction ends."), "#announce-case")
    else:
        yield ToDo(_("Tell the person that the restriction will end."), letter_address(case, LetterKind.LIFTING))
