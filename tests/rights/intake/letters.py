"""Plain makers of letters that came in. Names are made up."""

from datetime import UTC, datetime
from typing import Any

from rights.intake.enclosing import enclose, sorted_out
from rights.mail import Part
from rights.models import IncomingLetter
from rights.vocabulary import Channel
from tests.factories import make_user

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_incoming(*files: tuple[str, bytes], at: datetime = AT, **fields: Any) -> IncomingLetter:
    """A letter with these files; it waits unless a case or referral is given."""
    known: dict[str, Any] = {"channel": Channel.EMAIL, "received_at": at, "dropped_at": at} | fields
    letter = IncomingLetter.objects.create(**known | {"dropped_by": fields.get("dropped_by") or make_user()})
    taken, left = sorted_out(Part(name, content) for name, content in files)
    assert not left
    enclose(letter, taken)
    return letter
