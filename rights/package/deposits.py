"""Packages that wait to be fetched: encrypted under a code that only the person is sent, for thirty days.

The code is stored nowhere, so neither the database nor its backups hold what it opens. A lost code means a new package.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from lineage import consultations
from lineage.consultations import ON_SERVER, Reader
from lineage.models import Consultation
from rights import journal
from rights.models import AccessPackage
from rights.package.contents import Package, draw_up
from rights.package.files import archived

KEPT = timedelta(days=30)
MOST_ATTEMPTS = 10  # wrong codes; then a new package has to be drawn up
CODE_BYTES, GROUP = 15, 6  # 120 bits, as 24 letters and digits in groups
NONCE_BYTES = 12
ACT = "access_package"


class PackageRefused(Exception):
    """The package cannot be opened so. One sentence for every reason: none tells a stranger what exists."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A package that waits, and the code that opens it: to be sent to the person, and kept nowhere."""

    package: AccessPackage
    code: str


@transaction.atomic
def deposit(
    *, account: str, reference: str, language: str, by: int, at: datetime, references: Iterable[str] = ()
) -> Deposit:
    """Draw up the package of an account for a case, and keep it encrypted for 30 days.

    Records the consultation and the journal entry. Raises EffectRefused for what can be no account, KeysMissing.
    """
    package, body = drawn(account=account, reference=reference, language=language, by=by, at=at, references=references)
    token, code = secrets.token_urlsafe(24), _new_code()
    kept = AccessPackage.objects.create(
        token=token,
        reference=reference,
        language=package.language,
        body=_sealed(body, token, code),
        drawn_up_at=at,
        expires_at=at + KEPT,
    )
    return Deposit(kept, code)


@transaction.atomic
def drawn(
    *, account: str, reference: str, language: str, by: int, at: datetime, references: Iterable[str] = ()
) -> tuple[Package, bytes]:
    """The package of an account for a case, and its archive; the read and the act are recorded."""
    with translation.override(language):
        package = draw_up(account=account, at=at, references={reference, *references})
        body = archived(package)
    consultations.record(
        by=_reader(by),
        operation=Consultation.Operation.EXPORT,
        at=at,
        purpose=reference,
        artifacts=package.artifacts,
        definition={"package": True, "authors": sorted(package.authors)},
    )
    details: dict[str, int | str] = {"artifacts": len(package.artifacts), "rows": package.row_count}
    journal.enter(act=ACT, by=by, at=at, reference=reference, details=details)
    return package, body


def open_with(*, token: str, code: str, at: datetime) -> bytes:
    """The archive that waits under this token. A wrong code counts as an attempt, of which there are ten.

    Not to be called within a transaction that is undone on an error. Raises PackageRefused, equally slowly for all
    reasons.
    """
    waiting = AccessPackage.objects.filter(token=token, expires_at__gt=at)
    tried = waiting.filter(attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1)
    package = waiting.first() if tried else None
    body = _opened(bytes(package.body) if package else b"", token, code)
    if package is None or body is None:
        raise PackageRefused(
            _(
                "This copy cannot be opened: the code is wrong, was tried too often, or the 30 days are over. "
                "Ask for a new one."
            )
        )
    AccessPackage.objects.filter(pk=package.pk).update(attempts=0, fetched_at=at)
    return body


def _reader(by: int) -> Reader:
    return get_user_model()._default_manager.get(pk=by) if by else ON_SERVER


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def _sealed(body: bytes, token: str, code: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(token, code)).encrypt(nonce, body, token.encode())


def _opened(sealed: bytes, token: str, code: str) -> bytes | None:
    """What was sealed; None under another code, or where nothing was."""
    cipher = AESGCM(_key(token, code))
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES] or bytes(NONCE_BYTES), sealed[NONCE_BYTES:], token.encode())
    except InvalidTag:
        return None


def _key(token: str, code: str) -> bytes:
    """From the code as somebody may type it: in any case, grouped or not."""
    typed = "".join(filter(str.isalnum, code)).upper().replace("0", "O").replace("1", "I")
    return hashlib.scrypt(
        typed.encode("utf-8", "replace"), salt=token.encode("utf-8", "replace"), n=2**14, r=8, p=1, dklen=32
    )
