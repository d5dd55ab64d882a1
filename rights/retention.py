"""What is deleted when its time is over: the one table of who applies which period, and what is applied here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from lineage.models import Quarantine
from rights import journal
from rights.models import NameDoubt, Rectification, Restriction
from rights.register import Retention

QUARANTINE_DAYS = 30
NOBODY = 0  # in the journal: no agent's account
# The scheduled task that deletes what is past its period; None where an act of staff ends it: the purge at the end of
# the project, the closing of an account, the review of an exclusion, a complete harvest.
APPLIED_BY: Mapping[Retention, str | None] = {
    Retention.PROJECT: None,
    Retention.NEXT_LISTING: None,
    Retention.QUARANTINE: "rights.tasks.apply_retention",
    Retention.READS: "lineage.tasks.purge_consultations",
    Retention.EXPORT: "lineage.tasks.purge_disclosures",
    Retention.SESSION: "access.tasks.forget_old_traces",
    Retention.COOL_OFF: "access.tasks.forget_old_traces",
    Retention.ACCOUNT: None,
    Retention.PROOF: "rights.tasks.apply_retention",
    Retention.EXCLUSION: None,
    Retention.ALWAYS: None,
}


@transaction.atomic
def apply(*, at: datetime) -> dict[str, int]:
    """Delete what is past its period at `at` and no other task deletes. Returns how many rows of each table.

    A restriction or rectification in force stays, however old; its five years begin when it ends.
    """
    proof = journal.kept_since(at)
    return {
        "lineage.Quarantine": _deleted(Quarantine.objects.filter(seen_at__lt=at - timedelta(days=QUARANTINE_DAYS))),
        "rights.Restriction": _deleted(Restriction.objects.filter(lifted_at__lt=proof)),
        "rights.Rectification": _deleted(Rectification.objects.filter(closed_at__lt=proof)),
        "rights.NameDoubt": _deleted(NameDoubt.objects.filter(raised_at__lt=proof)),
        "rights.JournalEntry": journal.retire(by=NOBODY, at=at),
    }


def _deleted(rows: models.QuerySet[Any]) -> int:
    return rows.delete()[0]
