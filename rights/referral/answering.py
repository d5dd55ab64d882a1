"""What a person in a dataset is told: the trace of the latest dossier, its limits, and what they can do."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from lineage.labels import label
from lineage.models import Artifact
from lineage.vocabulary import Kind
from rights.deadlines import legal_date
from rights.desk.answers import OF_THE_CASE
from rights.letters.drafts import Draft, closing
from rights.letters.texts import BLANK, rendered_text
from rights.models import Referral
from rights.referral.publishers import letters
from rights.referral.tracing import statement_of
from rights.vocabulary import LetterKind


def answer_to(referral: Referral, *, signatory: str) -> Draft:
    """The draft of the answer; what is not known yet is left blank, and keeps it from leaving.

    Of an urgent one no trace is told: only who took it, and where help is.
    """
    dossier = referral.dossiers.last()
    artifact = Artifact.objects.shown().filter(pk=referral.artifact_key).first() if referral.artifact_key else None
    with translation.override(referral.language):
        what = f"{label(Kind(artifact.kind))} {artifact.repo_id}" if artifact else f"{BLANK}]"
    enclosed = list(_enclosed(referral))
    context = {
        "what": what,
        "encloses": bool(enclosed),
        "received_on": legal_date(referral.received_at),
        "handed_over_on": legal_date(referral.handed_over_at) if referral.handed_over_at else f"{BLANK}]",
        "handed_over_to": referral.handed_over_to or f"{BLANK}]",
        "statement": statement_of(dossier, referral.language) if dossier and artifact else f"{BLANK}]",
        "taken_on": legal_date(dossier.taken_at) if dossier else f"{BLANK}]",
    }
    template = "urgent" if referral.urgent else LetterKind.REFERRAL
    subject, body = rendered_text(template, referral.language, context)
    end = "\n\n".join((closing(signatory, referral.language), *enclosed))
    return Draft(LetterKind.REFERRAL, OF_THE_CASE, referral.language, subject, body, (), end)


def _enclosed(referral: Referral) -> Iterator[str]:
    """The model letters, after our signature: they are the person's to sign, and the mail itself brings them."""
    with translation.override(referral.language):
        heading = _("Model letter, for you to complete, sign and send:")
    yield from (f"-----\n{heading}\n\n{letter.subject}\n\n{letter.text}" for letter in letters(referral))
