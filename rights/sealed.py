"""What persons write to us, encrypted at rest: under keys that lie outside the database and its backups.

A file of Fernet keys, one a line, oldest first: the newest seals, all of them open. A blind index (an HMAC under the
oldest key) finds an address again that is stored sealed only.
"""

import hashlib
import hmac
import os
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _


class SealBroken(Exception):
    """What is sealed cannot be opened, or nothing can be sealed. Nothing was changed. The words are for staff."""


def seal(content: bytes) -> bytes:
    """The content as only this site's keys can open it. Raises SealBroken where the key file cannot be read."""
    return _keys().encrypt(content)


def unseal(token: bytes) -> bytes:
    """What was sealed. Raises SealBroken where it was changed, or its key is gone."""
    try:
        return _keys().decrypt(token)
    except InvalidToken:
        raise SealBroken(
            _(
                "What persons wrote cannot be opened with the keys in CASE_KEYS. Nothing was changed. "
                "Put back the key file that is kept apart from the database."
            )
        ) from None


def mark(text: str) -> str:
    """The blind index of an e-mail address or an account's name: the same for every case and width; "" for nothing."""
    folded = unicodedata.normalize("NFKC", text.strip()).casefold()
    if not folded:
        return ""
    secret = hashlib.sha256(b"rights.sealed.mark:" + _secrets()[0]).digest()
    return hmac.digest(secret, folded.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is sealed on its way into the database and opened on its way out. Empty stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return seal(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, *_unused: object) -> str | None:
        """The text as it was written. Raises SealBroken."""
        return unseal(value.encode()).decode() if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Whether it is empty is all that a query can ask."""
        if lookup_name not in ("exact", "isnull"):
            raise FieldError(f"{self.name} is sealed: a query cannot look into it")
        return super().get_lookup(lookup_name)


class SealedBytesField(models.BinaryField):  # type: ignore[type-arg]
    """A file that is sealed on its way into the database and opened on its way out."""

    def get_prep_value(self, value: Any) -> Any:
        content = super().get_prep_value(value)
        return None if content is None else seal(bytes(content))

    def from_db_value(self, value: "bytes | memoryview | None", *_unused: object) -> bytes | None:
        """The file as it came. Raises SealBroken."""
        return None if value is None else unseal(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Whether there is one is all that a query can ask."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: a query cannot look into it")
        return super().get_lookup(lookup_name)


@SealedTextField.register_lookup
class IsEmpty(Exact):
    """Equality, with nothing only: the same text is sealed differently each time."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("a sealed text can be compared with “” only")
        return self.rhs


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(secret) for secret in reversed(_secrets())])


def _secrets() -> list[bytes]:
    """The keys of the file, oldest first; the first one is made where there is no file."""
    place = Path(settings.CASE_KEYS)
    try:
        text = place.read_text()
    except FileNotFoundError:
        return [_made(place)]
    except (OSError, UnicodeDecodeError):
        text = ""
    secrets = [line.strip().encode() for line in text.splitlines() if line.strip()]
    try:
        for secret in secrets:
            Fernet(secret)
    except ValueError:
        secrets = []
    if not secrets:
        raise SealBroken(
            _(
                "The key file of what persons wrote (CASE_KEYS) cannot be read. Nothing was changed. "
                "Put back the copy that is kept apart from the database."
            )
        )
    return secrets


def _made(place: Path) -> bytes:
    """A first key, on the disk before it counts; where another process was quicker, that one's."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f"{place.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, place)  # whole or not at all, and never over another's
    finally:
        draft.unlink()
    return _secrets()[0]
