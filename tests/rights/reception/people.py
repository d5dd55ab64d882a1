"""A person before the public pages: what they type, and what they read in their mails."""

import re
from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from rights.reception import stamps

CASE, REFERRAL = "/rights/account/oneself/", "/rights/dataset/"
LINK = re.compile(r"http://site\.test(/rights/confirm/\S+)")
REFERENCE = re.compile(r"^(?:[0-9a-f]{4} ){7}[0-9a-f]{4}$", re.M)
CODE = re.compile(r"^\d{8}$", re.M)


def typed(**fields: Any) -> dict[str, Any]:
    """A rights case as it is typed, a minute after the form was shown."""
    return {
        "rights": ["access", "erasure"],
        "accounts": "made-up-person",
        "contact": "person@example.org",
        "stamp": stamps.stamp(timezone.now() - timedelta(minutes=1)),
    } | fields


def told(**fields: Any) -> dict[str, Any]:
    """A referral as it is typed."""
    seen = {"claimed": "acme/faces", "seen_what": "a picture", "seen_where": "train, line 12", "seen_when": "yesterday"}
    return seen | {"contact": "person@example.org", "stamp": typed()["stamp"]} | fields


def written(client: Client, address: str = CASE, **fields: Any) -> Any:
    """Send a form."""
    return client.post(address, (told if address == REFERRAL else typed)(**fields))


def read(pattern: re.Pattern[str]) -> str:
    """What the last mail says."""
    found = pattern.search(str(mail.outbox[-1].body))
    assert found
    return found[found.lastindex or 0]
