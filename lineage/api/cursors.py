"""Pages by cursor, in the order of the keys: rows that come or go meanwhile make no other row missed or told twice."""

import base64
import binascii
import re
from http import HTTPStatus
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from lineage.api.problems import Problem

ROWS = 100
MOST_ROWS = 1_000
LAST = gettext_lazy("Address of the next page; null on the last.")
WHOLE = re.compile(r"[0-9]{1,18}")

CURSOR: dict[str, Any] = {
    "name": "cursor",
    "required": False,
    "in": "query",
    "description": gettext_lazy(
        "Where the page begins, as `next` of the page before gave it. Opaque: take it as it is."
    ),
    "schema": {"type": "string", "format": "cursor"},
}
PAGE_SIZE: dict[str, Any] = {
    "name": "page_size",
    "required": False,
    "in": "query",
    "description": gettext_lazy("Rows on the page."),
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
}
PARAMETERS = (CURSOR["name"], PAGE_SIZE["name"])


def sealed(*numbers: int) -> str:
    """Numbers as the text of a cursor."""
    return base64.urlsafe_b64encode("-".join(map(str, numbers)).encode()).decode().rstrip("=")


def opened(text: str, count: int) -> tuple[int, ...]:
    """The numbers of a cursor. Raises Problem for one that was not given out here."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        plain = ""
    numbers = plain.split("-")
    if len(numbers) != count or not all(WHOLE.fullmatch(number) for number in numbers) or sealed_again(numbers) != text:
        said = _("This is no cursor of ours. Leave it out to begin anew, or take `next` of the page before as it is.")
        raise Problem(HTTPStatus.BAD_REQUEST, said, {"cursor": said})
    return tuple(map(int, numbers))


def sealed_again(numbers: list[str]) -> str:
    """The one spelling of a cursor with these numbers."""
    return sealed(*map(int, numbers))


def size_of(request: Request) -> int:
    """The rows asked for. Raises Problem."""
    asked = request.query_params.get("page_size", str(ROWS))
    if not WHOLE.fullmatch(asked) or not 1 <= int(asked) <= MOST_ROWS:
        said = _("A whole number from 1 to {most}.").format(most=MOST_ROWS)
        raise Problem(HTTPStatus.BAD_REQUEST, _("The size of the page cannot be used."), {"page_size": said})
    return int(asked)


def next_address(request: Request, cursor: str) -> str:
    """The present address with another cursor."""
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor))


class Keyset(BasePagination):
    """Each page begins after the last key of the one before."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: APIView | None = None) -> list[Model]:  # type: ignore[override]
        """The rows of the page asked for. Raises Problem."""
        size = size_of(request)
        cursor = request.query_params.get("cursor", "")
        after = opened(cursor, 1)[0] if cursor else -1
        rows = list(queryset.filter(pk__gt=after).order_by("pk")[: size + 1])
        self.next = next_address(request, sealed(rows[size - 1].pk)) if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: Any) -> Response:
        """The rows, and where the next page is."""
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the description of the interface."""
        following = {"type": "string", "format": "uri", "nullable": True, "description": LAST}
        rows = {**schema, "description": gettext_lazy("The rows of the page, in the order of their keys.")}
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": rows},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """For the description of the interface."""
        return [CURSOR, PAGE_SIZE]
