"""Exceptions to a right: an agent asks, the DPO gives an opinion, the supervisor decides, with or against it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rights.desk.acts import ActRefused, entered, take
from rights.models import Exemption, RightsCase
from rights.models.exemption import EXCEPTIONS
from rights.transitions import ENDS
from rights.vocabulary import Opinion


@transaction.atomic
def ask_exemption(*, case: RightsCase, right: str, ground: str, argument: str, by: int, at: datetime) -> Exemption:
    """Ask whether research or public interest stands against this right. Raises ActRefused, Overtaken."""
    held = take(case)
    request = held.requests.exclude(state__in=ENDS).filter(right=right).first()
    if request is None or ground not in EXCEPTIONS:
        raise ActRefused(_("No exception can be asked for here. Nothing was changed."))
    _check(argument)
    try:
        with transaction.atomic():
            asked = Exemption.objects.create(
                request=request, ground=ground, argument=argument.strip(), asked_at=at, asked_by_id=by
            )
    except IntegrityError:
        raise ActRefused(_("An exception to this right awaits its decision already. Nothing was changed.")) from None
    entered(held, "exception_asked", by=by, at=at, right=right, ground=ground)
    return asked


@transaction.atomic
def give_opinion(*, case: RightsCase, exemption: int, opinion: str, text: str, by: int, at: datetime) -> None:
    """The DPO's opinion, dated and kept. It decides nothing. Given once, and before the decision."""
    held = take(case)
    asked = _undecided(held, exemption)
    if asked.opinion:
        raise ActRefused(_("An opinion was given already, and is kept as it is. Nothing was changed."))
    if opinion not in Opinion.values:
        raise ActRefused(_("An opinion is favourable, reserved or unfavourable. Nothing was changed."))
    _check(text)
    asked.opinion, asked.opinion_text, asked.opinion_at, asked.opinion_by_id = opinion, text.strip(), at, by
    asked.save(update_fields=["opinion", "opinion_text", "opinion_at", "opinion_by"])
    entered(held, "opinion_given", by=by, at=at, right=asked.request.right, opinion=opinion)


@transaction.atomic
def decide_exemption(*, case: RightsCase, exemption: int, applies: bool, motive: str, by: int, at: datetime) -> None:
    """The supervisor's decision, motivated, once the DPO's opinion stands beside it; by nobody who asked for it."""
    held = take(case)
    asked = _undecided(held, exemption)
    if not asked.opinion:
        raise ActRefused(_("The data protection officer has not given an opinion yet. Nothing was changed."))
    if by in (asked.asked_by_id, asked.opinion_by_id):
        raise ActRefused(_("Whoever asked or gave the opinion does not decide. Nothing was changed."))
    _check(motive)
    asked.applies, asked.motive, asked.decided_at, asked.decided_by_id = applies, motive.strip(), at, by
    asked.save(update_fields=["applies", "motive", "decided_at", "decided_by"])
    followed = applies == (asked.opinion != Opinion.UNFAVOURABLE)
    entered(
        held, "exception_decided", by=by, at=at, right=asked.request.right, applies=int(applies), followed=int(followed)
    )


def _undecided(case: RightsCase, exemption: int) -> Exemption:
    found = Exemption.objects.undecided().filter(pk=exemption, request__case=case).select_related("request").first()
    if found is None:
        raise ActRefused(_("This exception was decided already, or is not of this case. Nothing was changed."))
    return found


def _check(text: str) -> None:
    if not text.strip():
        raise ActRefused(_("Say why, in a few words. Nothing was changed."))
