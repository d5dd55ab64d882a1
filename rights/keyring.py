"""The key file of the suppression list: outside the database and its backups, readable by its owner only."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from rights.fingerprints import SECRET_BYTES, BadKeys, Key, read_keys, written


class KeysMissing(Exception):
    """The suppression list cannot be read without its keys. The words are for staff."""


def active() -> tuple[Key, ...]:
    """All keys in use, oldest first; none where the file is missing. Raises KeysMissing for a file that is damaged."""
    try:
        return read_keys(_place().read_text())
    except FileNotFoundError:
        return ()
    except (BadKeys, UnicodeDecodeError, OSError):
        raise KeysMissing(
            _(
                "The key file of the suppression list (SUPPRESSION_KEYS) cannot be read. Nothing was changed. "
                "Put back the copy that is kept apart from the database."
            )
        ) from None


def rotate() -> Key:
    """Add a key, with which every new fingerprint is made from now on; the former ones are still looked up."""
    key = Key(secrets.token_hex(4), secrets.token_bytes(SECRET_BYTES))
    _write((*active(), key))
    return key


def retire(key_id: str) -> bool:
    """Remove a key: what only it can recognise is lost for good. Returns whether there was one of that name."""
    keys = active()
    left = tuple(key for key in keys if key.key_id != key_id)
    if len(left) == len(keys):
        return False
    _write(left)
    return True


def _write(keys: tuple[Key, ...]) -> None:
    """Replace the file in one step, on the disk before it counts: a reader sees the old keys or the new ones."""
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(written(keys))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def _place() -> Path:
    return Path(settings.SUPPRESSION_KEYS)
