"""What watches that were set for a case noted, entered into that case."""

from datetime import datetime

from lineage.models import WatchedChange
from rights.desk.acts import entered
from rights.models import JournalEntry, RightsCase

CHANGED = "case_trace_changed"
NOBODY = 0  # in the journal: no agent's account


def enter(*, at: datetime) -> int:
    """Enter each change under a watched trace into its open case, once; returns how many were entered."""
    cases = {case.reference: case for case in RightsCase.objects.open().unopened()}
    known = {
        entry.details.get("change") for entry in JournalEntry.objects.filter(act=CHANGED, reference__in=cases.keys())
    }
    changes = WatchedChange.objects.filter(watch__purpose__in=cases.keys()).exclude(pk__in=known)
    for change in changes.select_related("watch").order_by("pk"):
        counts = {name: getattr(change, name) for name in ("appeared", "left", "reparented", "unlisted")}
        entered(cases[change.watch.purpose], CHANGED, by=NOBODY, at=at, change=change.pk, **counts)
    return len(changes)
