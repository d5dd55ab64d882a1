"""The link by which a person confirms their address: signed, good for seven days, and once."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

from rights.reception import letters
from rights.reception.letters import Letter

GOOD_FOR = timedelta(days=7)
SIGNER = "rights.reception.links"


def token(letter: Letter, *, at: datetime) -> str:
    """What stands in the address of the link: the opaque reference and the moment, signed."""
    return Signer(salt=SIGNER).sign_object([letter.reference, int(at.timestamp())])


def awaiting(token: str, *, at: datetime) -> Letter | None:
    """What the link would confirm; None where it was tampered with, is too old, was used, or its letter is deleted."""
    try:
        reference, issued = Signer(salt=SIGNER).unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if not 0 <= at.timestamp() - issued <= GOOD_FOR.total_seconds():
        return None
    letter = letters.found(reference)
    return letter if letter and letter.confirmed_at is None else None
