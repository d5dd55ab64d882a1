"""Agents who click at random: whatever is tried in whatever order, the table and the promises of each end hold."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from rights.deadlines import due_on, legal_date
from rights.desk import carrying, clock, identity, meanwhile, moves
from rights.desk.acts import ActRefused
from rights.desk.answers import answers
from rights.effects import EffectRefused
from rights.models import JournalEntry, Question, Restriction, RightsCase, RightsRequest
from rights.transitions import ENDS, Move, after
from rights.vocabulary import Decision, Ground, LetterKind, Right, State
from tests.factories import make_artifact, make_author
from tests.rights.desk.agents import fresh, make_agent, told
from tests.rights.desk.cases import AT, make_case

pytestmark = pytest.mark.django_db
WALKS, STEPS = int(os.environ.get("WALKS", "25")), 25  # ten thousand: make walks
ENOUGH = 1000
OWNER = "made-up-person"
TOLD_BY = {State.NOT_IDENTIFIED: {LetterKind.NOT_IDENTIFIED}, State.REDIRECTED: {LetterKind.REDIRECTION}}
REFUSING = (LetterKind.REFUSAL, LetterKind.PORTABILITY)
OF_ANY_CASE = (LetterKind.NOT_IDENTIFIED, LetterKind.LIFTING, LetterKind.REDIRECTION)
LETTERS = [kind for kind in LetterKind if kind not in (LetterKind.REFERRAL, LetterKind.RECIPIENTS)]


def test_walks_at_random_make_no_illegal_move():
    """A thousand are enough to meet each act and each state; a walk that goes nowhere would promise little."""
    choose = random.Random(20261124)
    agent, met = make_agent(), Counter[str]()
    for _walk in range(WALKS):
        with transaction.atomic():
            walk = Walk(choose, agent)
            met.update(walk.go())
            acts = walk.acts(walk.case, walk.rights[0]).keys()
            transaction.set_rollback(True)  # so that the last of ten thousand is as quick as the first
    missed = {*acts, *State} - met.keys()
    assert WALKS < ENOUGH or not missed, met


class Walk:
    """One case of one or two rights, and an agent before it: half of what they try is nonsense."""

    def __init__(self, choose: random.Random, by: int) -> None:
        self.choose, self.by, self.at = choose, by, AT
        self.rights = choose.sample(list(Right), choose.choice([1, 1, 2]))
        self.artifact = make_artifact(f"{OWNER}/m", author=make_author(OWNER))
        self.case = make_case(*self.rights, accounts=[OWNER], confirmed=choose.random() < 0.9)

    def go(self) -> Iterator[str]:
        """Walk; what was done, and each state that was met."""
        before = self.states()
        for _step in range(STEPS):
            self.at += timedelta(days=self.choose.choice([0, 0, 0, 1, 5, 40]))
            was_told = Restriction.objects.in_force().filter(notice_sent_at__isnull=False).exists()
            done = self.try_one()
            now = self.states()
            changed = {right for right in now if now[right] != before[right]}
            assert len(changed) <= bool(done), (done, changed)
            for right in changed:
                assert any(after(before[right], move) == now[right] for move in Move), (before[right], now[right])
            assert done != "lift" or was_told
            self.check_promises(changed)
            yield from (done, *now.values())
            before = now

    def states(self) -> dict[str, State]:
        return {request.right: State(request.state) for request in self.case.requests.all()}

    def try_one(self) -> str:
        """One act at random. Returns what was done; "" where it was refused."""
        case, right = fresh(self.case), self.choose.choice(self.rights)
        name, act = self.choose.choice(list(self.acts(case, right).items()))
        journal = JournalEntry.objects.count()
        try:
            with transaction.atomic():
                act()
        except (ActRefused, EffectRefused):
            assert JournalEntry.objects.count() == journal
            return ""
        return name

    def acts(self, case: RightsCase, right: Right) -> dict[str, Callable[[], Any]]:
        flip, at = self.choose, self.at
        words, told_at = flip.choice(["", "because"]), at + timedelta(days=flip.choice([-1, 0, 0, 1]))
        day = legal_date(at) - timedelta(days=flip.choice([0, 0, 3, 70]))
        account = case.accounts.get().pk
        of_case: dict[str, Any] = {"case": case, "by": self.by, "at": at}
        of_right: dict[str, Any] = of_case | {"right": right}
        proof, ground, kind = flip.choice(["channel", "seen", "code"]), flip.choice(list(Ground)), flip.choice(LETTERS)
        owed = [*answers(case.requests.get(right=right)), *OF_ANY_CASE]
        return {
            "vouch": lambda: identity.vouch(account=account, proof=proof, note=words, **of_case),
            "verify": lambda: moves.verify(**of_right),
            "grant": lambda: moves.grant(**of_right),
            "refuse": lambda: moves.refuse(ground=ground, reasons=words, in_part=flip.random() < 0.3, **of_right),
            "carry": lambda: self.carry(of_right),
            "letter": lambda: self.write(case, right, flip.choice([kind, *owed])),
            "fulfil": lambda: moves.fulfil(told_at=told_at, **of_right),
            "withdraw": lambda: moves.withdraw(case=case, right=right, at=at),
            "give_up": lambda: moves.give_up(told_at=told_at, **of_right),
            "redirect": lambda: moves.redirect(whither=words, told_at=told_at, **of_right),
            "correct": lambda: moves.correct(reason=words, **of_right),
            "reopen": lambda: moves.reopen(reason=words, **of_right),
            "ask": lambda: clock.ask(
                kind=flip.choice(Question.Kind.values), text=words, doubt=words, asked_on=day, **of_case
            ),
            "answer": lambda: clock.answer(question=self.question(), text=words, answered_on=day, **of_case),
            "extend": lambda: clock.extend(reason=words, sent_on=day, **of_case),
            "restrict": lambda: meanwhile.restrict_now(account=account, reason=words, **of_case),
            "announce": lambda: meanwhile.announce(**of_case),
            "lift": lambda: meanwhile.lift_now(**of_case),
        }

    def carry(self, of_right: dict[str, Any]) -> object:
        """Whatever carries this right out."""
        right = of_right["right"]
        if right == Right.ACCESS:
            return carrying.hand_over(**{name: of_right[name] for name in ("case", "by", "at")})
        if right != Right.RECTIFICATION:
            return carrying.carry_out(**of_right)
        acts = {name: of_right[name] for name in ("case", "by", "at")}
        return carrying.rectify(artifact_key=self.artifact.pk, field="license", value="mit", **acts)

    def write(self, case: RightsCase, right: Right, kind: LetterKind) -> object:
        """A letter about the right or, where that is its kind, about the whole case."""
        of_case = kind in (LetterKind.NOT_IDENTIFIED, LetterKind.LIFTING)
        return told(case, kind, "" if of_case else right, at=self.at, by=self.by)

    def question(self) -> int:
        found = self.case.questions.unanswered().first()
        return found.pk if found else 0

    def check_promises(self, changed: set[str]) -> None:
        case = fresh(self.case)
        requests = list(case.requests.all())
        for request in requests:
            if request.decision in (Decision.REFUSED, Decision.PARTLY_GRANTED):
                self.check_refusal(case, request)
            if request.state in ENDS:
                self.check_end(case, request)
            if request.right in changed:
                assert case.confirmed_at or request.state in (State.WITHDRAWN, State.RECEIVED)
        assert (case.closed_at is not None) is all(request.state in ENDS for request in requests)
        assert case.latest_on >= case.due_on

    def check_refusal(self, case: RightsCase, request: RightsRequest) -> None:
        assert request.reasons
        assert request.complaint
        assert request.judicial_remedy
        assert request.right != Right.PORTABILITY or request.ground == Ground.NOT_APPLICABLE
        assert request.decided_at
        last = due_on(case.received_on, suspensions=clock.suspensions(case, on=legal_date(request.decided_at)))
        assert legal_date(request.decided_at) <= last

    def check_end(self, case: RightsCase, request: RightsRequest) -> None:
        assert request.told_at
        assert request.ended_at
        assert request.told_at <= request.ended_at <= self.at
        if request.state == State.WITHDRAWN:
            return
        left = list(case.letters.exclude(sent_at=None))
        kinds = {letter.kind for letter in left if letter.right in ("", request.right)}
        assert TOLD_BY.get(State(request.state), set()) <= kinds
        if request.state == State.FULFILLED and request.decision != Decision.GRANTED:
            [*_, text] = [one.text for one in left if one.right == request.right and one.kind in REFUSING]
            assert all(item in text for item in (request.reasons, request.complaint, request.judicial_remedy))
