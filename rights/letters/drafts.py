"""Which letters a case calls for, and the draft of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rights.deadlines import due_on
from rights.desk import remedies
from rights.desk.answers import OF_THE_CASE, answers
from rights.desk.clock import may_be_extended
from rights.desk.meanwhile import in_force
from rights.letters.texts import BLANK, rendered_text
from rights.models import Question, RightsCase, RightsRequest
from rights.models.case import grouped
from rights.package.recipients import recipients
from rights.vocabulary import Decision, Identity, LetterKind, Right, State

ARTICLES: Mapping[str, Promise] = {
    Right.ACCESS: gettext_lazy("Article 15"),
    Right.RECTIFICATION: gettext_lazy("Article 16"),
    Right.ERASURE: gettext_lazy("Article 17"),
    Right.RESTRICTION: gettext_lazy("Article 18"),
    Right.OBJECTION: gettext_lazy("Article 21"),
    Right.PORTABILITY: gettext_lazy("Article 20"),
}
UNIDENTIFIED = (State.RECEIVED, State.NOT_IDENTIFIED)
TOLD_TO_RECIPIENTS = frozenset({Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.OBJECTION})
WITH_REMEDIES = frozenset({LetterKind.REFUSAL, LetterKind.PORTABILITY, LetterKind.NOT_IDENTIFIED})


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it leaves. `body` can be edited; `locked` and `closing` are put after it, whatever it says."""

    kind: LetterKind
    right: str
    language: str
    subject: str
    body: str
    locked: tuple[str, ...]
    closing: str

    def text(self, body: str) -> str:
        """The whole letter with this body."""
        return "\n\n".join((self._greeting(), body.strip(), *self.locked, self.closing)) + "\n"

    def _greeting(self) -> str:
        with translation.override(self.language):
            return _("Dear Sir or Madam,")


def offered(case: RightsCase, *, on: date) -> Iterator[tuple[LetterKind, str]]:
    """The letters that this case may call for on this day, those of its rights last: kind and right."""
    requests = list(case.requests.all())
    whole = {
        LetterKind.ACKNOWLEDGEMENT: True,
        LetterKind.IDENTITY: case.accounts.filter(identity=Identity.CODE_ASKED).exists(),
        LetterKind.QUESTION: case.questions.unanswered().exists(),
        LetterKind.EXTENSION: case.extension_sent_on is not None or may_be_extended(case, on=on),
        LetterKind.LIFTING: in_force(case) is not None,
        LetterKind.NOT_IDENTIFIED: any(request.state in UNIDENTIFIED for request in requests),
    }
    yield from ((kind, OF_THE_CASE) for kind, is_called_for in whole.items() if is_called_for)
    for request in requests:
        yield from ((kind, request.right) for kind in _of_right(request))


def drafted(case: RightsCase, kind: LetterKind, right: str, *, signatory: str) -> Draft:
    """The draft of one letter, from what is recorded. Raises RightsRequest.DoesNotExist for a right not asked for."""
    request = case.requests.get(right=right) if right else None
    subject, body = rendered_text(kind, case.language, _context(case, request))
    return Draft(
        kind, right, case.language, subject, body, _locked(case, kind, request), closing(signatory, case.language)
    )


def addressee(case: RightsCase, kind: LetterKind, right: str) -> str:
    """Where a letter goes: to the person; a notice of Art. 19 to the next of the recipients that none has left for."""
    if kind != LetterKind.RECIPIENTS:
        return str(case.contact)
    told = {letter.recipient for letter in case.letters.filter(kind=kind, right=right)}
    keys = case.requests.get(right=right).recipients
    holders = get_user_model()._default_manager.filter(pk__in=keys).exclude(email="").order_by("pk")
    addresses = (str(holder.email) for holder in holders)
    return next((address for address in addresses if address not in told), "")


def _of_right(request: RightsRequest) -> Iterator[LetterKind]:
    """The letters about one right, by where it stands."""
    yield from answers(request)
    if request.recipients and request.right in TOLD_TO_RECIPIENTS:
        yield LetterKind.RECIPIENTS
    if request.state in (State.RECEIVED, State.VERIFIED, State.REDIRECTED):
        yield LetterKind.REDIRECTION


def _context(case: RightsCase, request: RightsRequest | None) -> dict[str, Any]:
    """What the templates may say, written out in the language of the case."""
    accounts = list(case.accounts.all())
    with translation.override(case.language):
        return {
            "case": case,
            "reference": grouped(case.reference),
            "follow_up": settings.SITE_URL + reverse("rights:follow_up") if settings.PUBLIC_FORM else "",
            "received_on": case.received_on,
            "due_on": case.due_on,
            "extended_to": due_on(case.received_on, extended=True),
            "extension_reason": case.extension_reason or f"{BLANK}]",
            "rights": _labels(case.requests.all()),
            "unidentified": _labels(case.requests.filter(state__in=UNIDENTIFIED)),
            "accounts": ", ".join(account.name for account in accounts),
            "several": len(accounts) > 1,
            "codes": [(account.name, account.code) for account in accounts if account.code],
            **_of_question(case),
            **(_of_request(request) if request else {}),
        }


def _of_question(case: RightsCase) -> dict[str, Any]:
    """The latest question that waits for its answer."""
    asked = case.questions.unanswered().order_by("asked_on").last()
    if asked is None:
        return {"question": f"{BLANK}]"}
    return {
        "question": asked.text,
        "doubt": asked.doubt,
        "stops": asked.kind != Question.Kind.ROUTINE,
        "on_identity": asked.kind == Question.Kind.DOUBT,
    }


def _of_request(request: RightsRequest) -> dict[str, Any]:
    """What concerns one right."""
    return {
        "right": request.get_right_display(),
        "code": request.right,
        "article": ARTICLES[request.right],
        "in_part": request.decision == Decision.PARTLY_GRANTED,
        "ground": request.get_ground_display() or f"{BLANK}]",
        "recipients": ", ".join(sorted(set(recipients(request.recipients).values()))),
    }


def _labels(requests: Iterable[RightsRequest]) -> str:
    return ", ".join(str(one.get_right_display()) for one in requests)


def _locked(case: RightsCase, kind: LetterKind, request: RightsRequest | None) -> tuple[str, ...]:
    """What no letter of this kind goes without (Art. 12(4)): the reasons, the complaint, the judicial remedy."""
    if kind not in WITH_REMEDIES:
        return ()
    reasons = request.reasons if request and kind != LetterKind.NOT_IDENTIFIED else ""
    kept = [request.complaint, request.judicial_remedy] if request else ["", ""]
    told = [kept[0] or remedies.complaint(case.language), kept[1] or remedies.judicial_remedy(case.language)]
    return tuple(part for part in (reasons, *told) if part)


def closing(signatory: str, language: str) -> str:
    """The courtesy that ends a letter; then who signs, and for whom."""
    with translation.override(language):
        return "\n".join((_("Yours faithfully,"), "", signatory, settings.LETTER_SENDER))
