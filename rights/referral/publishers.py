"""Model letters that the person signs and sends: first to whoever publishes the dataset or model they speak of.

They are made from public facts alone. Nothing of the referral goes in, so nothing of the person can: who they are,
what was seen and where is left blank for them to fill in.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lineage.labels import label
from lineage.models import Artifact
from lineage.sheet import hub_address
from lineage.vocabulary import Kind
from rights.desk.acts import ActRefused
from rights.letters.texts import rendered_text
from rights.models import ContactPoint, Referral
from rights.referral.receiving import entered, take

SHORTEST = 2  # letters; shorter words name nobody


@dataclass(frozen=True, slots=True)
class ModelLetter:
    """One letter to one publisher, with its blanks."""

    artifact_key: int
    subject: str
    text: str


@transaction.atomic
def note_contact_point(
    *, referral: Referral, artifact_key: int, address: str, source: str, noted_on: date, by: int, at: datetime
) -> None:
    """Type in where the publisher of an artifact can be written to, with its source.

    Raises ActRefused for an artifact that is not shown, without a source, for a day to come, and where the address
    holds the person's own name or address.
    """
    held = take(referral)
    if not Artifact.objects.shown().filter(pk=artifact_key).exists():
        raise ActRefused(_("No artifact is shown under this key. Nothing was changed. Copy it from its page."))
    if not address.strip() or not source.strip() or noted_on > at.date():
        raise ActRefused(
            _(
                "A contact point needs an address, where it was read, and a day that is not to come. "
                "Nothing was changed."
            )
        )
    if _names_the_person(held, f"{address} {source}"):
        raise ActRefused(
            _(
                "This is the address or name of the person who wrote to us. Nothing was changed. "
                "Type in the publisher's."
            )
        )
    said = {"address": address.strip(), "source": source.strip(), "noted_on": noted_on, "noted_by_id": by}
    ContactPoint.objects.update_or_create(referral=held, artifact_key=artifact_key, defaults=said)
    entered(held, "referral_contact_point", by=by, at=at, artifact=artifact_key)


def letters(referral: Referral) -> Iterator[ModelLetter]:
    """The model letters of a referral: to the publisher of what it is about first, then to those that were picked."""
    points = {point.artifact_key: point for point in referral.contact_points.all()}
    keys = dict.fromkeys([referral.artifact_key or 0, *points])
    shown = Artifact.objects.shown().select_related("author").in_bulk(list(keys))
    for key in keys:
        if key in shown:
            yield model_letter(shown[key], points.get(key), referral.language)


def model_letter(artifact: Artifact, point: ContactPoint | None, language: str) -> ModelLetter:
    """The letter about one artifact, from what is public of it."""
    with translation.override(language):
        what = f"{label(Kind(artifact.kind))} {artifact.repo_id}"
        subject, text = rendered_text(
            "publisher",
            language,
            {
                "what": what,
                "addressee": artifact.owner or artifact.repo_id,
                "contact": point.address if point else "",
                "address": hub_address(artifact),
            },
        )
    return ModelLetter(artifact.pk, subject, text)


def _names_the_person(referral: Referral, text: str) -> bool:
    """Their address, or every word of their name in whatever order."""
    said, contact, name = _folded(text), _folded(referral.contact), _words(referral.name)
    return (len(contact) > SHORTEST and contact in said) or (bool(name) and name <= _words(text))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", _folded(text)) if len(word) > SHORTEST}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(text.split())).casefold()
