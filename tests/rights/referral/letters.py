"""Plain makers of referrals. Names are made up."""

from datetime import UTC, datetime
from typing import Any

from rights.models import Referral
from rights.referral.receiving import Report, receive
from rights.vocabulary import Channel

RECEIVED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_referral(*, at: datetime = AT, by: int = 7, confirmed: bool = True, **report: Any) -> Referral:
    """A referral about a made-up dataset; received when entered unless said otherwise."""
    fields: dict[str, Any] = {
        "received_at": min(at, RECEIVED),
        "channel": Channel.EMAIL,
        "contact": "p@example.org",
        "claimed": "acme/faces",
    } | report
    return receive(report=Report(**fields), by=by, at=at, confirmed=confirmed)
