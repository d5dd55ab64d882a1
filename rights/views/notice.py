"""The information notice: the version in force and the earlier ones."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from rights.deadlines import legal_date
from rights.models import Notice


@login_not_required
@require_safe
def notice_page(request: HttpRequest) -> HttpResponse:
    """The version in force."""
    return _page(request, Notice.objects.in_force(legal_date(timezone.now())))


@login_not_required
@require_safe
def notice_version(request: HttpRequest, version: int) -> HttpResponse:
    """A published version, in force or not."""
    notice = Notice.objects.published().filter(version=version).first()
    if notice is None:
        raise Http404
    return _page(request, notice)


def _page(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    context = {
        "notice": notice,
        "in_force": Notice.objects.in_force(legal_date(timezone.now())),
        "text": notice.text(translation.get_language() or "") if notice else "",
        "versions": Notice.objects.published().order_by("-version"),
    }
    return render(request, "rights/notice.html", context)
