"""Text encrypted at rest with the key of the site, each holder's with a key of their own.

SECRET_KEY_FALLBACKS still open what was sealed before SECRET_KEY was changed.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str, *, holder: str) -> str:
    """The text, such that only `unseal` for the same holder gives it back."""
    return _keys(holder).encrypt(text.encode()).decode()


def unseal(sealed: str, *, holder: str) -> str | None:
    """The text, or None where it was sealed for another holder, was changed, or its key is gone."""
    try:
        return _keys(holder).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def _keys(holder: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (hashlib.sha256(f"access.sealing:{holder}:{secret}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
