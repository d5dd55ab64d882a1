"""How the operations describe themselves: their words, the problems they may answer with, the committed description."""

import re
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from lineage.api import examples
from lineage.api.problems import MEDIA_TYPE

SPARSE: set[str] = set()  # shapes of which a reader may ask for some fields alone
View = TypeVar("View", bound=type[Any])
LINES = "application/jsonl"
MISSING, MOVED, CONFLICT = "x-missing", "x-moved", "x-conflict"  # marks that `complete` turns into answers
SMALLEST_RANGE = 2**15 - 1  # the greatest number of the smallest column that databases have


def _fields(shape: Any) -> OpenApiParameter:
    """The parameter that names the fields wanted, of those that the shape has."""
    names = list(getattr(shape, "child", shape() if isinstance(shape, type) else shape).get_fields())
    wanted = {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1}
    said = _("The fields wanted, separated by commas; all without it.")
    return OpenApiParameter("fields", wanted, description=said, style="form", explode=False)


def described(
    operation: str,
    summary: Any,
    description: Any,
    *,
    answers: Any = None,
    asks: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    fields: bool = False,
    marks: Sequence[str] = (),
    missing: bool = False,
    moved: bool = False,
    verb: str = "get",
) -> Callable[[View], View]:
    """Say what the operation of a view is. Lists need no `answers`: their shape says it; a stream's are lines."""
    extensions = dict.fromkeys((*marks, *([MISSING] * missing), *([MOVED] * moved)), True)

    def on(view: View) -> View:
        if fields or hasattr(view, "filterset_class"):
            SPARSE.add((answers or view.serializer_class).__name__)
        is_list = hasattr(view, "filterset_class")
        is_stream = is_list and view.pagination_class is None
        shape = answers or view.serializer_class(many=True)
        said = extend_schema(
            operation_id=operation,
            summary=summary,
            description=description,
            parameters=[*parameters, *([_fields(shape or view.serializer_class)] if fields or is_list else [])],
            request=asks,
            responses={(200, LINES): OpenApiTypes.STR}
            if is_stream
            else shape
            if isinstance(shape, dict)
            else {200: shape},
            filters=True if is_list else None,
            extensions=extensions or None,
        )
        documented: View = extend_schema_view(**{verb: said})(view)
        return documented

    return on


PROBLEM = {
    "type": "object",
    "description": _("What happened, and what to change (RFC 9457)."),
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": _("Always about:blank: the status says the kind."),
        },
        "title": {"type": "string", "description": _("The status in words.")},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": _("That of the answer.")},
        "detail": {"type": "string", "description": _("What happened and what to do, in the language asked for.")},
        "errors": {
            "type": "array",
            "description": _("One entry a parameter to change."),
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {"type": "string", "description": _("Its name.")},
                    "detail": {"type": "string", "description": _("What to change.")},
                },
            },
        },
    },
}
ALWAYS = {
    "400": _("A parameter cannot be used; `errors` says which and why."),
    "401": _("No token, or one that is unknown, expired or revoked."),
    "403": _("Not among your roles or the scopes of your token."),
    "406": _("`Accept` asks for a form that is not offered."),
    "429": _("Asked too often: wait as many seconds as `Retry-After` says."),
}
MARKED = {
    MISSING: ("404", _("Nothing that may be shown to you has this key.")),
    CONFLICT: ("409", _("The genealogy changed since the cursor was given: begin anew, or stream.")),
}
ANSWER, STREAM = _("What was asked for."), _("One JSON object a line, without an end but that of the rows.")
KEYS = {"key": _("Our key of what is asked about."), "target": _("Our key of the artifact that the ways lead to.")}
PART = re.compile(r"/api/v1/(?P<name>[a-z-]+)")
UNCHANGED = _("Nothing changed since the answer whose ETag was sent as `If-None-Match`.")


def complete(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Add to every operation the answers that all of them may give (a postprocessing hook)."""
    shapes = result["components"].setdefault("schemas", {})
    for name in SPARSE:
        shapes.get(name, {}).pop("required", None)  # `fields` leaves some out
    for shape in shapes.values():
        _forget_ranges(shape)
    shapes["Problem"] = PROBLEM
    for path, operation in _operations(result):
        operation["tags"] = [PART.match(path)["name"]]  # type: ignore[index]
        _complete(operation)
        _exemplify(operation)
    return result


def _forget_ranges(shape: dict[str, Any]) -> None:
    """What a number's column holds differs from one database to the other, and is no promise of ours."""
    for told in shape.get("properties", {}).values():
        for bound in ("minimum", "maximum"):
            if abs(told.get(bound, 0)) >= SMALLEST_RANGE:
                del told[bound]
        if told.get("format") == "int64":
            del told["format"]


def _exemplify(operation: dict[str, Any]) -> None:
    """An example of what is sent and answered; KeyError for an operation that has none."""
    name = operation["operationId"]
    for told in operation["responses"]["200"]["content"].values():
        told["example"] = examples.ANSWERED[name]
    for told in operation.get("requestBody", {}).get("content", {}).values():
        told["example"] = examples.ASKED[name]


def _complete(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers["200"]["description"] = STREAM if LINES in answers["200"]["content"] else ANSWER
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["description"] = KEYS[parameter["name"]]
    marked = {mark for mark in MARKED if operation.pop(mark, False)}
    problems = ALWAYS | {status: words for mark, (status, words) in MARKED.items() if mark in marked}
    if "requestBody" in operation:
        problems |= {"415": _("The body is not JSON.")}
    elif LINES not in answers["200"]["content"]:
        answers["304"] = {"description": UNCHANGED}
    if operation.pop(MOVED, False):
        answers["302"] = {"description": _("Its name means another artifact by now: see `Location`.")}
    answers.update({status: _problem(status, words) for status, words in problems.items()})
    answers["429"]["headers"] = {
        "Retry-After": {"description": _("Seconds to wait."), "schema": {"type": "integer", "minimum": 0}}
    }
    operation["responses"] = dict(sorted(answers.items()))


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in result["paths"].items():
        for operation in item.values():
            if isinstance(operation, dict) and "responses" in operation:
                yield path, operation


def _problem(status: str, words: Any) -> dict[str, Any]:
    example = {"type": "about:blank", "title": HTTPStatus(int(status)).phrase, "status": int(status), "detail": words}
    if status == "400":
        example["errors"] = [
            {"parameter": "page_size", "detail": _("A whole number from 1 to {most}.").format(most=1000)}
        ]
    told = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": words, "content": {MEDIA_TYPE: told}}


def only_ours(endpoints: list[Any], **_more: Any) -> list[Any]:
    """Leave out what is no operation of the interface (a preprocessing hook)."""
    return [each for each in endpoints if each[0].startswith("/api/v1/") and not each[0].endswith("openapi.yaml")]
