"""The Message-ID of what we send, by which answers and bounces find their case: keyed, so that nobody invents one."""

import hmac
import re
import secrets
from email.utils import parseaddr

from django.conf import settings

from rights.sealed import mark

LETTER, CASE, REFERRAL = "letter", "case", "referral"
NONCE_BYTES = 8
OURS = re.compile(r"<(letter|case|referral)\.(\d{1,18})\.([0-9a-f]{16})\.([0-9a-f]{32})@[^<>\s@]+>")


def message_id(what: str, key: int, *, content: str = "") -> str:
    """A new one, for a mail about this row; the same again for the same `content`.

    It says nothing but the row's key.
    """
    nonce = mark(f"content:{content}")[: 2 * NONCE_BYTES] if content else secrets.token_hex(NONCE_BYTES)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{what}.{key}.{nonce}.{_proof(what, str(key), nonce)}@{domain}>"


def cited(text: str) -> tuple[str, int] | None:
    """What a Message-ID of ours is about, as (what, key); None for anybody else's."""
    found = OURS.fullmatch(text)
    if found is None:
        return None
    what, key, nonce, proof = found.groups()
    return (what, int(key)) if hmac.compare_digest(proof, _proof(what, key, nonce)) else None


def _proof(what: str, key: str, nonce: str) -> str:
    return mark(f"message:{what}.{key}.{nonce}")
