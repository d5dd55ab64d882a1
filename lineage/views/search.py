"""The home page: one box for models, datasets, authors and old names."""

import json

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lineage import consultations, graph, stars
from lineage.forms import SearchForm
from lineage.free_texts import facts_by_key
from lineage.models import Artifact, Consultation
from lineage.naming import Viewer, artifact_names, author_full_name, author_name, repo_ids_shown, viewer_of
from lineage.relatives import coverage
from lineage.sealing import seal, unseal
from lineage.search import Found, search
from lineage.statistics import telling
from lineage.views.gate import readers_only


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponseBase:
    """The box, and what was found. What is typed arrives by POST and goes on sealed, so no address holds a name."""
    offered = telling.offered()
    if request.method == "POST":
        return _sent(request, SearchForm.offering(offered, request.POST))
    sealed = request.GET.get("s", "")
    if not sealed:
        return _home(request, SearchForm.offering(offered))
    typed = _opened(sealed, holder=request.user.pk or 0)
    if typed is None:
        return _page(request, SearchForm.offering(offered), expired=True)
    form = SearchForm.offering(offered, typed)
    return _results(request, form) if form.is_valid() else _page(request, form)


def _opened(sealed: str, *, holder: int) -> dict[str, object] | None:
    """What was typed, or None where it cannot be opened, or was sealed before searches could be narrowed."""
    text = unseal(sealed, holder=holder)
    try:
        typed = json.loads(text) if text else None
    except ValueError:
        return None
    return typed if isinstance(typed, dict) else None


def _sent(request: HttpRequest, form: SearchForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form)
    typed = {name: value for name, value in form.cleaned_data.items() if value}
    sealed = seal(json.dumps(typed), holder=request.user.pk or 0)
    return redirect(f"{reverse('lineage:search')}?s={sealed}")


def _home(request: HttpRequest, form: SearchForm) -> HttpResponse:
    """Before a search: what the reader marked, and looked at last; recorded where any is named."""
    starred, recent = stars.starred(request.user.pk or 0), stars.recent(request.session)
    names = artifact_names([*starred, *recent], viewer_of(request.user))
    if names:
        consultations.record(
            by=request.user,
            operation=Consultation.Operation.VIEW,
            at=timezone.now(),
            reference="home",
            artifacts=names.keys(),
        )
    return _page(request, form, starred=starred, recent=recent, names=names)


def _results(request: HttpRequest, form: SearchForm) -> HttpResponse:
    viewer, narrow = viewer_of(request.user), form.narrow()
    found = search(form.cleaned_data["text"], viewer, narrow)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.SEARCH,
        at=timezone.now(),
        artifacts=found.artifact_keys,
        definition={"authors": [author.pk for author in found.authors]},
    )
    return _page(request, form, results=found, narrow=narrow, **_named(found, viewer))


def _named(found: Found, viewer: Viewer) -> dict[str, object]:
    """What is found, as this viewer may read it."""
    artifacts: list[Artifact] = [*found.models, *found.datasets, *(alias.artifact for alias in found.old_names)]
    facts = facts_by_key(artifacts, viewer)
    return {
        "names": artifact_names(artifacts, viewer),
        "tasks": {key: said["task"] for key, said in facts.items()},
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
