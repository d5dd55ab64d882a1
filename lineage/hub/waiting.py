"""How long the Hub asks to be left alone, from the headers of an answer. Pure."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0  # seconds
_LEFT = re.compile(r'"api"\s*;\s*r\s*=\s*(\d{1,9})\s*;.*?\bt\s*=\s*(\d{1,9})', re.ASCII)
_RATE_LIMIT = re.compile(r";\s*r\s*=\s*0*\s*(?:;|$).*?\bt\s*=\s*(\d{1,9})", re.ASCII)


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that `RateLimit: "api";r=0;t=N` or `Retry-After` ask for, the longer of both; None where neither does.

    `headers` must find a name whatever its case. A date in Retry-After is read against the answer's own Date.
    """
    asked = [_exhausted(headers.get("ratelimit", "")), _retry_after(headers)]
    waits = [min(seconds, LONGEST) for seconds in asked if seconds is not None]
    return max(waits, default=None)


def announced(headers: Mapping[str, str]) -> tuple[int, float] | None:
    """How many requests to the API are left, and for how many seconds, from `RateLimit: "api";r=N;t=S`; None if not said."""
    found = _LEFT.search(headers.get("ratelimit", ""))
    return (int(found[1]), min(float(found[2]), LONGEST)) if found else None


def _exhausted(text: str) -> float | None:
    """Seconds until the window starts anew, where no request is left in it."""
    found = _RATE_LIMIT.search(text)
    return float(found[1]) if found else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until, sent = parsedate_to_datetime(text), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
