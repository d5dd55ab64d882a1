"""Rectification: a corrected value in place of the Hub's, until the person or the Hub lets the Hub's in again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lineage import disclosures
from lineage.amendments import correct
from lineage.hub.texts import Naming, without
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

    Its `recipients` have a copy with the former value, and are to be told.
    Raises EffectRefused for a field, a value or an artifact that cannot be, and where that field is corrected already.
    """
    exclusion.alone()
    kept = _checked(field, value)
    artifact = Artifact.objects.current().filter(pk=artifact_key).first()
    if artifact is None:
        raise EffectRefused(_("No artifact of that key stands in the base. Nothing was changed."))
    try:
        with transaction.atomic():
            rectification = put_in_place(artifact, field=field, value=kept, reference=reference, at=at)
    except IntegrityError:
        raise EffectRefused(_("This field is corrected already. Nothing was changed. Close that one first.")) from None
    rectification.recipients = frozenset(disclosures.recipients(artifact_key, at=at))
    details: dict[str, int | str] = {"artifact": artifact_key, "field": field}
    redo = {"do": "rectify", **details, "value": kept}
    journal.enter(act="rectification", by=by, at=at, reference=reference, details=details, redo=redo)
    return rectification


@transaction.atomic
def close_rectification(*, rectification: Rectification, by: int, at: datetime) -> None:
    """Let the Hub's value in again. Raises EffectRefused where it was closed already."""
    exclusion.alone()
    held = Rectification.objects.in_force().filter(pk=rectification.pk).first()
    if held is None:
        raise EffectRefused(_("This rectification is closed already. Nothing was changed."))
    close(held, at=at)
    details: dict[str, int | str] = {"artifact": held.artifact_key, "field": held.field}
    redo = {"do": "close", **details}
    journal.enter(act="rectification_closed", by=by, at=at, reference=held.reference, details=details, redo=redo)


def close(held: Rectification, *, at: datetime) -> None:
    """Let the Hub's value in again, within an effect that stands alone."""
    Rectification.objects.filter(pk=held.pk).update(closed_at=at)
    correct(artifact=held.artifact_key, field=held.field, value=held.hub_value, at=at)


def put_in_place(artifact: Artifact, *, field: str, value: object, reference: str, at: datetime) -> Rectification:
    """Correct one field, within an effect that stands alone. Raises IntegrityError where it is corrected already."""
    hub_value = getattr(artifact, field)
    correct(artifact=artifact.pk, field=field, value=value, at=at)
    return Rectification.objects.create(
        reference=reference, artifact_key=artifact.pk, field=field, value=value, hub_value=hub_value, began_at=at
    )


def silence(naming: Naming) -> None:
    """Leave out of corrected values, closed ones too, what names accounts that leave or are withheld."""
    for rectification in Rectification.objects.all():
        cleaned = {name: without(getattr(rectification, name), naming) for name in ("value", "hub_value")}
        if cleaned != {name: getattr(rectification, name) for name in cleaned}:
            Rectification.objects.filter(pk=rectification.pk).update(**cleaned)


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
