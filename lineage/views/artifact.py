"""The page of one model or dataset, and the branches of its family tree."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, graph
from lineage.family import children_of
from lineage.lookup import meant
from lineage.models import Artifact, Consultation
from lineage.naming import names_by_key, viewer_of
from lineage.sheet import sheet
from lineage.views.gate import readers_only

MOST_OPEN = 50  # open branches read from an address
LONGEST_KEY = 19  # digits of the greatest key a database can hold


@readers_only
@require_safe
def artifact_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """Facts, sources, derivatives, family and evidence. `?open=`: keys of the open branches of the family tree."""
    artifact = get_object_or_404(Artifact.objects.shown().select_related("author", "counter"), pk=key)
    if artifact.superseded_by_id is not None:
        return redirect("lineage:artifact", key=meant(artifact).pk)
    opened = _keys(request.GET.get("open", ""))
    told = sheet(artifact, viewer_of(request.user), opened)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"artifact:{key}",
        artifacts=told.names.keys(),
    )
    return render(request, "lineage/artifact.html", {"sheet": told, "artifact": artifact, "opened": opened})


@readers_only
@require_safe
def branch(request: HttpRequest, key: int) -> HttpResponseBase:
    """The children of one node of a family tree, as a piece of page that a script puts in its place."""
    node = get_object_or_404(Artifact.objects.standing().shown(), pk=key)
    branches = children_of(graph.current(), node)
    names = names_by_key({branch.artifact.pk for branch in branches}, viewer_of(request.user))
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"family:{key}",
        artifacts=names.keys(),
    )
    context = {"tree": branches[1:], "root": branches[0], "names": names, "page_key": key}
    return render(request, "lineage/_branch.html", context)


def _keys(text: str) -> list[int]:
    """The keys in an address such as `12-7`, without repeats; what is no key is passed over."""
    words = dict.fromkeys(text.split("-", MOST_OPEN)[:MOST_OPEN])
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < LONGEST_KEY]
