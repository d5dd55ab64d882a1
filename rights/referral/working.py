"""The plain acts on a referral: who works on it, the urgent lane, and its end."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rights.desk.acts import ActRefused
from rights.models import Referral
from rights.referral.receiving import entered, take


@transaction.atomic
def assign(*, referral: Referral, agent: int | None, by: int, at: datetime) -> None:
    """Note who works on it. Raises ReferralOvertaken."""
    held = take(referral)
    held.agent_id = agent
    held.save(update_fields=["agent"])
    entered(held, "referral_assigned", by=by, at=at, agent=agent or 0)


@transaction.atomic
def mark_urgent(*, referral: Referral, urgent: bool, by: int, at: datetime) -> None:
    """Put it into the urgent lane, or take it out. Raises ActRefused once it was handed over, ReferralOvertaken."""
    held = take(referral)
    if held.closed_at is not None or held.handed_over_at is not None:
        raise ActRefused(_("It is closed, or was handed over already. Nothing was changed."))
    held.urgent = urgent
    held.save(update_fields=["urgent"])
    entered(held, "referral_urgent", by=by, at=at, urgent=int(urgent))


@transaction.atomic
def hand_over(*, referral: Referral, to: str, by: int, at: datetime) -> None:
    """Note which service, able to act at once, took an urgent one. Raises ActRefused for others, ReferralOvertaken."""
    held = take(referral)
    if not held.urgent or held.closed_at is not None:
        raise ActRefused(_("Only an urgent referral that is open is handed over. Nothing was changed."))
    if not to.strip():
        raise ActRefused(_("Say which service took it. Nothing was changed."))
    held.handed_over_at, held.handed_over_to = at, to.strip()
    held.save(update_fields=["handed_over_at", "handed_over_to"])
    entered(held, "referral_handed_over", by=by, at=at)


@transaction.atomic
def close(*, referral: Referral, by: int, at: datetime) -> None:
    """End it, once the person was answered. Raises ActRefused before a letter left, ReferralOvertaken.

    An urgent one is handed over first.
    """
    held = take(referral)
    if held.closed_at is not None:
        raise ActRefused(_("This is closed already. Nothing was changed."))
    if held.urgent and held.handed_over_at is None:
        raise ActRefused(_("An urgent referral is handed over first, the same day. Nothing was changed."))
    if not held.letters.exclude(sent_at=None).exists():
        raise ActRefused(_("The person was sent no letter yet. Nothing was changed. Answer first."))
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    entered(held, "referral_closed", by=by, at=at)
