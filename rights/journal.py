"""The journal of acts, and its only writer."""

from collections.abc import Mapping
from datetime import datetime

from rights.models import JournalEntry


def enter(*, act: str, by: int, at: datetime, reference: str, details: Mapping[str, int | str]) -> None:
    """Write one act in the caller's own transaction. `by`: key of the agent's account; no name in `details`."""
    JournalEntry.objects.create(act=act, by_key=by, at=at, reference=reference, details=dict(details))
