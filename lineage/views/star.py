"""Marking an artifact, by a form on its page."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lineage import stars
from lineage.models import Artifact
from lineage.views.gate import readers_only


@readers_only
@require_POST
def star(request: HttpRequest, key: int) -> HttpResponseBase:
    """Mark the artifact for whoever asks, or take the mark away; back to its page."""
    artifact = get_object_or_404(Artifact.objects.shown(), pk=key)
    try:
        stars.toggle(artifact=artifact, by=request.user.pk or 0, at=timezone.now())
    except stars.TooManyStars:
        told = _(
            "You have marked {number} artifacts, which is as many as there may be. "
            "Nothing was changed: take a mark away first."
        )
        messages.error(request, told.format(number=stars.MOST_STARS))
    return redirect("lineage:artifact", key=key)
