"""The page of one model or dataset, and the branches of its family tree."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, graph, stars
from lineage.family import children_of
from lineage.lookup import meant
from lineage.models import Artifact, Consultation
from lineage.naming import viewer_of
from lineage.sheet import branch_names, sheet
from lineage.views.asked import keys_in
from lineage.views.gate import readers_only


@readers_only
@require_safe
def artifact_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """Facts, sources, derivatives, family and evidence. `?open=`: keys of the open branches of the family tree."""
    marked = stars.marked_by(request.user.pk or 0)
    told_of = Artifact.objects.shown().select_related("author", "counter").annotate(is_starred=marked)
    artifact = get_object_or_404(told_of, pk=key)
    if artifact.superseded_by_id is not None:
        return redirect("lineage:artifact", key=meant(artifact).pk)
    opened = keys_in(request.GET.get("open", ""))
    told = sheet(artifact, viewer_of(request.user), opened)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"artifact:{key}",
        artifacts=told.names.keys(),
    )
    stars.looked_at(request.session, key)
    context = {
        "sheet": told,
        "artifact": artifact,
        "query": f"?open={'-'.join(map(str, opened))}",
    }
    return render(request, "lineage/artifact.html", context)


@readers_only
@require_safe
def branch(request: HttpRequest, key: int) -> HttpResponseBase:
    """The children of one node of a family tree, as a piece of page that a script puts in its place."""
    node = get_object_or_404(Artifact.objects.standing().shown(), pk=key)
    branches = children_of(graph.current(), node)
    names = branch_names(branches, viewer_of(request.user))
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"family:{key}",
        artifacts=names.keys(),
    )
    context = {"tree": branches[1:], "root": branches[0], "names": names, "page_key": key}
    return render(request, "lineage/_branch.html", context)
