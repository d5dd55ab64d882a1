"""While an objection or a contested fact is looked into, the account is restricted: Art. 18(1)(a) and (d) GDPR.

As soon as control of the account was shown, or at an agent's click with a reason; never from an unchecked letter, by
which anyone could hide a famous publisher.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rights.desk.acts import ActRefused, entered, take
from rights.desk.answers import check_left
from rights.effects import EffectRefused, announce_lifting, lift, restrict
from rights.models import CaseNote, ClaimedAccount, Restriction, RightsCase
from rights.vocabulary import LetterKind, Right

CONTESTS = (Right.OBJECTION, Right.RECTIFICATION)


def restrict_contested(case: RightsCase, claim: ClaimedAccount, *, by: int, at: datetime) -> None:
    """Restrict an account whose holder objects or contests, within an act; where it cannot be, the journal says so.

    Above the threshold an agent restricts it by a click of two, not a rule.
    """
    if not case.requests.running().filter(right__in=CONTESTS).exists() or claim.is_shared:
        return
    try:
        restrict(account=claim.name, reference=case.reference, by=by, at=at)
    except EffectRefused:
        entered(case, "not_restricted_meanwhile", by=by, at=at, account=claim.pk)


@transaction.atomic
def restrict_now(
    *, case: RightsCase, account: int, reason: str, by: int, at: datetime, second: int | None = None
) -> Restriction:
    """Restrict a claimed account at an agent's click, with a reason that is kept as a note. Raises EffectRefused."""
    held = take(case)
    claim = held.accounts.filter(pk=account).first()
    if claim is None or held.closed_at is not None or not reason.strip():
        raise ActRefused(_("Choose an account of an open case, and say why. Nothing was changed."))
    restriction = restrict(account=claim.name, reference=held.reference, by=by, at=at, second=second)
    CaseNote.objects.create(case=held, text=reason.strip(), at=at, by_id=by)
    return restriction


@transaction.atomic
def announce(*, case: RightsCase, by: int, at: datetime) -> None:
    """Note that the person was told that the restriction will end: the first of two steps. Raises ActRefused before."""
    held = take(case)
    restriction = _in_force(held)
    check_left(held, LetterKind.LIFTING, since=restriction.began_at)
    announce_lifting(restriction=restriction, by=by, at=at)


@transaction.atomic
def lift_now(*, case: RightsCase, by: int, at: datetime) -> int:
    """End the restriction, once the person was told; how many artifacts are shown again. Raises EffectRefused."""
    return lift(restriction=_in_force(take(case)), by=by, at=at)


def in_force(case: RightsCase) -> Restriction | None:
    """The case's restriction, if one is in force."""
    return Restriction.objects.in_force().filter(reference=case.reference).first()


def _in_force(case: RightsCase) -> Restriction:
    found = in_force(case)
    if found is None:
        raise ActRefused(_("No restriction is in force for this case. Nothing was changed."))
    return found
