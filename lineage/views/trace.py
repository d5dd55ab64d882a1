"""The trace of one artifact: a table, and the same rows as a file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import disclosures, exports
from lineage.dossier.statement import brief
from lineage.dossier.totals import totals
from lineage.exports.rows import named
from lineage.exports.text import definition_of
from lineage.forms import TraceForm
from lineage.lookup import meant
from lineage.models import Artifact, Consultation
from lineage.naming import viewer_of
from lineage.relatives import coverage
from lineage.tracing import Trace
from lineage.views.asked import asked_trace, namer_of, recorded, trace_address
from lineage.views.gate import readers_only

ROWS = 50  # on one page
FORMATS = {kind.suffix: form for form, kind in exports.FILES.items()}  # by the end of a file's name


@readers_only
@require_safe
def trace_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """What was made from the artifact, or what it was made from, under the filters of the address; paged."""
    artifact = get_object_or_404(Artifact.objects.shown(), pk=key)
    if artifact.superseded_by_id is not None:
        return redirect(trace_address(request, meant(artifact)))
    form = TraceForm.of_address(request.GET)
    context = {"artifact": artifact, "form": form, "name": namer_of(request)([key])[key]}
    if not form.is_valid():
        recorded(request, Consultation.Operation.TRACE, key, {}, [key])
        return render(request, "lineage/trace.html", context, status=400)
    context |= _shown(request, asked_trace(artifact, form, viewer_of(request.user)))
    return render(request, "lineage/trace.html", context)


@readers_only
@require_safe
def trace_file(request: HttpRequest, key: int, suffix: str) -> HttpResponseBase:
    """The whole trace as a file: the rows of the table, under the same filters and masking."""
    form = FORMATS.get(suffix)
    if form is None:
        raise Http404
    artifact = get_object_or_404(Artifact.objects.shown().filter(superseded_by=None), pk=key)
    asked = TraceForm.of_address(request.GET)
    if not asked.is_valid():
        return redirect(trace_address(request, artifact))  # the page says which filter, and what it may be
    trace = asked_trace(artifact, asked, viewer_of(request.user))
    try:
        parts = exports.stream(trace, form, namer_of(request))
    except exports.TooLong as too_long:
        messages.error(request, str(too_long))
        return redirect(trace_address(request, artifact))
    disclosures.hand_over(trace, form=form.value, by=request.user, at=timezone.now())
    return StreamingHttpResponse(
        parts,
        content_type=exports.FILES[form].media_type,
        headers={"Content-Disposition": f'attachment; filename="trace-{key}.{suffix}"'},
    )


def _shown(request: HttpRequest, trace: Trace) -> dict[str, object]:
    """A page of the trace, and what is said of the whole; recorded."""
    key = trace.origin.pk
    page = Paginator(range(len(trace)), ROWS).get_page(request.GET.get("page"))
    hops = trace.page(max(page.start_index() - 1, 0), ROWS)
    shown = {key, *(hop.artifact_key for hop in hops), *(hop.via_key for hop in hops)}
    recorded(request, Consultation.Operation.TRACE, key, definition_of(trace), shown)
    base = coverage(trace.graph)
    return {
        "trace": trace,
        "rows": named(hops, namer_of(request)),
        "page": page,
        "totals": totals(trace),
        "statement": brief(trace, silent=base.silent_models, listed=base.models),
        "suffixes": list(FORMATS),
    }
