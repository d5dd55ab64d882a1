"""What is deleted when its time is over: the one table of who applies which period, and what is applied here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from lineage.models import Quarantine
from rights import journal
from rights.models import (
    AccessPackage,
    Attachment,
    FollowUpCode,
    IncomingLetter,
    Knock,
    NameDoubt,
    Purge,
    Rectification,
    Referral,
    Restriction,
    RightsCase,
)
from rights.register import Retention

QUARANTINE_DAYS = UNCONFIRMED_DAYS = 30
REFERRAL_DAYS = 365
VISIT = timedelta(days=1)
# What hangs on a case, each before what it hangs on.
OF_A_CASE = {
    "rights.Attachment": "letter__case",
    "rights.IncomingLetter": "case",
    "rights.Exemption": "request__case",
    "rights.RightsRequest": "case",
    "rights.ClaimedAccount": "case",
    "rights.Question": "case",
    "rights.CaseNote": "case",
    "rights.OutgoingLetter": "case",
    "rights.Reply": "case",
}
OF_A_REFERRAL: Mapping[str, str] = {
    "rights.Attachment": "letter__referral",
    "rights.IncomingLetter": "referral",
    "rights.ReferralDossier": "referral",
    "rights.ContactPoint": "referral",
    "rights.OutgoingLetter": "referral",
    "rights.Reply": "referral",
}
NOBODY = 0  # in the journal: no agent's account
# The scheduled task that deletes what is past its period; None where an act of staff ends it: the purge at the end of
# the project, the closing of an account, the review of an exclusion, a complete harvest.
APPLIED_BY: Mapping[Retention, str | None] = {
    Retention.PROJECT: None,
    Retention.NEXT_LISTING: None,
    Retention.QUARANTINE: "rights.tasks.apply_retention",
    Retention.READS: "lineage.tasks.purge_consultations",
    Retention.PACKAGE: "rights.tasks.apply_retention",
    Retention.EXPORT: "lineage.tasks.purge_disclosures",
    Retention.SESSION: "access.tasks.forget_old_traces",
    Retention.DRAFT: "access.tasks.forget_old_traces",
    Retention.COOL_OFF: "access.tasks.forget_old_traces",
    Retention.ACCOUNT: None,
    Retention.PROOF: "rights.tasks.apply_retention",
    Retention.CASE: "rights.tasks.apply_retention",
    Retention.REFERRAL: "rights.tasks.apply_retention",
    Retention.VISIT: "rights.tasks.apply_retention",
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
        "rights.AccessPackage": _deleted(AccessPackage.objects.filter(expires_at__lte=at)),
        "rights.Restriction": _deleted(Restriction.objects.filter(lifted_at__lt=proof)),
        "rights.Rectification": _deleted(Rectification.objects.filter(closed_at__lt=proof)),
        "rights.Purge": _deleted(Purge.objects.filter(asked_at__lt=proof)),
        "rights.NameDoubt": _deleted(NameDoubt.objects.filter(raised_at__lt=proof)),
        **_added(_added(_cases(proof, at), _referrals(at)), _unentered(at)),
        "rights.Knock": _deleted(Knock.objects.filter(at__lt=at - VISIT)),
        "rights.FollowUpCode": _deleted(FollowUpCode.objects.filter(expires_at__lt=at - VISIT)),
        "rights.JournalEntry": journal.retire(by=NOBODY, at=at),
    }


def _cases(proof: datetime, at: datetime) -> dict[str, int]:
    """Cases answered before `proof`, and those whose address was never confirmed; never one on legal hold."""
    waited = at - timedelta(days=UNCONFIRMED_DAYS)
    over = Q(closed_at__lt=proof) | Q(confirmed_at=None, created_at__lt=waited)
    gone = RightsCase.objects.filter(over, legal_hold_at=None)
    keys = list(gone.exclude(duplicates__in=RightsCase.objects.exclude(pk__in=gone)).values_list("pk", flat=True))
    counts = _parts(OF_A_CASE, keys)
    RightsCase.objects.filter(pk__in=keys).update(duplicate_of=None)
    return counts | {"rights.RightsCase": _deleted(RightsCase.objects.filter(pk__in=keys))}


def _referrals(at: datetime) -> dict[str, int]:
    """Those closed a year ago, and those whose address was never confirmed."""
    waited = Q(confirmed_at=None, created_at__lt=at - timedelta(days=UNCONFIRMED_DAYS))
    gone = Referral.objects.filter(Q(closed_at__lt=at - timedelta(days=REFERRAL_DAYS)) | waited)
    keys = list(gone.values_list("pk", flat=True))
    return _parts(OF_A_REFERRAL, keys) | {"rights.Referral": _deleted(Referral.objects.filter(pk__in=keys))}


def _unentered(at: datetime) -> dict[str, int]:
    """Letters that no agent entered into a case or referral."""
    gone = IncomingLetter.objects.waiting().dropped_before(at - timedelta(days=UNCONFIRMED_DAYS))
    keys = list(gone.values_list("pk", flat=True))
    return {
        "rights.Attachment": _deleted(Attachment.objects.filter(letter__in=keys)),
        "rights.IncomingLetter": _deleted(IncomingLetter.objects.filter(pk__in=keys)),
    }


def _parts(paths: Mapping[str, str], keys: list[int]) -> dict[str, int]:
    """Delete what belongs to these cases or referrals; returns how many rows of each table."""
    return {
        label: _deleted(apps.get_model(label)._default_manager.filter(**{f"{path}__in": keys}))
        for label, path in paths.items()
    }


def _added(some: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    return {label: some.get(label, 0) + others.get(label, 0) for label in (*some, *others)}


def _deleted(rows: models.QuerySet[Any]) -> int:
    return rows.delete()[0]
