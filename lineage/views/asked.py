"""What the pages of a trace have in common: what an address asks for, and the record of what was shown."""

from collections.abc import Callable, Iterable
from functools import partial, wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, history
from lineage.exports import Namer
from lineage.forms import TraceForm
from lineage.models import Artifact, Consultation
from lineage.naming import Viewer, names_by_key, viewer_of
from lineage.tracing import Order, Trace, trace_from
from lineage.views.gate import View, readers_only

TraceView = Callable[..., HttpResponseBase]
MOST_KEYS = 50  # read from one part of an address
LONGEST_KEY = 18  # digits: the greatest number that a database holds has 19


def about_a_trace(view: TraceView) -> View:
    """Gives the view the trace that its address asks for, for readers only.

    Filters that cannot be used lead to the page of the trace, which says why.
    """

    @readers_only
    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, key: int, **more: object) -> HttpResponseBase:
        artifact = get_object_or_404(Artifact.objects.shown().filter(superseded_by=None), pk=key)
        form = TraceForm.of_address(request.GET)
        if not form.is_valid():
            return redirect(trace_address(request, artifact))
        return view(request, asked_trace(artifact, form, viewer_of(request.user)), **more)

    return answered


def asked_trace(artifact: Artifact, form: TraceForm, viewer: Viewer) -> Trace:
    """The trace that a valid form asks for, in its order, as this viewer may be told it."""
    day = form.asked_day()
    opened = history.graph_on(day, at=timezone.now()) if day else None
    trace = trace_from(artifact, direction=form.asked_direction(), filters=form.filters(), opened=opened)
    return told_to(viewer, trace, form.asked_order())


def told_to(viewer: Viewer, trace: Trace, order: Order = Order.DEPTH) -> Trace:
    """The trace in this order, in which nobody reads a name that is masked for them."""
    if viewer.sees_person_names and order == Order.DEPTH:
        return trace
    return trace.ordered(order, by_name=viewer.sees_person_names)


def trace_address(request: HttpRequest, artifact: Artifact) -> str:
    """The page of this artifact's trace, under the filters of the present address."""
    return f"{reverse('lineage:trace', args=[artifact.pk])}?{request.GET.urlencode()}"


def keys_in(text: str) -> list[int]:
    """The keys in a part of an address such as `12-7`, without repeats; what is no key is passed over."""
    parts = dict.fromkeys(text.split("-", MOST_KEYS)[:MOST_KEYS])
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= LONGEST_KEY]


def namer_of(request: HttpRequest) -> Namer:
    """What artifacts are called for whoever asks."""
    return partial(names_by_key, viewer=viewer_of(request.user))


def recorded(
    request: HttpRequest,
    operation: Consultation.Operation,
    key: int,
    definition: dict[str, object],
    shown: Iterable[int],
) -> Consultation:
    """Record that these artifacts were shown, in answer to a question about the artifact `key`."""
    return consultations.record(
        by=request.user,
        operation=operation,
        at=timezone.now(),
        reference=f"artifact:{key}",
        definition=definition,
        artifacts=set(shown),
    )
