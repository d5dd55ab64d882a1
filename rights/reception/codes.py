"""The code that opens a follow-up: eight digits sent to the address on file, hashed here, for fifteen minutes.

Whatever stands under a reference, or does not, the same is done and the same is said: nothing can be learnt by
guessing.
"""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from rights.models import FollowUpCode
from rights.reception import letters
from rights.reception.knocking import Door, Wait, knock
from rights.reception.letters import Letter

GOOD_FOR = timedelta(minutes=15)
MOST_ATTEMPTS = 5
DIGITS = 8
REFERENCE_LENGTH = 32
NO_HASH = "0" * 64  # equals no hash that is ever computed


def ask(*, reference: str, at: datetime) -> int:
    """Note that a code is wanted. Returns the key of the row by which a task sends one, if there is whom to send it to.

    A reference for which too many were asked for within the hour keeps the code it has; nobody is told.
    """
    sought = normal(reference)
    try:
        knock(Door.CODE, who=sought, at=at)
    except Wait:
        return 0
    fresh = {"code_hash": "", "expires_at": at + GOOD_FOR, "attempts": 0}
    return FollowUpCode.objects.update_or_create(reference=sought, defaults=fresh)[0].pk


def draw(*, key: int, at: datetime) -> tuple[Letter, str] | None:
    """The letter whose code was asked for, and a new code for it: to be sent at once, and kept nowhere."""
    row = FollowUpCode.objects.filter(pk=key, expires_at__gt=at).first()
    letter = letters.found(row.reference) if row else None
    if row is None or letter is None or not letter.contact:
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    FollowUpCode.objects.filter(pk=row.pk).update(code_hash=_hash(row.reference, code), attempts=0)
    return letter, code


def check(*, reference: str, code: str, at: datetime) -> Letter | None:
    """What the reference leads to, if this is its code; None for every other reason, each after the same work.

    A right code is good once, and shows that the address is the person's. Not to be called in a transaction that is
    undone.
    """
    sought = normal(reference)
    waiting = FollowUpCode.objects.filter(reference=sought, expires_at__gt=at, attempts__lt=MOST_ATTEMPTS)
    tried = waiting.update(attempts=F("attempts") + 1)
    row = FollowUpCode.objects.filter(reference=sought).first()
    expected = row.code_hash if row and row.code_hash and tried else NO_HASH
    is_right = constant_time_compare(_hash(sought, digits(code)), expected)
    letter = letters.found(sought)
    if letter is None or not is_right or not FollowUpCode.objects.filter(reference=sought).delete()[0]:
        return None
    if letter.confirmed_at is None:
        letters.confirm(letter, at=at)
    return letter


def normal(reference: str) -> str:
    """A reference as somebody may type it, without spaces and hyphens; what can be none becomes one of nothing."""
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", reference).lower() if sign.isalnum())
    if len(typed) == REFERENCE_LENGTH and typed.isascii():
        return typed
    return hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()[:REFERENCE_LENGTH]


def digits(code: str) -> str:
    """A code as somebody may type it: its digits."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isascii() and sign.isdigit())


def _hash(reference: str, code: str) -> str:
    return salted_hmac("rights.reception.codes", f"{reference}:{code}", algorithm="sha256").hexdigest()
