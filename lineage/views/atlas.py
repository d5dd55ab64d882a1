"""The map of a whole family: the page with its table, the places of all members, and what is told of one."""

import gzip

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, graph
from lineage.atlas import Atlas, atlas_of
from lineage.atlas.packing import TooGreat, packed
from lineage.free_texts import facts_by_key
from lineage.lookup import meant
from lineage.models import Artifact, Consultation
from lineage.naming import artifact_name, names_by_key, viewer_of
from lineage.trace import RELATIONS
from lineage.views.gate import readers_only
from lineage.vocabulary import Relation

GREATEST = 100  # members in the table
QUICKEST = 1  # of gzip's levels


@readers_only
@require_safe
def map_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """The page of a map: its legend and filters, and the members with most below them as a table; recorded."""
    artifact = _artifact(key)
    if artifact.superseded_by_id is not None:
        return redirect("lineage:map", key=meant(artifact).pk)
    atlas = atlas_of(graph.current(), artifact)
    places = atlas.greatest(GREATEST)
    names = names_by_key({key, atlas.root.pk, *(int(atlas.keys[place]) for place in places)}, viewer_of(request.user))
    _record(request, key, names)
    context = {
        "artifact": artifact,
        "root": atlas.root,
        "name": names[key],
        "root_name": names[atlas.root.pk],
        "names": names,
        "atlas": atlas,
        "cut": atlas.count + 1 - len(atlas) if len(atlas) else 0,
        "relations": _relations(atlas),
        "codes": {relation: code for code, relation in enumerate(RELATIONS)},
        "rows": [_row(atlas, place) for place in places],
        "as_of": atlas.as_of,
    }
    return render(request, "lineage/map.html", context)


@readers_only
@require_safe
def map_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """The places of all members, as bytes; one consultation, with all their keys."""
    artifact = _artifact(key)
    if artifact.superseded_by_id is not None:
        raise Http404
    atlas = atlas_of(graph.current(), artifact)
    try:
        body = packed(atlas)
    except TooGreat:
        return HttpResponse(status=501)
    _record(request, key, atlas.shown_keys().tolist())
    answer = HttpResponse(body, content_type="application/octet-stream")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(body, QUICKEST, mtime=0)
        answer["Content-Encoding"] = "gzip"
    return answer


@readers_only
@require_safe
def glimpse(request: HttpRequest, key: int) -> HttpResponseBase:
    """What is told of one member under the pointer, as a piece of page; recorded like any read."""
    artifact = _artifact(key)
    _record(request, key, [key])
    viewer = viewer_of(request.user)
    facts = facts_by_key([artifact], viewer)[key]
    context = {"artifact": artifact, "name": artifact_name(artifact, viewer), "facts": facts}
    return render(request, "lineage/_glimpse.html", context)


def _artifact(key: int) -> Artifact:
    artifact: Artifact = get_object_or_404(Artifact.objects.shown().select_related("counter"), pk=key)
    return artifact


def _record(request: HttpRequest, key: int, shown: "dict[int, str] | list[int]") -> None:
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=f"family:{key}",
        artifacts=shown,
    )


def _relations(atlas: Atlas) -> list[tuple[Relation, int, int]]:
    """The relations that the map holds, with their code and how many members each brought."""
    codes = [(relation, code, int((atlas.relations == code).sum())) for code, relation in enumerate(RELATIONS)]
    return [found for found in codes if found[2]]


def _row(atlas: Atlas, place: int) -> dict[str, object]:
    code = int(atlas.relations[place])
    return {
        "key": int(atlas.keys[place]),
        "relation": RELATIONS[code] if code < len(RELATIONS) else "",
        "below": int(atlas.weights[place]),
        "downloads": int(atlas.downloads[place]),
    }
