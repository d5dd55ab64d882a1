"""Bounded, cleaned facts out of raw JSON values. Pure and total: an odd value reads as none."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from lineage.hub.decoding import decode

# Characters that PostgreSQL cannot hold, that cannot be seen, or that reorder the text around them: controls,
# surrogates, zero-width and bidirectional marks, tag characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_DATE_LENGTH = 40
_HUB_ID = re.compile(r"[0-9A-Fa-f]{24}")
REMEMBERED = 2**14  # texts: a few hundred words make up nearly all tags, licences and languages of the Hub


def clean(text: str, most: int) -> str:
    """The text without characters that cannot be seen or stored, cut to `most` characters."""
    return _cleaned(text[: 2 * most], most)


@lru_cache(REMEMBERED)
def _cleaned(near: str, most: int) -> str:
    seen = near if near.isascii() and near.isprintable() else _UNSEEN.sub("", near)
    return seen.strip()[:most].strip()


def text_of(value: object, most: int) -> str:
    """A cleaned text; "" for anything else."""
    return clean(value, most) if isinstance(value, str) else ""


def texts_of(value: object) -> Iterator[str]:
    """The texts in a value that is a text or a list: YAML reads `no` as false, so false is the text "no"."""
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, str):
            yield item
        elif item is False:
            yield "no"


def distinct(texts: Iterable[str], *, longest: int, most: int, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Cleaned texts, sorted, each once, the first `most`; none longer than `longest` or beginning with `without`."""
    cleaned = {clean(text, longest) for text in texts if len(text) <= longest}
    kept = [text for text in cleaned if text and not text.startswith(without)] if without else cleaned - {""}
    return tuple(sorted(kept)[:most])


def by_prefix(texts: Iterable[str]) -> dict[str, list[str]]:
    """What follows the first colon of each text that has one, by what stands before it, in the texts' order."""
    found: dict[str, list[str]] = {}
    for text in texts:
        prefix, colon, rest = text.partition(":")
        if colon:
            found.setdefault(prefix, []).append(rest)
    return found


def number_of(value: object, most: int) -> int | None:
    """A whole number from 0 to `most`; None for anything else, `true` and NaN included."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    return None


def moment_of(value: object) -> datetime | None:
    """A date of this century in UTC, from ISO 8601 text or a datetime; one without an offset is taken as UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= _DATE_LENGTH else value
        if not isinstance(moment, datetime):
            return None
        if moment.tzinfo is not UTC:
            moment = moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def hub_id_of(value: object) -> str:
    """The Hub's `_id` as 24 lower-case hexadecimal digits; "" for anything else."""
    return value.lower() if isinstance(value, str) and _HUB_ID.fullmatch(value) else ""


def decoded(value: object) -> object:
    """What a JSON text says; the value itself where it is no text, None where it cannot be read."""
    if not isinstance(value, str):
        return value
    try:
        return decode(value)
    except ValueError:
        return None


def length_of(value: object) -> int:
    """Characters of a text, or of any other value as JSON; 0 where that cannot be told."""
    if isinstance(value, str):
        return len(value)
    try:
        return len(json.dumps(value))
    except (ValueError, TypeError, RecursionError):
        return 0
