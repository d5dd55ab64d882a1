"""Plain makers of cases. Names are made up."""

from datetime import UTC, datetime
from typing import Any

from rights.desk.opening import Letter, open_case
from rights.models import RightsCase, RightsRequest
from rights.vocabulary import Channel, Right

RECEIVED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_case(*rights: Right, at: datetime = AT, by: int = 7, confirmed: bool = True, **letter: Any) -> RightsCase:
    """A case about these rights, erasure for none; received when entered unless said otherwise."""
    fields: dict[str, Any] = {
        "received_at": min(at, RECEIVED),
        "channel": Channel.EMAIL,
        "contact": "p@example.org",
    } | letter
    return open_case(letter=Letter(rights=rights or (Right.ERASURE,), **fields), by=by, at=at, confirmed=confirmed)


def the_request(case: RightsCase) -> RightsRequest:
    """The one right of a case."""
    return case.requests.get()
