"""What appeared, left or changed parent under an artifact between two harvests."""

from typing import Any, Self, cast

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lineage import history
from lineage.exports.text import definition_of
from lineage.forms import TraceForm
from lineage.models import Artifact, Consultation, HarvestRun
from lineage.views.asked import namer_of, recorded, trace_address
from lineage.views.gate import readers_only

MOST_NAMED = 100  # in each list; the command line names all
TITLES = {
    "appeared": _("Appeared"),
    "left": _("Left"),
    "reparented": _("Changed parent"),
    "unlisted": _("Left the Hub’s catalogue, and still in the trace"),
}


class HarvestField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the harvests that were linked in, called by its number and its beginning."""

    def label_from_instance(self, obj: Model) -> str:
        began = date_format(localtime(cast(HarvestRun, obj).started_at), "SHORT_DATETIME_FORMAT")
        return f"{obj.pk} · {began}"


class ChangesForm(forms.Form):
    """Two harvests to compare."""

    before = HarvestField(label=_("Earlier harvest"), queryset=HarvestRun.objects.none())
    after = HarvestField(label=_("Later harvest"), queryset=HarvestRun.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = HarvestRun.objects.ended_well().filter(started_at__isnull=False)
        for field in self.fields.values():
            cast(HarvestField, field).queryset = linked.order_by("-pk")

    @classmethod
    def of_address(cls, asked: QueryDict) -> Self:
        """Filled in by an address that names a harvest; else by the two latest."""
        if "before" in asked or "after" in asked:
            return cls(asked)
        latest = HarvestRun.objects.ended_well().filter(started_at__isnull=False).order_by("-pk")[:2]
        return cls(initial=dict(zip(("after", "before"), latest, strict=False)))


@readers_only
@require_safe
def changes_page(request: HttpRequest, key: int) -> HttpResponse:
    """The two harvests to choose, then the four lists under the filters of the address."""
    artifact = get_object_or_404(Artifact.objects.shown().filter(superseded_by=None), pk=key)
    asked, form = TraceForm.of_address(request.GET), ChangesForm.of_address(request.GET)
    context = {"artifact": artifact, "form": form, "back": trace_address(request, artifact)}
    context["kept"] = [
        (name, value) for name in asked.fields if name != "day" for value in request.GET.getlist(name) if value
    ]
    if asked.is_valid() and form.is_valid():
        found = history.changes(
            artifact, direction=asked.asked_direction(), filters=asked.filters(), **form.cleaned_data
        )
        return render(request, "lineage/changes.html", context | _told(request, found))
    recorded(request, Consultation.Operation.TRACE, key, {}, [key])
    context["name"] = namer_of(request)([key])[key]
    return render(request, "lineage/changes.html", context, status=200 if not form.is_bound else 400)


def _told(request: HttpRequest, found: history.Changes) -> dict[str, object]:
    """The lists with their names; recorded."""
    origin = found.after.origin.pk
    lists = {name: keys[:MOST_NAMED].tolist() for name, keys in found.lists().items()}
    shown = {origin, *(key for keys in lists.values() for key in keys)}
    runs = {"runs": [found.before.graph.as_of, found.after.graph.as_of]}
    definition = definition_of(found.after) | {name: [str(at) for at in times] for name, times in runs.items()}
    recorded(request, Consultation.Operation.TRACE, origin, definition, shown)
    names = namer_of(request)(shown)
    return {
        "changes": found,
        "name": names[origin],
        "names": names,
        "lists": [(TITLES[name], len(keys), lists[name]) for name, keys in found.lists().items()],
        "most": MOST_NAMED,
    }
