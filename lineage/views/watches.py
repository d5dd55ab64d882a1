"""One's own watches: set from an artifact's trace, listed with what changed, ended."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lineage import watches
from lineage.forms import TraceForm
from lineage.models import Artifact, Consultation, Watch
from lineage.views.asked import namer_of, recorded
from lineage.views.gate import readers_only

MOST_CHANGES = 30  # shown of each watch, the latest first


@readers_only
@require_safe
def watches_page(request: HttpRequest) -> HttpResponse:
    """What one watches, and the latest changes of each."""
    held = Watch.objects.filter(holder=request.user.pk, artifact__withheld_at=None).order_by("-pk")
    rows = [(watch, list(watch.changes.select_related("before", "after")[:MOST_CHANGES])) for watch in held]
    keys = {watch.artifact_id for watch, _changes in rows}
    if keys:
        recorded(request, Consultation.Operation.VIEW, min(keys), {"list": "watches"}, keys)
    return render(request, "lineage/watches.html", {"rows": rows, "names": namer_of(request)(keys)})


@readers_only
@require_POST
def watch(request: HttpRequest, key: int) -> HttpResponse:
    """Begin to watch the trace that the address asks for, in its direction."""
    artifact = get_object_or_404(Artifact.objects.shown().filter(superseded_by=None), pk=key)
    form = TraceForm.of_address(request.GET)
    if not form.is_valid():
        raise Http404
    by = cast(AbstractBaseUser, request.user)
    purpose = getattr(request, "purpose", "")
    watches.begin(artifact, by=by, at=timezone.now(), direction=form.asked_direction(), purpose=purpose)
    messages.success(request, _("It is watched from now on: each harvest that changes this trace is noted here."))
    return redirect("lineage:watches")


@readers_only
@require_POST
def end_watch(request: HttpRequest, key: int) -> HttpResponse:
    """End one's own watch. 404 for anybody else's."""
    if not watches.end(key, by=cast(AbstractBaseUser, request.user)):
        raise Http404
    messages.success(request, _("The watch was ended, and what it had noted is deleted."))
    return redirect("lineage:watches")
