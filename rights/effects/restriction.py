"""Restriction: an account's elements are stored and shown to nobody, until the person was told that it ends."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lineage.amendments import release, withhold
from lineage.models import Artifact
from rights import exclusion, journal, suppressions
from rights.effects import rectification
from rights.effects.erasure import traits
from rights.effects.holdings import EffectRefused, Holdings, check, holdings
from rights.effects.previews import confirmed, measured
from rights.models import Restriction
from rights.suppressions import Ground


@transaction.atomic
def restrict(*, account: str, reference: str, by: int, at: datetime, second: int | None = None) -> Restriction:
    """Withhold all that is held of the account; harvests leave it as it is and store nothing new of it.

    Its `recipients` are to be told. Raises EffectRefused, also where the case has a restriction in force.
    """
    exclusion.alone()
    if Restriction.objects.in_force().filter(reference=reference).exists():
        raise EffectRefused(_("A restriction is in force for this case. Nothing was changed."))
    held = holdings(account)
    check(held, reference=reference)
    seen = measured(held, at=at)
    confirmed(seen, by=by, second=second)
    suppressions.suppress(held.names, ground=Ground.RESTRICTION, reference=reference, at=at)
    restriction = begin(held, reference=reference, at=at)
    restriction.recipients = seen.recipients
    redo = {"do": "restrict", **traits(held)}
    journal.enter(act="restriction", by=by, at=at, reference=reference, details=seen.counts(), redo=redo)
    return restriction


@transaction.atomic
def announce_lifting(*, restriction: Restriction, by: int, at: datetime) -> None:
    """Note that the person was told at `at` that the restriction will end: the first of two steps."""
    _hold(restriction)
    Restriction.objects.filter(pk=restriction.pk).update(notice_sent_at=at)
    journal.enter(
        act="restriction_notice", by=by, at=at, reference=restriction.reference, details={}, redo={"do": "announce"}
    )


@transaction.atomic
def lift(*, restriction: Restriction, by: int, at: datetime) -> int:
    """Show again, as it was, what was withheld; returns how many artifacts.

    Raises EffectRefused before the person was told, and where the restriction ended already.
    """
    exclusion.alone()
    held = _hold(restriction)
    if held.notice_sent_at is None or held.notice_sent_at > at:
        raise EffectRefused(
            _("The person has to be told before a restriction is lifted. Nothing was changed. Note the notice first.")
        )
    released = end(held, at=at)
    details: dict[str, int | str] = {"artifacts": released}
    journal.enter(
        act="restriction_lifted", by=by, at=at, reference=held.reference, details=details, redo={"do": "lift"}
    )
    return released


def begin(held: Holdings, *, reference: str, at: datetime) -> Restriction:
    """Withhold what is held for this case, within an effect that stands alone."""
    _withhold(held, at=at)
    return Restriction.objects.create(reference=reference, artifact_keys=sorted(held.remains.keys), began_at=at)


def hold(held: Holdings, *, cases: Collection[str], at: datetime) -> None:
    """Withhold further holdings under the restrictions of these cases."""
    _withhold(held, at=at)
    for restriction in Restriction.objects.in_force().filter(reference__in=cases):
        restriction.artifact_keys = sorted({*restriction.artifact_keys, *held.remains.keys})
        restriction.save(update_fields=["artifact_keys"])


def _withhold(held: Holdings, *, at: datetime) -> None:
    gone = held.remains
    withhold(artifacts=sorted(gone.keys), accounts=gone.accounts, as_words=gone.as_words, at=at)
    rectification.silence(gone.naming)


def end(held: Restriction, *, at: datetime) -> int:
    """Show again what no other restriction withholds, as an effect of its own; returns how many artifacts."""
    suppressions.withdraw(reference=held.reference)
    others = {key for other in Restriction.objects.in_force().exclude(pk=held.pk) for key in other.artifact_keys}
    released = release(artifacts=set(held.artifact_keys) - others, at=at)
    Restriction.objects.filter(pk=held.pk).update(lifted_at=at, artifact_keys=[])
    return released


@transaction.atomic
def reveal(*, restriction: Restriction, artifact_key: int, motive: str, by: int, at: datetime) -> str:
    """The name of one withheld artifact, for the case it was withheld for; the motive stands in the journal.

    Raises EffectRefused without a motive or with one that names the account, and for an artifact that was not withheld
    for this case.
    """
    held = _hold(restriction)
    if not motive.strip():
        raise EffectRefused(_("Revealing a restricted element needs a written motive. Nothing was shown."))
    artifact = Artifact.objects.withheld().filter(pk=artifact_key).first()
    if artifact is None or artifact_key not in held.artifact_keys:
        raise EffectRefused(_("This element is not restricted for this case. Nothing was shown."))
    if artifact.owner and artifact.owner.lower() in motive.lower():
        raise EffectRefused(_("The motive stays in the journal and must not name the account. Nothing was shown."))
    details: dict[str, int | str] = {"artifact": artifact_key, "motive": motive.strip()[:500]}
    journal.enter(act="reveal", by=by, at=at, reference=held.reference, details=details)
    return artifact.repo_id


def _hold(restriction: Restriction) -> Restriction:
    held = Restriction.objects.select_for_update().in_force().filter(pk=restriction.pk).first()
    if held is None:
        raise EffectRefused(_("This restriction has already ended. Nothing was changed."))
    return held
