"""Log lines that name nobody.

A message of ours cites keys only. What others put into theirs is cut: the text of an exception (PostgreSQL's
says the values of the row it refused), the arguments and results of tasks, the query of an address.
"""

import copy
import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Any

OURS = ("access.", "genealogy_site.", "lineage.", "rights.")  # whose exceptions say nothing personal, by rule
CUT_FROM_TASKS = ("args", "exc", "kwargs", "return_value", "traceback")


class NamelessFormatter(logging.Formatter):
    """Formats a record without what may name a person: where an error happened stays, its text does not."""

    def format(self, record: logging.LogRecord) -> str:
        plain = copy.copy(record)
        plain.exc_text = None
        if isinstance(record.args, Mapping):
            plain.args = {key: "…" if key in CUT_FROM_TASKS else value for key, value in record.args.items()}
        elif record.args:
            plain.args = tuple(_nameless(value) for value in record.args)
        if record.name == "django.server":
            plain.args = tuple(_without_query(value) for value in plain.args or ())
        return super().format(plain)

    def formatException(self, ei: Any) -> str:  # noqa: N802  # the name logging calls
        """Each exception of the chain by its class, with the places it came through."""
        _, error, trace = ei
        lines: list[str] = []
        while error is not None:
            lines += [f"{_nameless(error)}", *_places(trace)]
            cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
            error, trace = cause, getattr(cause, "__traceback__", None)
        return "\n".join(lines)


def _nameless(value: object) -> object:
    """An exception by its class alone, unless it is one of ours; anything else as it is."""
    if not isinstance(value, BaseException):
        return value
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    return f"{kind}: {value}" if kind.startswith(OURS) else kind


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return places


def _without_query(value: object) -> object:
    """A request line such as `GET /page/?s=text HTTP/1.1` without its query."""
    if not isinstance(value, str) or "?" not in value:
        return value
    before, _, after = value.partition("?")
    return f"{before} {after.rpartition(' ')[2]}"
