"""The description of the interface: as a file for programs, as a page for readers. And what no address answers."""

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from lineage.api.operation import Operation
from lineage.views.gate import readers_only

_described: dict[str, Any] = {}  # by language; the code does not change while a process runs


def description() -> dict[str, Any]:
    """The whole description in the reader's language, made once a process."""
    language = get_language() or ""
    if language not in _described:
        _described[language] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = _described[language]
    return found


class _Yaml(BaseContentNegotiation):
    """The file is YAML, whatever was asked for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@extend_schema(exclude=True)
class Description(Operation):
    """The OpenAPI file."""

    renderer_classes = (OpenApiYamlRenderer,)
    content_negotiation_class = _Yaml

    def get(self, request: Request) -> Response:
        """The description as YAML."""
        return Response(description())


@extend_schema(exclude=True)
class Unknown(Operation):
    """Any other address under the interface: a problem like the others, not a page."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in readers only, then refuse."""
        super(Operation, self).initial(request, *args, **kwargs)
        raise Http404


@readers_only
@require_safe
def documentation(request: HttpRequest) -> HttpResponseBase:
    """Every operation with its parameters and answers, without scripts."""
    return render(request, "lineage/api.html", {"parts": _parts(description())})


def _parts(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations as the page lists them."""
    return [
        {
            "path": path,
            "verb": verb.upper(),
            **operation,
            "asked": [_parameter(each) for each in operation.get("parameters", ())],
            "answers": sorted(operation["responses"].items()),
            "example": _example(operation),
        }
        for path, item in told["paths"].items()
        for verb, operation in item.items()
        if isinstance(operation, dict) and "responses" in operation
    ]


def _example(operation: dict[str, Any]) -> str:
    """The example of an answer as text."""
    (told,) = operation["responses"]["200"]["content"].values()
    example = told["example"]
    return example if isinstance(example, str) else json.dumps(example, indent=2)


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    """One parameter: its words, and which values it takes where they are counted."""
    schema = told.get("schema", {})
    values = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    said = told.get("description", "")
    meanings = "\n* `" in str(said) or str(said).startswith("* `")
    return {"name": told["name"], "description": said, "values": () if meanings else values}
