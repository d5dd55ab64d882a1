"""Rectification: a corrected value in place of the Hub's, until the person or the Hub lets the Hub's in again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lineage.amendments import correct
from lineage.models import Artifact
from rights import exclusion, journal
from rights.effects.holdings import EffectRefused
from rights.models import Rectification

FieldName = Rectification.FieldName
LISTS = (FieldName.LANGUAGES, FieldName.TAGS)
LONGEST = {FieldName.LICENSE: 128, FieldName.TASK: 64, FieldName.LIBRARY: 64}  # characters, as stored


@transaction.atomic
def rectify(
    *, artifact_key: int, field: str, value: str | list[str], reference: str, by: int, at: datetime
) -> Rectification:
    """Show `value` for one field of an artifact from now on, whatever harvests bring. Lists are kept sorted.

    Raises EffectRefused for a field, a value or an artifact that cannot be, and where that field is corrected already.
    """
    exclusion.alone()
    kept = _checked(field, value)
    artifact = Artifact.objects.current().filter(pk=artifact_key).first()
    if artifact is None:
        raise EffectRefused(_("No artifact of that key stands in the base. Nothing was changed."))
    try:
        with transaction.atomic():
            rectification = Rectification.objects.create(
                reference=reference,
                artifact_key=artifact_key,
                field=field,
                value=kept,
                hub_value=getattr(artifact, field),
                began_at=at,
            )
    except IntegrityError:
        raise EffectRefused(_("This field is corrected already. Nothing was changed. Close that one first.")) from None
    correct(artifact=artifact_key, field=field, value=kept)
    details: dict[str, int | str] = {"artifact": artifact_key, "field": field}
    journal.enter(act="rectification", by=by, at=at, reference=reference, details=details)
    return rectification


@transaction.atomic
def close_rectification(*, rectification: Rectification, by: int, at: datetime) -> None:
    """Let the Hub's value in again. Raises EffectRefused where it was closed already."""
    exclusion.alone()
    held = Rectification.objects.in_force().filter(pk=rectification.pk).first()
    if held is None:
        raise EffectRefused(_("This rectification is closed already. Nothing was changed."))
    Rectification.objects.filter(pk=held.pk).update(closed_at=at)
    correct(artifact=held.artifact_key, field=held.field, value=held.hub_value)
    details: dict[str, int | str] = {"artifact": held.artifact_key, "field": held.field}
    journal.enter(act="rectification_closed", by=by, at=at, reference=held.reference, details=details)


def _checked(field: str, value: str | list[str]) -> str | list[str]:
    """The value as it is stored."""
    if field not in FieldName.values:
        raise EffectRefused(_("This field cannot be corrected. Nothing was changed."))
    if isinstance(value, list) != (field in LISTS):
        raise EffectRefused(_("A list belongs in a field of lists, a text in a field of text. Nothing was changed."))
    if isinstance(value, list):
        return sorted(set(value))
    if len(value) > LONGEST[FieldName(field)]:
        raise EffectRefused(_("This value is too long for its field. Nothing was changed."))
    return value
