"""Errors as `application/problem+json` (RFC 9457): what happened, and what to change."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"


class Problem(APIException):
    """A refusal with its status, a sentence, and which parameters are at fault."""

    def __init__(self, status: HTTPStatus, detail: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status_code = status.value
        self.errors = dict(errors or {})


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception; None for one that is a fault of ours, which is reported as everywhere."""
    response = exception_handler(exception, context)
    if response is None:
        return None
    said = response.data
    errors = _errors(exception, said)
    response.data = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        "detail": _detail(exception, response.status_code, said, errors),
        **({"errors": errors} if errors else {}),
    }
    response.content_type = MEDIA_TYPE
    return response


def _errors(exception: Exception, said: object) -> list[dict[str, str]]:
    """One entry a parameter at fault."""
    if isinstance(exception, Problem):
        return [{"parameter": name, "detail": text} for name, text in exception.errors.items()]
    if isinstance(said, Mapping) and "detail" not in said:
        return [{"parameter": str(name), "detail": " ".join(_texts(texts))} for name, texts in said.items()]
    return []


def _texts(said: object) -> Iterator[str]:
    """The sentences in what a form or a serializer said."""
    if isinstance(said, str):
        yield str(said)
    elif isinstance(said, Mapping):
        for text in said.values():
            yield from _texts(text)
    elif isinstance(said, Sequence):
        for text in said:
            yield from _texts(text)


def _detail(exception: Exception, status: int, said: object, errors: list[dict[str, str]]) -> str:
    if status == HTTPStatus.NOT_FOUND and not isinstance(exception, Problem):
        return _("Nothing that may be shown to you has this key. Look it up anew by its kind and name.")
    if errors and not (isinstance(said, Mapping) and "detail" in said):
        return _("The request was not answered: change the parameters named under “errors”, then ask again.")
    detail = said.get("detail") if isinstance(said, Mapping) else None
    return str(detail) if isinstance(detail, ErrorDetail | str) else " ".join(_texts(said))
