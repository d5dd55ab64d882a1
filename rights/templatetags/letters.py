"""The letters of a case, on its page: those it calls for, and those that left."""

from typing import Any

from django import template
from django.utils import timezone

from rights.admin.agenda import letter_address
from rights.deadlines import legal_date
from rights.desk.answers import OF_GRANTED
from rights.letters import offered
from rights.models import RightsCase
from rights.vocabulary import LetterKind, Right

register = template.Library()
AFTER_THE_ANSWER = {LetterKind.RECIPIENTS, LetterKind.LIFTING}  # what may be owed when all is answered
ANSWERS = {*OF_GRANTED.values(), LetterKind.PORTABILITY}


@register.inclusion_tag("admin/rights/rightscase/_letters_of.html")
def case_letters(case: RightsCase, may_process: bool) -> dict[str, Any]:  # noqa: FBT001  a template gives it
    """What is offered today, by kind and right, and what left."""
    today = legal_date(timezone.now())
    offers = [(kind, right) for kind, right in (offered(case, on=today) if may_process else ()) if _is_due(case, kind)]
    return {
        "case": case,
        "offered": [(letter_address(case, kind, right), kind.label, _about(kind, right)) for kind, right in offers],
        "letters": case.letters.select_related("written_by"),
    }


def _about(kind: LetterKind, right: str) -> str:
    """The right, where the kind does not say it already."""
    return str(Right(right).label) if right and kind not in ANSWERS else ""


def _is_due(case: RightsCase, kind: LetterKind) -> bool:
    return case.closed_at is None or kind in AFTER_THE_ANSWER
