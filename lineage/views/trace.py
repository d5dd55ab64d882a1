"""The trace of one artifact: a table, and the same rows as a file."""

from collections.abc import Iterable
from functools import partial

import numpy as np
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, exports
from lineage.exports.rows import named
from lineage.exports.text import told
from lineage.forms import TraceForm
from lineage.lookup import meant
from lineage.models import Artifact, Consultation
from lineage.naming import names_by_key, viewer_of
from lineage.relatives import coverage
from lineage.trace import KINDS
from lineage.tracing import Trace, trace_from
from lineage.views.gate import readers_only
from lineage.vocabulary import Kind

ROWS = 50  # on one page
FORMATS = {kind.suffix: form for form, kind in exports.FILES.items()}  # by the end of a file's name


@readers_only
@require_safe
def trace_page(request: HttpRequest, key: int) -> HttpResponseBase:
    """What was made from the artifact, or what it was made from, under the filters of the address; paged."""
    artifact = get_object_or_404(Artifact, pk=key)
    if artifact.superseded_by_id is not None:
        return redirect(_address(request, meant(artifact)))
    namer = partial(names_by_key, viewer=viewer_of(request.user))
    form = TraceForm.of_address(request.GET)
    context = {"artifact": artifact, "form": form, "name": namer([key])[key]}
    if not form.is_valid():
        _record(request, Consultation.Operation.TRACE, key, {}, [key])
        return render(request, "lineage/trace.html", context, status=400)
    trace = trace_from(artifact, direction=form.asked_direction(), filters=form.filters())
    page = Paginator(range(len(trace)), ROWS).get_page(request.GET.get("page"))
    hops = trace.page(max(page.start_index() - 1, 0), ROWS)
    shown = {key, *(hop.artifact_key for hop in hops), *(hop.via_key for hop in hops)}
    _record(request, Consultation.Operation.TRACE, key, _definition(trace), shown)
    context |= {
        "trace": trace,
        "rows": named(hops, namer),
        "page": page,
        "counts": _counts(trace),
        "coverage": coverage(trace.graph),
        "suffixes": list(FORMATS),
    }
    return render(request, "lineage/trace.html", context)


@readers_only
@require_safe
def trace_file(request: HttpRequest, key: int, suffix: str) -> HttpResponseBase:
    """The whole trace as a file: the rows of the table, under the same filters and masking."""
    form = FORMATS.get(suffix)
    if form is None:
        raise Http404
    artifact = get_object_or_404(Artifact.objects.filter(superseded_by=None), pk=key)
    asked = TraceForm.of_address(request.GET)
    if not asked.is_valid():
        return HttpResponse(status=400)
    trace = trace_from(artifact, direction=asked.asked_direction(), filters=asked.filters())
    try:
        parts = exports.stream(trace, form, partial(names_by_key, viewer=viewer_of(request.user)))
    except exports.TooLong as too_long:
        messages.error(request, str(too_long))
        return redirect(_address(request, artifact))
    definition = _definition(trace) | {"format": form.value}
    _record(request, Consultation.Operation.EXPORT, key, definition, {key, *trace.keys.tolist()})
    return StreamingHttpResponse(
        parts,
        content_type=exports.FILES[form].media_type,
        headers={"Content-Disposition": f'attachment; filename="trace-{key}.{suffix}"'},
    )


def _address(request: HttpRequest, artifact: Artifact) -> str:
    """The trace of this artifact under the same filters."""
    return f"{reverse('lineage:trace', args=[artifact.pk])}?{request.GET.urlencode()}"


def _definition(trace: Trace) -> dict[str, object]:
    return {"direction": trace.direction.value, **told(trace.filters)}


def _counts(trace: Trace) -> dict[Kind, int]:
    """How many hops are of each kind."""
    codes = trace.graph.kinds[trace.steps.nodes]
    return {kind: int(np.count_nonzero(codes == code)) for code, kind in enumerate(KINDS)}


def _record(
    request: HttpRequest,
    operation: Consultation.Operation,
    key: int,
    definition: dict[str, object],
    shown: Iterable[int],
) -> None:
    consultations.record(
        by=request.user,
        operation=operation,
        at=timezone.now(),
        reference=f"artifact:{key}",
        definition=definition,
        artifacts=set(shown),
    )
