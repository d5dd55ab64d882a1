"""The home page: one box for models, datasets, authors and old names."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lineage import consultations, graph
from lineage.forms import SearchForm
from lineage.models import Artifact, Consultation
from lineage.naming import Viewer, artifact_names, author_full_name, author_name, repo_ids_shown, viewer_of
from lineage.relatives import coverage
from lineage.sealing import seal, unseal
from lineage.search import Found, search
from lineage.views.gate import readers_only


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponseBase:
    """The box, and what was found. Typed text arrives by POST and goes on sealed, so no address holds a name."""
    if request.method == "POST":
        return _sent(request)
    sealed = request.GET.get("s", "")
    if not sealed:
        return _page(request, SearchForm())
    text = unseal(sealed, holder=request.user.pk or 0)
    if text is None:
        return _page(request, SearchForm(), expired=True)
    return _results(request, text)


def _sent(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    sealed = seal(form.cleaned_data["text"], holder=request.user.pk or 0)
    return redirect(f"{reverse('lineage:search')}?s={sealed}")


def _results(request: HttpRequest, text: str) -> HttpResponse:
    viewer = viewer_of(request.user)
    found = search(text, viewer)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.SEARCH,
        at=timezone.now(),
        artifacts=found.artifact_keys,
        definition={"authors": [author.pk for author in found.authors]},
    )
    return _page(request, SearchForm({"text": text}), results=found, **_named(found, viewer))


def _named(found: Found, viewer: Viewer) -> dict[str, object]:
    """What is found, as this viewer may read it."""
    artifacts: list[Artifact] = [*found.models, *found.datasets, *(alias.artifact for alias in found.old_names)]
    return {
        "names": artifact_names(artifacts, viewer),
        "old_names": repo_ids_shown([alias.name for alias in found.old_names], viewer),
        "authors": [
            (author, author_name(author, viewer), author_full_name(author, viewer)) for author in found.authors
        ],
    }


def _page(request: HttpRequest, form: SearchForm, **context: object) -> HttpResponse:
    opened = graph.current()
    return render(
        request,
        "lineage/search.html",
        context | {"form": form, "as_of": opened.as_of, "coverage": coverage(opened)},
    )
