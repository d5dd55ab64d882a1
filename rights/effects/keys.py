"""Retiring a key of the suppression list: what only it recognises is lost."""

from datetime import datetime

from django.db import transaction

from rights import exclusion, journal
from rights.models import Suppression
from rights.suppressions import KEPT


@transaction.atomic
def retire_key(*, key_id: str, by: int, at: datetime) -> int:
    """Let go of the entries made with a key that leaves its file next; their twins under other keys stay.

    Returns how many rows left.
    """
    exclusion.alone()
    gone = Suppression.objects.filter(key_id=key_id)
    twins = Suppression.objects.exclude(key_id=key_id).filter(entry__in=gone.values("entry"))
    redo = {"do": "retire_key", "key_id": key_id, "listed": list(twins.values(*KEPT))}
    deleted, _tables = gone.delete()
    details: dict[str, int | str] = {"key": key_id, "rows": deleted}
    journal.enter(act="key_retired", by=by, at=at, reference="", details=details, redo=redo)
    return deleted
