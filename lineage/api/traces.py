"""Traces: the hops of one, all of it as JSON lines, its publishers, the shortest ways to one of its hops."""

from collections.abc import Collection, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lineage import disclosures
from lineage.api import cursors
from lineage.api.listing import as_lines, lines
from lineage.api.operation import Operation
from lineage.api.problems import Problem
from lineage.api.schema import CONFLICT, LINES, described
from lineage.api.shapes import HopShape, NodeShape, Row, node
from lineage.api.throttles import LongRate
from lineage.exports.rows import BATCH, batches, named
from lineage.exports.rows import Row as NamedHop
from lineage.exports.text import about, definition_of
from lineage.forms import TraceForm
from lineage.models import Artifact
from lineage.naming import names_by_key
from lineage.tracing import Trace
from lineage.views.asked import asked_trace


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    """One filter of the site's own form, described."""
    words = [value for value, _words in getattr(field, "choices", []) if value]
    told: dict[str, Any] = {"type": "string", "enum": words} if words else {"type": "string"}
    if isinstance(field, forms.IntegerField):
        told = {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    elif isinstance(field, forms.DateField):
        told = {"type": "string", "format": "date"}
    if isinstance(field, forms.MultipleChoiceField):
        told = {"type": "array", "items": told}
    said = format_lazy("{} {}", field.label or "", field.help_text or "")
    return OpenApiParameter(name, told, description=said)


FILTERS = [_parameter(name, field) for name, field in TraceForm.base_fields.items()]
PAGE = [
    OpenApiParameter(each["name"], each["schema"], description=each["description"])
    for each in (cursors.CURSOR, cursors.PAGE_SIZE)
]


class TracePageShape(serializers.Serializer[Any]):
    """A page of a trace."""

    origin = NodeShape(help_text=gettext_lazy("Where it begins; never a hop of its own."))
    direction = serializers.CharField(help_text=gettext_lazy("Which way it walks."))
    as_of = serializers.DateTimeField(
        allow_null=True, help_text=gettext_lazy("Start of the latest harvest it rests on; null before the first.")
    )
    filters = serializers.JSONField(help_text=gettext_lazy("What was asked, as it was understood."))
    count = serializers.IntegerField(help_text=gettext_lazy("How many hops the whole trace has: at least so many."))
    next = serializers.URLField(allow_null=True, help_text=cursors.LAST)
    results = HopShape(many=True, help_text=gettext_lazy("The hops of the page."))


class Tracing(Operation):
    """What answers about a trace share: the filters of the site's own form, and the trace they ask for."""

    many = tuple(name for name, field in TraceForm.base_fields.items() if isinstance(field, forms.MultipleChoiceField))

    def parameters(self) -> Collection[str]:
        """The filters of the site, so that one added there is one here."""
        return {*TraceForm.base_fields, *self.takes}

    def walked(self, key: int) -> Trace:
        """The trace asked for. Raises Http404, or Problem for filters that cannot be used."""
        artifact = Artifact.objects.shown().filter(superseded_by=None, pk=key).first()
        if artifact is None:
            raise Http404
        form = TraceForm.of_address(self.request.query_params)
        if not form.is_valid():
            errors = {name: " ".join(map(str, texts)) for name, texts in form.errors.items()}
            raise Problem(HTTPStatus.BAD_REQUEST, _("The trace was not walked: change these filters."), errors)
        return asked_trace(artifact, form, self.viewer)

    def namer(self, keys: Collection[int]) -> dict[int, str]:
        """What artifacts are called for whoever asks."""
        return names_by_key(keys, self.viewer)


def hop_row(row: NamedHop) -> Row:
    """One hop as it is answered."""
    hop = row.hop
    names = {hop.artifact_key: row.name, hop.via_key: row.via_name}
    return {
        "artifact": node(hop.artifact_key, hop.kind, names),
        "depth": hop.depth,
        "relation": hop.relation.value,
        "certainty": hop.certainty.value,
        "path_certainty": hop.path_certainty.value,
        "via": node(hop.via_key, hop.via_kind, names),
        "downloads": row.downloads,
        "likes": row.likes,
    }


@described(
    "trace",
    gettext_lazy("A trace, a page at a time"),
    gettext_lazy(
        "What was made from an artifact, or what it was made from, under the same filters as on the site. A cursor "
        "holds for one state of the genealogy; where a harvest changed it, the answer is 409."
    ),
    answers=TracePageShape,
    parameters=[*FILTERS, *PAGE],
    missing=True,
    marks=[CONFLICT],
)
class TracePage(Tracing):
    """A page of hops."""

    takes = cursors.PARAMETERS

    def get(self, request: Request, key: int) -> Response:
        """The hops of the page, recorded."""
        size, trace = cursors.size_of(request), self.walked(key)
        offset = self._offset(trace)
        rows = named(trace.page(offset, size), self.namer)
        shown = {key, *(row.hop.artifact_key for row in rows), *(row.hop.via_key for row in rows)}
        following = offset + size
        cursor = cursors.sealed(trace.graph.generation, following)
        data = {
            "next": cursors.next_address(request, cursor) if following < len(trace) else None,
            "results": [hop_row(row) for row in rows],
        }
        head = {**about(trace, self.namer), "origin": node(key, trace.origin.kind, self.namer([key]))}
        self.record(shown, definition_of(trace), reference=f"artifact:{key}")
        return Response({**head, **data})

    def _offset(self, trace: Trace) -> int:
        """Where the page begins. Raises Problem."""
        cursor = self.request.query_params.get("cursor", "")
        if not cursor:
            return 0
        generation, offset = cursors.opened(cursor, 2)
        if generation != trace.graph.generation:
            raise Problem(
                HTTPStatus.CONFLICT,
                _(
                    "The genealogy changed since this cursor was given, so the pages would not fit together. Begin "
                    "anew without a cursor, or take the whole trace as lines (trace.jsonl)."
                ),
            )
        return offset


@described(
    "trace_lines",
    gettext_lazy("A trace, streamed whole"),
    gettext_lazy("One hop a line, without a cap. Recorded as an export, with you as its recipient."),
    answers={(200, LINES): OpenApiTypes.STR},
    parameters=FILTERS,
    missing=True,
)
class TraceLines(Tracing):
    """All hops."""

    throttle_classes = (LongRate,)

    def get(self, request: Request, key: int) -> StreamingHttpResponse:
        """Every hop as a line, recorded in the ledger of exports."""
        trace = self.walked(key)
        disclosures.hand_over(trace, form="jsonl", by=request.user, at=timezone.now())
        return lines(trace_lines(trace, partial(names_by_key, viewer=self.viewer)))


def trace_lines(trace: Trace, namer: Any) -> Iterator[bytes]:
    """The hops as lines of JSON, made as they are asked for."""
    for rows in batches(trace, namer, BATCH):
        yield as_lines(hop_row(row) for row in rows)
