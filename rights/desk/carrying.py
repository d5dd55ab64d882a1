"""What was granted is carried out, from the case: the effects of `rights.effects` on each confirmed account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lineage.hub.names import read_target
from lineage.models import Artifact
from lineage.vocabulary import Kind
from rights import effects
from rights.desk import meanwhile
from rights.desk.acts import ActRefused, entered, take
from rights.effects.holdings import holdings
from rights.models import ClaimedAccount, RightsCase, RightsRequest
from rights.package import Deposit, deposit
from rights.vocabulary import Decision, Identity, Right, State

BY_A_BUTTON = (Right.ERASURE, Right.OBJECTION, Right.RESTRICTION)
REMOVING = (Right.ERASURE, Right.OBJECTION)


class NotOfTheCase(ActRefused):
    """What is named belongs to nobody who was identified here."""

    def __init__(self) -> None:
        super().__init__(_("This artifact is of no confirmed account of this case. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Carried:
    """What was done. `awaits_second`: nothing yet, a second agent has to confirm.

    `recipients`: keys of the accounts that hold a copy and are to be told (Art. 19).
    """

    awaits_second: bool = False
    recipients: frozenset[int] = field(default_factory=frozenset)


@transaction.atomic
def carry_out(*, case: RightsCase, right: str, by: int, at: datetime) -> Carried:
    """Erase, stop or restrict every confirmed account. Above the threshold a second agent's click does it.

    Raises ActRefused, Overtaken, EffectRefused, KeysMissing; then nothing was changed.
    """
    held = take(case)
    request = _granted(held, right, BY_A_BUTTON)
    _check_copy_first(held, right)
    claims = confirmed_accounts(held)
    second = _second(request, claims, by=by, at=at)
    if second is None:
        RightsRequest.objects.filter(pk=request.pk).update(effect_asked_by=by)
        entered(held, "effect_asked", by=by, at=at, right=right)
        return Carried(awaits_second=True)
    first = request.effect_asked_by_id or by
    told: set[int] = set()
    for claim in claims:
        told |= _effect(held, right, claim, by=first, second=second or None, at=at)
    _done(held, request, told, by=by, at=at)
    return Carried(recipients=frozenset(told))


@transaction.atomic
def hand_over(*, case: RightsCase, by: int, at: datetime) -> list[Deposit]:
    """Draw up the access package of every confirmed account. The codes are for the person, and are kept nowhere.

    May be done again until the answer is sent: a lost code means a new package.
    """
    held = take(case)
    request = _granted(held, Right.ACCESS, (Right.ACCESS,), again=True)
    deposits = [
        deposit(account=claim.name, reference=held.reference, language=held.language, by=by, at=at)
        for claim in confirmed_accounts(held)
    ]
    _done(held, request, (), by=by, at=at)
    return deposits


@transaction.atomic
def rectify(
    *, case: RightsCase, artifact_key: int, field: str, value: str | list[str], by: int, at: datetime
) -> Carried:
    """Correct one field of one artifact of a confirmed account. May be done several times until the answer is sent."""
    held = take(case)
    request = _granted(held, Right.RECTIFICATION, (Right.RECTIFICATION,), again=True)
    if artifact_key not in _own(held):
        raise NotOfTheCase
    done = effects.rectify(artifact_key=artifact_key, field=field, value=value, reference=held.reference, by=by, at=at)
    _done(held, request, done.recipients, by=by, at=at)
    return Carried(recipients=done.recipients)


def own_artifact(case: RightsCase, kind: Kind, named: str) -> int:
    """The key of the confirmed account's artifact that this name, or address on the Hub, means; restricted ones too.

    Raises ActRefused for any other.
    """
    name = read_target(named, kind)
    found = Artifact.objects.filter(pk__in=_own(case), kind=kind, repo_id__iexact=str(name)).first()
    if found is None:
        raise NotOfTheCase
    return found.pk


def previews(case: RightsCase, *, at: datetime) -> list[tuple[ClaimedAccount, effects.Preview | str]]:
    """For each claimed account what an effect would touch, or in words why there is none. Changes nothing."""
    shown: list[tuple[ClaimedAccount, effects.Preview | str]] = []
    for claim in case.accounts.all():
        try:
            shown.append((claim, effects.preview(claim.name, at=at)))
        except effects.EffectRefused as refused:
            shown.append((claim, str(refused)))
    return shown


def confirmed_accounts(case: RightsCase) -> list[ClaimedAccount]:
    """The accounts that effects reach. Raises ActRefused for none, and for a shared one whose other users wait."""
    claims = [claim for claim in case.accounts.all() if claim.identity == Identity.CONFIRMED]
    if not claims:
        raise ActRefused(_("Control of no account was shown yet. Nothing was changed. Confirm one first."))
    if any(claim.is_shared for claim in claims):
        raise ActRefused(_("Others use this account and are heard first. Nothing was changed."))
    return claims


def _granted(case: RightsCase, right: str, rights: Iterable[str], *, again: bool = False) -> RightsRequest:
    request = case.requests.filter(right=right, state=State.DECIDED).exclude(decision=Decision.REFUSED).first()
    if request is None or right not in rights:
        raise ActRefused(_("Nothing is granted here that could be carried out. Nothing was changed."))
    if request.effect_at is not None and not again:
        raise ActRefused(_("It was carried out already. Nothing was changed."))
    return request


def _check_copy_first(case: RightsCase, right: str) -> None:
    """Raise ActRefused where what would leave is still to be copied for the person."""
    waits = case.requests.running().filter(right=Right.ACCESS, effect_at=None).exclude(decision=Decision.REFUSED)
    if right in REMOVING and waits.exists():
        raise ActRefused(
            _("The person also asks for a copy of what would leave. Nothing was changed. Draw up the copy first.")
        )


def _second(request: RightsRequest, claims: Iterable[ClaimedAccount], *, by: int, at: datetime) -> int | None:
    """The key of the agent who confirms; 0 where none has to, None where one has to and is still to come."""
    if not any(effects.preview(claim.name, at=at).needs_second for claim in claims):
        return 0
    if request.effect_asked_by_id is None:
        return None
    if request.effect_asked_by_id == by:
        raise ActRefused(_("You asked for it: a second agent has to confirm. Nothing was changed."))
    return by


def _effect(
    case: RightsCase, right: str, claim: ClaimedAccount, *, by: int, second: int | None, at: datetime
) -> frozenset[int]:
    """Do it to one account; whom to tell."""
    if right == Right.RESTRICTION:
        if meanwhile.in_force(case) is not None:
            return frozenset()
        done = effects.restrict(account=claim.name, reference=case.reference, by=by, at=at, second=second)
        return done.recipients
    remove = effects.erase if right == Right.ERASURE else effects.object_to
    return remove(account=claim.name, reference=case.reference, by=by, at=at, second=second).recipients


def _done(case: RightsCase, request: RightsRequest, told: Iterable[int], *, by: int, at: datetime) -> None:
    recipients = sorted({*request.recipients, *told})
    RightsRequest.objects.filter(pk=request.pk).update(effect_at=at, recipients=recipients)
    entered(case, "request_carried_out", by=by, at=at, right=request.right, recipients=len(recipients))


def _own(case: RightsCase) -> set[int]:
    """The artifacts of every confirmed account."""
    return {key for claim in confirmed_accounts(case) for key in holdings(claim.name).remains.keys}
