"""Whether a harvest may take place, and which of what it read may be stored.

The genealogy knows nothing of rights; it asks the policy that `LINEAGE_PROCESSING_POLICY` names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from lineage.hub.records import HubRecord


@dataclass(frozen=True, slots=True)
class Screened:
    """What a policy lets through of one batch: `records`, rewritten where needed, and how many it dropped."""

    records: Sequence[HubRecord]
    dropped_records: int = 0
    dropped_mentions: int = 0


class ProcessingPolicy(Protocol):
    """What a harvest must ask before it reads, and before it stores."""

    def refusal(self, *, at: datetime) -> str | None:
        """Why nothing may be harvested at this moment, in words for staff; None where it may."""
        ...

    def screen(self, records: Sequence[HubRecord]) -> Screened:
        """Drop or rewrite parsed records before anything of them is stored, logged or quarantined."""
        ...

    def state(self) -> bytes:
        """A short text that changes whenever `screen` may answer otherwise to a record it let through untouched.

        Until it does, a record that says what it said before is not screened again.
        """
        ...


def current() -> ProcessingPolicy:
    """The policy in force, made anew for each call. Raises ImportError if the setting names none."""
    return cast(ProcessingPolicy, import_string(settings.LINEAGE_PROCESSING_POLICY)())
