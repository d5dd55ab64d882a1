"""What a case's page shows, from top to bottom as the work is done, and the forms that stand in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from django.urls import reverse

from lineage.models import Author
from lineage.purpose import PARAMETER, sealed_for
from rights.admin.acts import ACTS
from rights.admin.agenda import ToDo, agenda, next_step
from rights.admin.queue import badge, left_words
from rights.admin.slots import SlotForm
from rights.admin.timeline import timeline
from rights.deadlines import legal_date
from rights.desk import carrying, identity, meanwhile, moves
from rights.desk.clock import clock
from rights.desk.handling import PROCESS
from rights.desk.opening import alike
from rights.effects.elsewhere import CHECKLIST
from rights.models import AccessPackage, ClaimedAccount, Exemption, Question, RightsCase, RightsRequest
from rights.transitions import Move
from rights.vocabulary import Decision, Identity, Requester, Right, State

MOST_ALIKE = 10
NOTHING = ToDo("")
OF_THE_CASE = "case"  # the target of what is about no part of a case


class Reader(Protocol):
    """Whoever opens the page."""

    pk: Any

    def has_perm(self, perm: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Slot:
    """One form in its place. `is_open`: it was sent and could not be done, so it stands open with what was typed;
    `is_next`: it is what the work waits for.
    """

    word: str
    target: str
    form: SlotForm
    address: str
    button: Any
    is_open: bool = False
    is_next: bool = False

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return prefix_of(self.word, self.target)

    @property
    def is_plain(self) -> bool:
        """Whether it is a button only."""
        return not any(True for _field in self.form.visible_fields())


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a section: what it is about, what stands beside it, and its forms."""

    row: Any
    slots: list[Slot]
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class CasePage:
    """The page of one case for one reader. `sent`: the form that was sent and refused."""

    case: RightsCase
    reader: Reader
    at: datetime
    sent: tuple[str, str, SlotForm] | None = None
    wants_previews: bool = False
    placed: set[tuple[str, str]] = field(default_factory=set)

    def context(self) -> dict[str, Any]:
        """Everything the template shows."""
        case, today = self.case, legal_date(self.at)
        stands = clock(case, on=today)
        shown = {
            "case": case,
            "clock": stands,
            "badge": badge(case, on=today),
            "agenda": list(agenda(case)) if self.reader.has_perm(PROCESS) else [],
            "left": "" if case.closed_at else left_words(stands.days_left),
            "alike": list(alike(case)[:MOST_ALIKE]),
            "head": self._slots(self._head_words()),
            "clock_slots": self._slots(self._clock_words()),
            "questions": [Part(row, self._slots(self._question_words(row))) for row in case.questions.all()],
            "accounts": [self._account(claim) for claim in case.accounts.all()],
            "identity_slots": self._slots(self._representation_words()),
            "rights": [self._right(request) for request in case.requests.all()],
            "copies": AccessPackage.objects.waiting(self.at).filter(reference=case.reference).defer("body"),
            "elsewhere": CHECKLIST if self._is_removed() else (),
            "restriction": meanwhile.in_force(case),
            "effect_slots": self._slots(self._lifting_words()),
            "previews": carrying.previews(case, at=self.at) if self._shows_previews() else None,
            "notes": case.notes.select_related("by"),
            "note": self._slots([("note", OF_THE_CASE)]),
            "timeline": timeline(case.reference),
            "handling": self._slots(self._handling_words()),
            "may_process": self.reader.has_perm(PROCESS),
        }
        return shown | {"unplaced": self._unplaced()}

    def _is_removed(self) -> bool:
        """Whether an account left for this case, so that other places have to be gone through."""
        return self.case.requests.filter(right__in=(Right.ERASURE, Right.OBJECTION), effect_at__isnull=False).exists()

    def _unplaced(self) -> Slot | None:
        """What was sent and has no place on the page any more: shown at its top, so that no text is lost."""
        if self.sent is None or self.sent[:2] in self.placed:
            return None
        return self._slot(*self.sent[:2])

    def _slots(self, wanted: Iterable[tuple[str, str]], todo: ToDo = NOTHING) -> list[Slot]:
        """The forms that this reader may send."""
        may = (pair for pair in wanted if self.reader.has_perm(ACTS[pair[0]].permission))
        return [replace(self._slot(*pair), is_next=pair[0] == todo.act) for pair in may]

    def _slot(self, word: str, target: str) -> Slot:
        act = ACTS[word]
        self.placed.add((word, target))
        address = reverse("admin:rights_rightscase_act", args=[self.case.pk, word, target])
        if self.sent and self.sent[:2] == (word, target):
            return Slot(word, target, self.sent[2], address, act.button, is_open=True)
        today = legal_date(self.at)
        initial = {"version": self.case.version, "told_on": today, "agent": self.case.agent_id}
        initial |= dict.fromkeys(("sent_on", "asked_on", "answered_on", "reminded_on"), today)
        initial |= {"deputy": self.case.deputy_id, "received_on": self.case.received_on}
        return Slot(word, target, act.form(prefix=prefix_of(word, target), initial=initial), address, act.button)

    def _head_words(self) -> Iterator[tuple[str, str]]:
        yield ("not-urgent" if self.case.urgent else "urgent"), OF_THE_CASE
        yield "assign", OF_THE_CASE

    def _clock_words(self) -> Iterator[tuple[str, str]]:
        if self.case.closed_at is not None:
            return
        if clock(self.case, on=legal_date(self.at)).may_be_extended:
            yield "extend", OF_THE_CASE
        yield "ask", OF_THE_CASE
        yield "receipt", OF_THE_CASE

    def _question_words(self, question: Question) -> Iterator[tuple[str, str]]:
        if question.answered_on is None:
            yield "answer", str(question.pk)
            yield "remind", str(question.pk)

    def _representation_words(self) -> Iterator[tuple[str, str]]:
        if self.case.requester != Requester.ONESELF and self.case.representation_checked_at is None:
            yield "represented", OF_THE_CASE

    def _account(self, claim: ClaimedAccount) -> Part:
        author = Author.objects.filter(name__iexact=claim.name).first()
        said = {"is_organisation": identity.is_organisation(claim), "address": self._address(author)}
        return Part(claim, self._slots(self._account_words(claim)), said)

    def _address(self, author: Author | None) -> str:
        """The account's page in the genealogy; what is read from there on is read for this case."""
        if author is None:
            return ""
        purpose = sealed_for(self.case.reference, reader=self.reader.pk or 0)
        return f"{reverse('lineage:author', args=[author.pk])}?{PARAMETER}={purpose}"

    def _account_words(self, claim: ClaimedAccount) -> Iterator[tuple[str, str]]:
        if self.case.closed_at is not None:
            return
        key = str(claim.pk)
        if claim.identity == Identity.CODE_ASKED:
            yield "look", key
        if claim.identity != Identity.CONFIRMED:
            yield "code", key
            yield "vouch", key
            yield "deny", key
        yield ("heard" if claim.is_shared else "shared"), key
        if meanwhile.in_force(self.case) is None:
            yield "restrict-now", key

    def _right(self, request: RightsRequest) -> Part:
        exemptions = [Part(row, self._slots(_exemption_words(row))) for row in request.exemptions.all()]
        todo = next_step(self.case, request)
        said = {"next": todo, "exemptions": exemptions}
        waits = self.case.questions.unanswered().filter(kind=Question.Kind.DOUBT).exists()
        words = [pair for pair in _right_words(request) if waits or pair[0] != "give_up"]
        return Part(request, self._slots(_first(todo, words), todo), said)

    def _lifting_words(self) -> Iterator[tuple[str, str]]:
        restriction = meanwhile.in_force(self.case)
        if restriction is not None:
            yield ("lift" if restriction.notice_sent_at else "announce"), OF_THE_CASE

    def _handling_words(self) -> Iterator[tuple[str, str]]:
        yield "repeats", OF_THE_CASE
        yield ("release" if self.case.legal_hold_at else "hold"), OF_THE_CASE

    def _shows_previews(self) -> bool:
        if not self.reader.has_perm(PROCESS):
            return False
        granted = self.case.requests.filter(state=State.DECIDED, effect_at=None).exclude(decision=Decision.REFUSED)
        return self.wants_previews or granted.exclude(right=Right.ACCESS).exists()


def prefix_of(word: str, target: str) -> str:
    """How the fields of this act's form are called, so that no two forms of a page share a name."""
    return f"{word}-{target}"


def _first(todo: ToDo, words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The act that is to be done next before all others; identity is not noted before it was shown."""
    kept = (pair for pair in words if pair[0] != "verify" or todo.act == "verify")
    return sorted(kept, key=lambda pair: pair[0] != todo.act)


RIGHT_WORDS: tuple[tuple[Move, str], ...] = (
    (Move.VERIFY, "verify"),
    (Move.FULFIL, "fulfil"),
    (Move.WITHDRAW, "withdraw"),
    (Move.REDIRECT, "redirect"),
    (Move.GIVE_UP, "give_up"),
    (Move.CORRECT, "correct"),
    (Move.REOPEN, "reopen"),
)
BACK = (Move.WITHDRAW, Move.CORRECT)


def _right_words(request: RightsRequest) -> Iterator[tuple[str, str]]:
    """The acts on a right from where it stands, the next step first."""
    right = request.right
    yield from ((word, right) for word in _effect_words(request))
    if moves.may(request, Move.DECIDE):
        yield from ((word, right) for word in ("grant", "refuse", "ask-exception") if _is_meant(request, word))
    yield from ((word, right) for move, word in RIGHT_WORDS if _is_offered(request, move))
    if moves.may(request, Move.DISMISS):
        yield "refuse", right


def _is_offered(request: RightsRequest, move: Move) -> bool:
    """What was carried out is not taken back."""
    return moves.may(request, move) and (move not in BACK or request.effect_at is None)


def _is_meant(request: RightsRequest, word: str) -> bool:
    """Portability is answered, never granted; and an exception is asked for once at a time."""
    if request.right == Right.PORTABILITY:
        return word == "refuse"
    return word != "ask-exception" or not request.exemptions.undecided().exists()


def _effect_words(request: RightsRequest) -> Iterator[str]:
    if request.state != State.DECIDED or request.decision == Decision.REFUSED:
        return
    if request.right == Right.ACCESS:
        yield "hand-over"
    elif request.right == Right.RECTIFICATION:
        yield "rectify"
    elif request.effect_at is None:
        yield "carry-out"


def _exemption_words(exemption: Exemption) -> Iterator[tuple[str, str]]:
    if exemption.decided_at is None:
        yield ("decide-exception" if exemption.opinion else "opinion"), str(exemption.pk)
