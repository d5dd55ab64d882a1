"""The ways in which the pretended Hub fails: each one a row of the table of faults."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.hub_standin import Seen


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one answer. An answer with a `status` or `body` of its own never looks at the shelves."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before the first byte
    drip: float = 0.0  # seconds between two bytes
    keep: float = 1.0  # share of the true body that is sent
    breaks_off: bool = False  # the connection closes before what Content-Length promised
    next_url: str = ""  # sent in place of the true next page; "SELF" is the page asked for

    @property
    def replaces(self) -> bool:
        return self.status != 200 or self.body is not None

    def extra_headers(self, own_address: str) -> dict[str, str]:
        link = {"Link": f'<{self.next_url.replace("SELF", own_address)}>; rel="next"'} if self.next_url else {}
        return {**self.headers, **link}

    def spoil(self, body: bytes) -> bytes:
        return body[: int(len(body) * self.keep)]

    def pieces(self, body: bytes) -> Iterator[bytes]:
        if not self.drip:
            yield body
            return
        for start in range(len(body)):
            yield body[start : start + 1]
            time.sleep(self.drip)


def rate_limited(seconds: int) -> Fault:
    return Fault(429, b'{"error":"rate limit"}', {"RateLimit": f'"api";r=0;t={seconds}'})


def retry_after(seconds: int) -> Fault:
    return Fault(429, b'{"error":"rate limit"}', {"Retry-After": str(seconds)})


def server_error(status: int = 503) -> Fault:
    return Fault(status, b"<html>busy</html>")


def slow(seconds: float) -> Fault:
    return Fault(delay=seconds)


def dripping(pause: float) -> Fault:
    return Fault(drip=pause)


def to_next(url: str) -> Fault:
    return Fault(next_url=url)


HTML = Fault(body=b"<!doctype html><title>maintenance</title>")
EMPTY = Fault(body=b"")
AN_OBJECT = Fault(body=b"{}")
TRUNCATED = Fault(keep=0.6)  # JSON cut short, in an answer that is whole as HTTP
BROKEN_OFF = Fault(keep=0.6, breaks_off=True)
EXPIRED = Fault(400, b'{"error":"Invalid cursor"}')
MIXED = [server_error(500), server_error(502), server_error(503), HTML, EMPTY, AN_OBJECT, TRUNCATED, BROKEN_OFF]


def in_turn(faults: Sequence[Fault | None]) -> Callable[["Seen"], Fault | None]:
    """The list requests meet these faults, one each in turn, and none after the last."""
    left = list(faults)
    return lambda seen: left.pop(0) if seen.is_list and left else None


def at_random(seed: int, share: float, faults: Sequence[Fault] = MIXED) -> Callable[["Seen"], Fault | None]:
    """Each request meets one of the faults with the probability `share`; the same `seed` fails alike."""
    dice = random.Random(seed)
    return lambda seen: dice.choice(faults) if dice.random() < share else None
