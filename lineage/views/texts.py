"""Pages of words only: help, and the accessibility statement."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lineage.views.gate import readers_only


@readers_only
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The words of the genealogy, explained."""
    return render(request, "lineage/help.html")


@login_required
@require_safe
def accessibility_page(request: HttpRequest) -> HttpResponse:
    """How far the site can be used by everyone. Holds no data: for whoever has an account."""
    return render(request, "lineage/accessibility.html")
