"""Names of others that hold an erased pseudonym: what a person decides about each."""

from datetime import datetime

from django.db import transaction

from rights import exclusion, journal, scrubbing
from rights.effects.erasure import remove, traits
from rights.effects.holdings import of_somebody_else
from rights.effects.previews import Preview, confirmed, measured
from rights.models import NameDoubt
from rights.suppressions import Ground

KEPT, TAKEN_OUT = "doubt_kept", "doubt_taken_out"


@transaction.atomic
def keep(*, doubt: NameDoubt, by: int, at: datetime) -> bool:
    """Decide that the name means somebody else or is an everyday word, and stays. The journal says so.

    Returns False where somebody decided it in the meantime: nothing is entered then.
    """
    deleted, _tables = NameDoubt.objects.filter(pk=doubt.pk).delete()
    if deleted:
        journal.enter(act=KEPT, by=by, at=at, reference=doubt.reference, details={"artifact": doubt.artifact_key})
    return bool(deleted)


def preview(doubt: NameDoubt, *, at: datetime) -> Preview:
    """What taking the artifact out would touch. Changes nothing."""
    return measured(of_somebody_else(doubt.artifact_key), at=at)


@transaction.atomic
def take_out(*, doubt: NameDoubt, by: int, at: datetime, second: int | None = None) -> bool:
    """Decide that the name means the erased person: the artifact leaves, and stays out for as long as it is called so.

    Its account stays. Returns False where somebody decided it in the meantime. Raises EffectRefused for a great impact
    without a second agent.
    """
    exclusion.alone()
    if not NameDoubt.objects.filter(pk=doubt.pk).exists():
        return False
    held = of_somebody_else(doubt.artifact_key)
    seen = measured(held, at=at)
    confirmed(seen, by=by, second=second)
    remove(held, ground=Ground.ERASURE, reference=doubt.reference, at=at)
    NameDoubt.objects.filter(pk=doubt.pk).delete()
    redo = {"do": "remove", "ground": str(Ground.ERASURE), **traits(held)}
    details: dict[str, int | str] = seen.counts() | {"artifact": doubt.artifact_key, "second": second or 0}
    journal.enter(act=TAKEN_OUT, by=by, at=at, reference=doubt.reference, details=details, redo=redo)
    transaction.on_commit(scrubbing.scrub)
    return True
