"""What a trace is asked besides its rows: who publishes them, why one is there, what if the origin is withdrawn."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lineage.dossier.evidence import evidence, texts_of
from lineage.dossier.paths import shortest_ways
from lineage.dossier.publishers import accounts, publishers
from lineage.dossier.withdrawal import ASSUMPTIONS, REMAINS, consequences
from lineage.exports.text import definition_of
from lineage.models import Artifact, Consultation
from lineage.naming import author_full_name, author_name, repo_ids_shown, viewer_of
from lineage.tracing import Trace
from lineage.views.asked import about_a_trace, namer_of, recorded
from lineage.vocabulary import Certainty

PUBLISHERS = 100  # on one page
MOST_WAYS = 20  # shown of all the shortest ones
WEAKEST = (Certainty.RESOLVED, Certainty.DECLARED, Certainty.INFERRED)


@about_a_trace
def publishers_page(request: HttpRequest, trace: Trace) -> HttpResponse:
    """The accounts behind the rows: organisations, persons, unknown ones; the most downloaded first; paged."""
    viewer, key = viewer_of(request.user), trace.origin.pk
    found = publishers(trace)
    page = Paginator(found, PUBLISHERS).get_page(request.GET.get("page"))
    shown = [entry.author.pk for entry in page.object_list if entry.author]
    cited = {key, *(artifact for entry in page.object_list for artifact in entry.greatest)}
    recorded(request, Consultation.Operation.TRACE, key, definition_of(trace) | {"authors": shown}, cited)
    entries = [
        (entry, author_name(entry.author, viewer), author_full_name(entry.author, viewer))
        if entry.author
        else (entry, "", "")
        for entry in page.object_list
    ]
    context = {"page": page, "entries": entries, "accounts": accounts(found), "names": namer_of(request)(cited)}
    return render(request, "lineage/publishers.html", _of(request, trace) | context)


@about_a_trace
def why_page(request: HttpRequest, trace: Trace, target: int) -> HttpResponse:
    """All shortest ways from the origin to the artifact `target` (key), up to a limit, each edge with its evidence."""
    reached = get_object_or_404(Artifact.objects.shown().filter(superseded_by=None), pk=target)
    found = shortest_ways(trace, reached, limit=MOST_WAYS)
    pairs = {(link.source_key, link.derived_key) for way in found.ways for link in way}
    keys = {trace.origin.pk, target, *(key for pair in pairs for key in pair)}
    recorded(request, Consultation.Operation.TRACE, trace.origin.pk, definition_of(trace) | {"target": target}, keys)
    proofs = evidence(pairs)
    context = {
        "target": reached,
        "names": namer_of(request)(keys),
        "ways": [[(link, proofs[link.source_key, link.derived_key]) for link in way] for way in found.ways],
        "more": found.more,
        "texts": repo_ids_shown(texts_of(proofs.values()), viewer_of(request.user)),
    }
    return render(request, "lineage/why.html", _of(request, trace) | context)


@about_a_trace
def withdrawal_page(request: HttpRequest, trace: Trace) -> HttpResponse:
    """What would remain of the origin in everything made from it, as a table of consequences and assumptions."""
    certainty = trace.filters.certainty
    rows = consequences(trace.origin, certainty=certainty)
    definition: dict[str, object] = {"withdrawal": True, "certainty": certainty.value}
    recorded(request, Consultation.Operation.TRACE, trace.origin.pk, definition, [trace.origin.pk])
    context = {
        "rows": [(row, REMAINS[row.remains], ASSUMPTIONS[row.remains]) for row in rows],
        "weakest": WEAKEST,
        "affected": sum(row.count for row in rows),
    }
    return render(request, "lineage/withdrawal.html", _of(request, trace) | context)


def _of(request: HttpRequest, trace: Trace) -> dict[str, object]:
    """What each of these pages begins with."""
    key = trace.origin.pk
    return {"artifact": trace.origin, "trace": trace, "name": namer_of(request)([key])[key]}
