"""The signed moment in a form: sooner than anybody can type, it came from a machine; sent twice, it counts once."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

SOONEST = timedelta(seconds=3)
LATEST = timedelta(hours=12)
SIGNER = "rights.reception.stamps"
ONCE = "rights.reception.stamps.once"
REFERENCE_LENGTH = 32  # hexadecimal signs: 128 bits


class TooSoon(Exception):
    """The form came back faster than it can be filled in."""


class Stale(Exception):
    """The stamp is not ours, or too old."""


def stamp(at: datetime) -> str:
    """The moment a form was shown, signed."""
    return Signer(salt=SIGNER).sign(str(int(at.timestamp() * 1000)))


def check(stamped: str, *, at: datetime) -> None:
    """Raises TooSoon, Stale."""
    try:
        shown = int(Signer(salt=SIGNER).unsign(stamped)) / 1000
    except (BadSignature, ValueError):
        raise Stale from None
    age = at.timestamp() - shown
    if age > LATEST.total_seconds():
        raise Stale
    if age < SOONEST.total_seconds():
        raise TooSoon


def reference(stamped: str, kind: str, typed: Mapping[str, object]) -> str:
    """The reference that belongs to this form as it was shown once and filled in this way.

    Sent twice by a double click it is the same, and the database keeps references unique; any other word in it makes
    another. Keyed, so that it can be guessed no more easily than one drawn at random.
    """
    content = json.dumps([stamped, kind, sorted((name, str(value)) for name, value in typed.items())])
    return salted_hmac(ONCE, content, algorithm="sha256").hexdigest()[:REFERENCE_LENGTH]
