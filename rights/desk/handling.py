"""Who processes a case, and what agents note on it."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from rights.desk.acts import ActRefused, entered, take
from rights.models import CaseNote, RightsCase

PROCESS = "rights.process_rightscase"


@transaction.atomic
def assign(*, case: RightsCase, agent: int | None, deputy: int | None, by: int, at: datetime) -> None:
    """Give the case to an agent and to who stands in; to nobody for None.

    Raises ActRefused for who may process none.
    """
    held = take(case)
    if agent is not None and agent == deputy:
        raise ActRefused(_("Somebody else stands in for the agent. Nothing was changed."))
    for key in (agent, deputy):
        _check_agent(key)
    held.agent_id, held.deputy_id = agent, deputy
    held.save(update_fields=["agent", "deputy"])
    entered(held, "case_assigned", by=by, at=at, agent=agent or 0, deputy=deputy or 0)


@transaction.atomic
def note(*, case: RightsCase, text: str, by: int, at: datetime) -> CaseNote:
    """Note something on the case. A note goes with any change, so that none is lost to another agent's click."""
    if not text.strip():
        raise ActRefused(_("The note is empty. Nothing was stored."))
    kept = CaseNote.objects.create(case=case, text=text.strip(), at=at, by_id=by)
    entered(case, "noted", by=by, at=at)
    return kept


@transaction.atomic
def mark_urgent(*, case: RightsCase, urgent: bool, by: int, at: datetime) -> None:
    """Let the case be looked at first, or no longer."""
    held = take(case)
    held.urgent = urgent
    held.save(update_fields=["urgent"])
    entered(held, "case_urgent", by=by, at=at, urgent=int(urgent))


@transaction.atomic
def hold(*, case: RightsCase, reason: str, by: int, at: datetime) -> None:
    """Legal hold: nothing of the case is deleted until it is released."""
    held = take(case)
    if held.legal_hold_at is not None or not reason.strip():
        raise ActRefused(_("It is on hold already, or the reason is missing. Nothing was changed."))
    held.legal_hold_at, held.legal_hold_reason = at, reason.strip()
    held.save(update_fields=["legal_hold_at", "legal_hold_reason"])
    entered(held, "legal_hold", by=by, at=at)


@transaction.atomic
def release(*, case: RightsCase, by: int, at: datetime) -> None:
    """End the legal hold: the case is deleted again when its time is over."""
    held = take(case)
    if held.legal_hold_at is None:
        raise ActRefused(_("It is not on hold. Nothing was changed."))
    held.legal_hold_at, held.legal_hold_reason = None, ""
    held.save(update_fields=["legal_hold_at", "legal_hold_reason"])
    entered(held, "legal_hold_released", by=by, at=at)


@transaction.atomic
def repeats(*, case: RightsCase, other: str, by: int, at: datetime) -> None:
    """Note that this case repeats another, cited by its number; each is still answered. "" takes it back."""
    held = take(case)
    held.duplicate_of = None if not other.strip() else _other(held, other)
    held.save(update_fields=["duplicate_of"])
    entered(held, "case_repeats", by=by, at=at, other=held.duplicate_of.reference if held.duplicate_of else "")


def _other(case: RightsCase, number: str) -> RightsCase:
    found = RightsCase.objects.filter(number="".join(number.split()), duplicate_of=None).exclude(pk=case.pk).first()
    if found is None or case.duplicates.exists():
        raise ActRefused(_("No other case has this number, or it repeats one itself. Nothing was changed."))
    return found


def _check_agent(key: int | None) -> None:
    if key is None:
        return
    user = get_user_model()._default_manager.filter(pk=key, is_active=True).first()
    if user is None or not user.has_perm(PROCESS):
        raise ActRefused(_("This account may process no case. Nothing was changed."))
