"""Every act of a referral's page: its form, and the one call that it makes."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lineage.hub.names import read_target
from lineage.labels import choices
from lineage.lookup import find
from lineage.vocabulary import Kind
from rights.admin.notice import acting
from rights.forms.texts import Line, Lines
from rights.models import Referral
from rights.referral import working
from rights.referral.publishers import note_contact_point
from rights.referral.tracing import name_artifact, take_dossier

Act = Callable[[HttpRequest, Referral, Mapping[str, Any]], object]
LONGEST_NAME = 300


class Seen(forms.Form):
    """Every act says which state of the referral its agent saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Meant(Seen):
    """An artifact, by what the person or the Hub calls it."""

    kind = forms.ChoiceField(label=gettext_lazy("It is a"), choices=choices(Kind))
    artifact = Line(label=gettext_lazy("Its name, or the address of its page on the Hub"), max_length=LONGEST_NAME)

    def clean(self) -> dict[str, Any]:
        """The name becomes the key of what bears it. Raises ValidationError where nothing does."""
        said = super().clean() or self.cleaned_data
        if "kind" not in said or "artifact" not in said:
            return said
        kind = Kind(said["kind"])
        target = read_target(said["artifact"], kind)
        found = find(kind, target) if isinstance(target, str) else None
        if found is None:
            words = _("Nothing of this kind bears this name in this base. Nothing was changed. Check the spelling.")
            raise ValidationError({"artifact": words})
        return said | {"artifact": found.pk}


class Contact(Meant):
    """Where the publisher of an artifact can be written to."""

    address = Lines(
        label=gettext_lazy("Public contact point"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 50}),
    )
    source = Line(label=gettext_lazy("Where it was read"), max_length=500)
    noted_on = forms.DateField(
        label=gettext_lazy("Read on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class HandedOver(Seen):
    """Who took an urgent referral."""

    to = Line(label=gettext_lazy("Which service took it"), max_length=LONGEST_NAME)


def _take(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    return working.assign(referral=referral, agent=acting(request), by=acting(request), at=timezone.now())


def _urgent(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    return working.mark_urgent(referral=referral, urgent=not referral.urgent, by=acting(request), at=timezone.now())


def _hand_over(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    return working.hand_over(referral=referral, to=said["to"], by=acting(request), at=timezone.now())


def _mean(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    return name_artifact(referral=referral, artifact_key=said["artifact"], by=acting(request), at=timezone.now())


def _trace(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    return take_dossier(referral=referral, by=request.user, at=timezone.now())


def _contact(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    known: dict[str, Any] = {name: said[name] for name in ("address", "source", "noted_on")}
    by, at = acting(request), timezone.now()
    return note_contact_point(referral=referral, artifact_key=said["artifact"], by=by, at=at, **known)


def _close(request: HttpRequest, referral: Referral, said: Mapping[str, Any]) -> object:
    return working.close(referral=referral, by=acting(request), at=timezone.now())


ACTS: Mapping[str, tuple[type[Seen], Act]] = {
    "take": (Seen, _take),
    "urgent": (Seen, _urgent),
    "hand_over": (HandedOver, _hand_over),
    "artifact": (Meant, _mean),
    "dossier": (Seen, _trace),
    "contact": (Contact, _contact),
    "close": (Seen, _close),
}


def initial_of(referral: Referral, *, on: date) -> dict[str, Any]:
    """What the forms begin with: the name that the person wrote, as far as it can be one."""
    is_model = not isinstance(read_target(referral.claimed, Kind.DATASET), str)
    kind = Kind.MODEL if is_model and isinstance(read_target(referral.claimed, Kind.MODEL), str) else Kind.DATASET
    return {"version": referral.version, "kind": kind, "artifact": referral.claimed[:LONGEST_NAME], "noted_on": on}


def has_place(referral: Referral, word: str) -> bool:
    """Whether the page shows the form of this act; where it was sent and is shown no more, it stands at the top."""
    if word == "hand_over":
        return referral.closed_at is None and referral.urgent and referral.handed_over_at is None
    return referral.closed_at is None
