"""Typed text carried in an address without being readable there: encrypted, and only for who typed it.

So that a page of results can be gone back to, reloaded and kept in a tab, while no name of the Hub ever stands in an
address, a browser's history or an access log.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

HOURS_12 = 12 * 60 * 60  # a working day; no session lasts longer


def seal(text: str, *, holder: int) -> str:
    """The text as an opaque token that only `holder` (the key of an account) can open."""
    return _fernet(holder).encrypt(text.encode()).decode()


def unseal(token: str, *, holder: int) -> str | None:
    """The text, or None where the token is not this holder's, was changed, or is older than twelve hours."""
    try:
        return _fernet(holder).decrypt(token.encode(), ttl=HOURS_12).decode()
    except (InvalidToken, UnicodeError):
        return None


def _fernet(holder: int) -> Fernet:
    key = hashlib.sha256(f"lineage.sealing:{holder}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
