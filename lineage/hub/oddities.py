"""What is odd about a record that is kept all the same: one value of it is set aside, and the reason noted. Pure and total.

What authors are known to write (a card that is a list, a model that names itself) is not odd: the parser counts it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lineage.hub.facts import decoded, length_of, moment_of, number_of
from lineage.hub.parse import MOST_BYTES, MOST_LIKES
from lineage.hub.records import HubRecord, Refused

LONGEST_TAGS = 500_000  # characters in all; the most tags seen on one real model are 2,074
AHEAD = timedelta(days=1)  # so far a source's clock may be ahead of ours
DATES: Mapping[str, str] = {"createdAt": "created_at", "lastModified": "modified_at"}
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # what no database holds


class Odd(StrEnum):
    """Why a value was set aside."""

    NOT_A_NUMBER = "not_a_number"  # NaN, a text, below zero, beyond what the column holds
    NOT_A_DATE = "not_a_date"
    FUTURE_DATE = "future_date"
    NOT_TEXT = "not_text"  # a tag
    BROKEN_TEXT = "broken_text"  # NUL or half a character: stored without it
    TOO_LONG = "too_long"  # tags by the megabyte: the first are kept


def oddity(raw: object, *, at: datetime) -> Refused | None:
    """The first odd value of a raw record that was read at `at`; None where there is none. An absent value is not odd."""
    return next(_oddities(raw, at), None) if isinstance(raw, dict) else None


def without_future(record: HubRecord, *, at: datetime) -> HubRecord:
    """The record without a date that had not come when it was read."""
    future = [name for name in DATES.values() if (date := getattr(record, name)) and date > at + AHEAD]
    nothing: dict[str, Any] = dict.fromkeys(future)
    return replace(record, **nothing) if future else record


def _oddities(raw: Mapping[Any, object], at: datetime) -> Iterator[Refused]:
    for name, why in _LOOKS.items():
        if raw.get(name) is not None and (reason := why(raw[name], at)):
            yield Refused(reason, name, length_of(raw[name]))


def _number(most: int) -> "Look":
    return lambda value, _at: Odd.NOT_A_NUMBER if number_of(value, most) is None else None


def _date(value: object, at: datetime) -> Odd | None:
    moment = moment_of(value)
    if moment is None:
        return Odd.NOT_A_DATE
    return Odd.FUTURE_DATE if moment > at + AHEAD else None


def _text(value: object, _at: datetime) -> Odd | None:
    return Odd.BROKEN_TEXT if isinstance(value, str) and _BROKEN.search(value) else None


def _tags(value: object, at: datetime) -> Odd | None:
    tags = decoded(value)
    if not isinstance(tags, list):
        return None  # that record is refused
    try:
        together = "".join(tags)
    except TypeError:
        return Odd.NOT_TEXT
    return Odd.TOO_LONG if len(together) > LONGEST_TAGS else _text(together, at)


Look = Callable[[object, datetime], Odd | None]
_LOOKS: Mapping[str, Look] = {
    "downloads": _number(MOST_BYTES),
    "likes": _number(MOST_LIKES),
    **dict.fromkeys(DATES, _date),
    "tags": _tags,
    **dict.fromkeys(("author", "library_name", "pipeline_tag"), _text),
}
