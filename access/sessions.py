"""The session store: Django's own in the database, each row marked with its account."""

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from access.models import Session

SIGNED_IN_AT = "signed_in_at"  # epoch seconds
SEEN_AT = "seen_at"  # epoch seconds
BROWSER = "browser"


class SessionStore(DatabaseStore):
    """Writes beside the session whose it is, since when, and when it was last seen."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.signed_in_at = _moment(data.get(SIGNED_IN_AT))
        session.seen_at = _moment(data.get(SEEN_AT))
        session.browser = str(data.get(BROWSER, ""))[:60]
        return session


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
