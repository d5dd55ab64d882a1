"""Keyed fingerprints of accounts and repositories: what is left of a name that must never be collected again. Pure.

Hub names can be listed by anyone, so a plain hash would be reversible: HMAC-SHA-256 under keys that lie outside the
database. What has lost its key can no longer be recognised.
"""

import base64
import binascii
import hmac
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECRET_BYTES = 32


class BadKeys(ValueError):
    """The key file cannot be read as one. The argument is the number of the first bad line, from 1."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key and its public short name, which stands beside every fingerprint made with it."""

    key_id: str
    secret: bytes

    def of_account(self, name: str) -> str:
        """The fingerprint of an account, 64 hex digits: the same for every spelling in other case or width."""
        return self._of("account", folded(name))

    def of_repository(self, hub_id: str) -> str:
        """The fingerprint of a repository's `_id`, which survives renames."""
        return self._of("repository", hub_id.lower())

    def of_word(self, name: str) -> str:
        """The fingerprint of an account's bare name, where it stands as a word in somebody's text."""
        return self._of("word", folded(name))

    def of_name(self, kind: str, repo_id: str) -> str:
        """The fingerprint of one full repository id of one kind: an old name, say, under another owner."""
        return self._of(f"name of {kind}", folded(repo_id))

    def of_others(self, kind: str, repo_id: str) -> str:
        """The fingerprint of somebody else's repository that bears an erased name: out while it is called so."""
        return self._of(f"others' {kind}", folded(repo_id))

    def _of(self, what: str, text: str) -> str:
        return hmac.digest(self.secret, f"{what}:{text}".encode("utf-8", "surrogatepass"), "sha256").hex()


def folded(name: str) -> str:
    """The one form that all spellings of a name share: compatible characters (NFKC), then case-folded, again NFKC."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())


def read_keys(text: str) -> tuple[Key, ...]:
    """The keys of a key file, oldest first: lines of `key id, space, base64 of 32 bytes`. Raises BadKeys."""
    keys: dict[str, Key] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            key = _read_key(line, number)
            if key.key_id in keys:
                raise BadKeys(number)
            keys[key.key_id] = key
    return tuple(keys.values())


def written(keys: Iterable[Key]) -> str:
    """The text of a key file that holds these keys, oldest first."""
    return "".join(_lines(keys))


def _lines(keys: Iterable[Key]) -> Iterator[str]:
    for key in keys:
        yield f"{key.key_id} {base64.b64encode(key.secret).decode()}\n"


def _read_key(line: str, number: int) -> Key:
    key_id, _, secret = line.strip().partition(" ")
    try:
        read = base64.b64decode(secret.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise BadKeys(number) from None
    if len(read) != SECRET_BYTES:
        raise BadKeys(number)
    return Key(key_id, read)
