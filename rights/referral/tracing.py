"""The dated trace of what a referral is about, its limits in words, and the watch over it."""

import logging
from datetime import datetime

from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lineage import disclosures
from lineage.consultations import Reader
from lineage.disclosures import DOSSIER, today
from lineage.dossier import Definition, Difference, again, difference
from lineage.models import Artifact, Disclosure
from lineage.tracing import trace_from
from lineage.vocabulary import Direction
from rights.desk.acts import ActRefused
from rights.models import Referral, ReferralDossier
from rights.referral.receiving import entered, take

logger = logging.getLogger(__name__)
NOBODY = 0  # in the journal: no agent's account


@transaction.atomic
def name_artifact(*, referral: Referral, artifact_key: int, by: int, at: datetime) -> None:
    """Note which artifact the person means. Raises ActRefused for one that is not held, or not shown."""
    held = take(referral)
    if not Artifact.objects.shown().filter(pk=artifact_key).exists():
        raise ActRefused(_("No artifact is shown under this key. Nothing was changed. Copy it from its page."))
    held.artifact_key = artifact_key
    held.save(update_fields=["artifact_key"])
    entered(held, "referral_artifact", by=by, at=at, artifact=artifact_key)


@transaction.atomic
def take_dossier(*, referral: Referral, by: Reader, at: datetime) -> ReferralDossier:
    """Draw up and keep today's trace of what was made from the artifact. Raises ActRefused where none is named.

    Nor of an urgent one, of which no trace goes round.
    """
    held = take(referral)
    if held.urgent:
        raise ActRefused(_("It is urgent: no trace of it goes round. Nothing was changed. Hand it over the same day."))
    artifact = Artifact.objects.shown().filter(pk=held.artifact_key).first() if held.artifact_key else None
    if artifact is None:
        raise ActRefused(_("Note first which dataset or model the person means. Nothing was changed."))
    trace = trace_from(artifact, direction=Direction.DOWNSTREAM)
    disclosure: Disclosure = disclosures.hand_over(trace, form=DOSSIER, by=by, at=at)
    entered(held, "referral_dossier", by=by.pk or NOBODY, at=at, disclosure=disclosure.pk, count=len(trace))
    return ReferralDossier.objects.create(
        referral=held,
        disclosure_key=disclosure.pk,
        definition=Definition(artifact.pk, trace.direction, trace.filters, at, trace.as_of).stored(),
        count=len(trace),
        taken_at=at,
        taken_by_id=by.pk or NOBODY,
    )


def statement_of(dossier: ReferralDossier, language: str) -> str:
    """What the trace says and what cannot be known, in a person's language. Raises Artifact.DoesNotExist."""
    with translation.override(language):
        return "\n".join(again(Definition.restored(dossier.definition)).statement)


def changes(dossier: ReferralDossier) -> Difference | None:
    """What today's trace gained and lost; None where what it starts from is no longer held or shown."""
    definition = Definition.restored(dossier.definition)
    try:
        return difference(again(definition).trace, today(definition))
    except Artifact.DoesNotExist:
        return None


def look_again(*, at: datetime) -> int:
    """Note of every open referral whether its trace is another one by now; returns how many were found changed."""
    found = 0
    for dossier in ReferralDossier.objects.watched().select_related("referral__agent", "taken_by"):
        differs = changes(dossier)
        if (differs is None or len(differs.gained) or len(differs.lost)) and _noted(dossier, differs, at):
            found += 1
            _tell(dossier)
    return found


def _tell(dossier: ReferralDossier) -> None:
    """Mail whoever works on the referral, or else who took the dossier. The page of the referral says it anyway."""
    account = dossier.referral.agent or dossier.taken_by
    if not (account.is_active and account.email):
        return
    words = _(
        "The trace kept with referral {number} is another one by now. Sign in and open the referral to see which."
    )
    try:
        send_mail(_("Genealogy: a watched trace changed"), words.format(number=dossier.referral), None, [account.email])
    except OSError as failure:
        logger.warning("The mail on referral dossier %s could not be sent (%s)", dossier.pk, type(failure).__name__)


@transaction.atomic
def _noted(dossier: ReferralDossier, differs: Difference | None, at: datetime) -> int:
    marked = ReferralDossier.objects.watched().filter(pk=dossier.pk).update(changed_at=at)
    gained, lost = (len(differs.gained), len(differs.lost)) if differs else (0, dossier.count)
    if marked:
        entered(dossier.referral, "referral_trace_changed", by=NOBODY, at=at, gained=gained, lost=lost)
    return marked
