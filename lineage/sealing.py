"""Typed text carried in an address without being readable there: encrypted, and only for who typed it.

So that a page of results can be gone back to, reloaded and kept in a tab, while no name of the Hub ever stands in an
address, a browser's history or an access log.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

TEXT, PURPOSE = "", "purpose:"  # what a token is for: one of a kind opens as nothing else
HOURS_12 = 12 * 60 * 60  # a working day; no session lasts longer


def seal(text: str, *, holder: int, use: str = TEXT) -> str:
    """The text as an opaque token that only `holder` (the key of an account) can open, for the same `use`."""
    return _fernet(holder, use).encrypt(text.encode()).decode()


def unseal(token: str, *, holder: int, use: str = TEXT) -> str | None:
    """The text; None for another holder or use, for a token that was changed, and after twelve hours."""
    try:
        return _fernet(holder, use).decrypt(token.encode(), ttl=HOURS_12).decode()
    except (InvalidToken, UnicodeError):
        return None


def _fernet(holder: int, use: str) -> Fernet:
    key = hashlib.sha256(f"lineage.sealing:{use}{holder}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
