"""Lists: a page at a time by cursor, or all of it streamed as JSON lines."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from lineage import disclosures
from lineage.api import cursors
from lineage.api.filters import told
from lineage.api.operation import FIELDS, Operation, wanted_fields
from lineage.api.throttles import LongRate
from lineage.free_texts import facts_by_key
from lineage.models import Artifact
from lineage.naming import names_by_key

LINES = "application/jsonl"
BATCH = 2_000  # rows named by one query


class Rows(Operation, GenericAPIView[Any]):
    """What a list and its stream share: the rows, and how they are told.

    `cites`: columns that hold keys of artifacts.
    """

    rows: ClassVar[QuerySet[Any]]
    filterset_class: ClassVar[Any]
    cites: ClassVar[tuple[str, ...]] = ()
    shows: ClassVar[tuple[str, ...]] = ()  # those of `cites` that count as shown; all without it

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that may be shown."""
        return self.rows.all()

    def parameters(self) -> Collection[str]:
        """Its filters and the fields wanted."""
        return {*self.filterset_class.base_filters, FIELDS}

    def definition(self) -> dict[str, object]:
        """What was asked, for the log of reads."""
        filled = self.filterset_class(self.request.query_params, queryset=self.rows.none(), request=self.request)
        filled.form.is_valid()
        return {"list": self.rows.model._meta.model_name, **told(filled)}

    def told(self, rows: Sequence[Model]) -> list[dict[str, Any]]:
        """The rows as they are answered."""
        shape = self.get_serializer_class()
        context = {"wanted": self.wanted(), "viewer": self.viewer, **self.named(rows)}
        data: list[dict[str, Any]] = shape(rows, many=True, context=context).data
        return data

    def named(self, rows: Sequence[Model]) -> dict[str, Any]:
        """The names that the rows need."""
        return {"names": names_by_key(self.cited(rows), self.viewer)}

    def cited(self, rows: Iterable[Model]) -> set[int]:
        """Keys of every artifact that the rows cite."""
        return {key for row in rows for name in self.cites if (key := getattr(row, name)) is not None}

    def shown(self, rows: Iterable[Model]) -> set[int]:
        """Keys of the artifacts that the answer shows."""
        names = self.shows or self.cites
        return {key for row in rows for name in names if (key := getattr(row, name)) is not None}

    def wanted(self) -> list[str] | None:
        """The fields asked for, None for all. Raises Problem."""
        shape = self.get_serializer_class()
        declared = shape().get_fields() if issubclass(shape, serializers.Serializer) else {}
        return wanted_fields(self.request, list(declared))


class Listing(Rows):
    """A page of a list."""

    pagination_class = cursors.Keyset

    def parameters(self) -> Collection[str]:
        """The filters, the fields wanted, and where the page stands."""
        return {*super().parameters(), *cursors.PARAMETERS}

    def get(self, request: Request) -> Response:
        """Answer with one page, recorded."""
        self.wanted()
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = list(page or [])
        data = self.told(rows)
        self.record(self.shown(rows), self.definition())
        return self.get_paginated_response(data)


class Stream(Rows):
    """All rows of a list, one JSON object a line, in the order of their keys. No cap: memory stays flat.

    Which rows those are is settled, and recorded as an export, before the first is sent.
    """

    pagination_class = None
    throttle_classes = (LongRate,)

    def get(self, request: Request) -> StreamingHttpResponse:
        """Answer with every row, recorded in the ledger of exports."""
        self.wanted()
        rows = self.filter_queryset(self.get_queryset()).order_by("pk")
        columns = ["pk", *(self.shows or self.cites)]
        keys, shown = _columns(rows, columns)
        definition = self.definition()
        disclosures.enter(
            by=request.user,
            at=timezone.now(),
            form="jsonl",
            reference=f"list:{definition['list']}",
            definition=definition,
            artifacts=shown,
        )
        return lines(self._parts(keys))

    def _parts(self, keys: "np.ndarray[Any, np.dtype[np.int64]]") -> Iterator[bytes]:
        for start in range(0, len(keys), BATCH):
            some = self.get_queryset().filter(pk__in=keys[start : start + BATCH].tolist()).order_by("pk")
            yield as_lines(self.told(list(some)))


def _columns(
    rows: QuerySet[Any], columns: Sequence[str]
) -> "tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]":
    """The rows' keys, and the distinct keys of the artifacts they show; eight bytes each."""
    found = np.fromiter(
        (-1 if value is None else value for row in rows.values_list(*columns).iterator(BATCH) for value in row),
        dtype=np.int64,
    ).reshape(-1, len(columns))
    shown = np.unique(found[:, 1:]) if len(columns) > 1 else found[:0, 0]
    return found[:, 0], shown[shown >= 0]


def lines(parts: Iterator[bytes]) -> StreamingHttpResponse:
    """Parts of JSON lines as an answer that is sent while it is made."""
    answer = StreamingHttpResponse(parts, content_type=LINES)
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy in front hands lines on as they come
    return answer


def as_lines(rows: Iterable[object]) -> bytes:
    """Each as one line of JSON."""
    return "".join(json.dumps(row, cls=JSONEncoder) + "\n" for row in rows).encode()


def artifact_context(rows: Sequence[Artifact], operation: Operation) -> dict[str, Any]:
    """What artifacts need: the names of their own, of parents and families, and their free texts as shown."""
    keys = {key for row in rows for key in (row.pk, row.parent_id, row.family_id) if key is not None}
    return {"names": names_by_key(keys, operation.viewer), "facts": facts_by_key(rows, operation.viewer)}
