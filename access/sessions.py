"""The session store: Django's own in the database, each row marked with its account."""

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from access.models import NameGrant, Session, User

SIGNED_IN_AT = "signed_in_at"  # epoch seconds
SEEN_AT = "seen_at"  # epoch seconds
BROWSER = "browser"


class SessionStore(DatabaseStore):
    """Writes beside the session whose it is, since when, and when it was last seen; reads with it what they may do."""

    held: tuple[int, frozenset[str], bool] | None = None  # account, its groups, whether it may see names for a time

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        """Django's own, in whose place stands one query for the session and what its account holds."""
        now = timezone.now()  # noqa: TID251  # as Django does here: a session is read at the edge
        leaves = NameGrant.objects.in_force(now).filter(account=OuterRef("account"))
        held = {"group": F("account__groups__name"), "is_granted": Exists(leaves)}
        sessions: Any = Session.objects.filter(session_key=self.session_key, expire_date__gt=now)
        rows = list(sessions.annotate(**held))
        if not rows:
            self._session_key = None
            return None
        session: Session = rows[0]
        if session.account_id is not None:
            groups = frozenset(row.group for row in rows if row.group)
            self.held = (session.account_id, groups, rows[0].is_granted)
        return session

    def tell(self, account: User) -> None:
        """Let the account of this session know what it holds, without a query of its own."""
        if self.held and self.held[0] == account.pk:
            account.remember(self.held[1], is_granted_names=self.held[2])

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.signed_in_at = _moment(data.get(SIGNED_IN_AT))
        session.seen_at = _moment(data.get(SEEN_AT))
        session.browser = str(data.get(BROWSER, ""))[:60]
        return session


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
