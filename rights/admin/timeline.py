"""What was done in a case or a referral, by whom and when: read out of the journal."""

from typing import Any

from django.contrib.auth import get_user_model

from rights.admin.words import act_words
from rights.models import JournalEntry


def timeline(reference: str) -> list[dict[str, Any]]:
    """The entries under this reference, the latest first, in words."""
    entries = list(JournalEntry.objects.filter(reference=reference).order_by("-number"))
    users = get_user_model()._default_manager.in_bulk({entry.by_key for entry in entries})
    return [
        {"at": entry.at, "said": act_words(entry), "by": users.get(entry.by_key), "number": entry.number}
        for entry in entries
    ]
