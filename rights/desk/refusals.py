"""What a refusal must have, and on which grounds each right may be refused."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from rights.desk import remedies
from rights.desk.acts import ActRefused
from rights.desk.clock import refusal_by
from rights.models import RightsCase, RightsRequest
from rights.models.exemption import EXCEPTIONS
from rights.vocabulary import Ground, Right

WITHOUT_IDENTITY = frozenset(
    {Ground.NOT_APPLICABLE, Ground.ORGANISATION, Ground.NOTHING_HELD, Ground.UNFOUNDED, Ground.EXCESSIVE}
)
_EVERYWHERE = frozenset({Ground.UNFOUNDED, Ground.EXCESSIVE, Ground.ORGANISATION, Ground.NOTHING_HELD})
# Erasure and objection of a natural person's own account are granted: beyond the grounds of all rights, only an
# exception that a supervisor decided stands against them.
GROUNDS: Mapping[str, frozenset[Ground]] = {
    Right.ACCESS: _EVERYWHERE | {Ground.OTHERS, Ground.RESEARCH},
    Right.RECTIFICATION: _EVERYWHERE | {Ground.NOT_APPLICABLE, Ground.OTHERS, Ground.RESEARCH},
    Right.ERASURE: _EVERYWHERE | frozenset(EXCEPTIONS),
    Right.RESTRICTION: _EVERYWHERE | {Ground.NOT_APPLICABLE, Ground.RESEARCH},
    Right.OBJECTION: _EVERYWHERE | frozenset(EXCEPTIONS),
    Right.PORTABILITY: frozenset({Ground.NOT_APPLICABLE}),
}


def check(case: RightsCase, request: RightsRequest, *, ground: str, reasons: str, on: date, late_because: str) -> None:
    """Raise ActRefused where a refusal on this ground, with these reasons, on this day, cannot be."""
    if ground not in GROUNDS[request.right]:
        raise ActRefused(_("This right cannot be refused on that ground. Nothing was changed."))
    if not reasons.strip():
        raise ActRefused(_("A refusal says its reasons. Nothing was changed. Write them for the person."))
    if ground in EXCEPTIONS and not request.exemptions.filter(ground=ground, applies=True).exists():
        raise ActRefused(_("Only a supervisor's decision lets this exception apply. Nothing was changed. Ask for it."))
    if on > refusal_by(case, on=on) and not late_because.strip():
        raise ActRefused(
            _(
                "A refusal is sent inside the first month, never later. Nothing was changed. "
                "Grant it, or let a supervisor refuse it late and say why."
            )
        )


def items(case: RightsCase, *, ground: str, reasons: str) -> dict[str, str]:
    """The three items of the refusal, and its ground, as they are kept and told."""
    return {
        "ground": ground,
        "reasons": reasons.strip(),
        "complaint": remedies.complaint(case.language),
        "judicial_remedy": remedies.judicial_remedy(case.language),
    }
