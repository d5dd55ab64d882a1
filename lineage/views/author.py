"""The page of one author: a Hub account, and what it owns."""

from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations
from lineage.models import Author, Consultation
from lineage.naming import artifact_names, author_full_name, author_name, viewer_of
from lineage.views.gate import readers_only

ROWS = 50  # on one page


@readers_only
@require_safe
def author_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """What the account is and the artifacts it owns, the most downloaded first; paged."""
    author = get_object_or_404(Author.objects.shown(), pk=key)
    viewer = viewer_of(request.user)
    owned = author.artifacts.standing().shown().annotate(downloads=Coalesce("counter__downloads", 0))
    page = Paginator(owned.order_by("-downloads", "repo_id", "kind"), ROWS).get_page(request.GET.get("page"))
    names = artifact_names(page.object_list, viewer)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"author:{key}",
        artifacts=names.keys(),
    )
    context = {
        "author": author,
        "name": author_name(author, viewer),
        "full_name": author_full_name(author, viewer),
        "page": page,
        "names": names,
    }
    return render(request, "lineage/author.html", context)
