"""Raw records told apart from what they said before, without being parsed: whose each is, its counters, a digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol, runtime_checkable

import orjson

from lineage.hub.facts import hub_id_of, number_of
from lineage.hub.parse import COUNTERS, FIELDS, PARSER_VERSION
from lineage.vocabulary import Kind

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class RawRecord:
    """What a raw record can be recognised by. `digest`: 16 bytes over all that is read of it but its counters."""

    hub_id: str
    digest: bytes
    downloads: int | None
    likes: int | None


@runtime_checkable
class Rows(Protocol):
    """Raw records that are not made before they are asked for."""

    def chosen(self, places: Sequence[int]) -> list[object]:
        """The records at these places."""
        ...

    def recognisable(self, key: bytes) -> list[RawRecord | None]:
        """See the function of that name."""
        ...


def key_of(kind: Kind, state: bytes) -> bytes:
    """The key of digests: under another one, every record counts as new.

    `state` is that of what screens the records. The parser's version is part of it, as is the kind.
    """
    return blake2b(f"{PARSER_VERSION} {kind} ".encode() + state, digest_size=32).digest()


def recognisable(records: Sequence[object], key: bytes) -> list[RawRecord | None]:
    """By what each raw record can be recognised; None for one without `_id`, or that cannot be digested.

    A digest holds for one shape of source: the same record in another one counts as new.
    """
    if isinstance(records, Rows):
        return records.recognisable(key)
    return [_recognisable(record, key) for record in records]


def chosen(records: Sequence[object], places: Sequence[int]) -> list[object]:
    """The raw records at these places."""
    return records.chosen(places) if isinstance(records, Rows) else [records[place] for place in places]


def _recognisable(record: object, key: bytes) -> RawRecord | None:
    if not isinstance(record, Mapping):
        return None
    hub_id, digest = hub_id_of(record.get("_id")), _digest(record, key)
    if not hub_id or not digest:
        return None
    downloads, likes = (number_of(record.get(name), most) for name, most in COUNTERS.items())
    return RawRecord(hub_id, digest, downloads, likes)


def _digest(record: Mapping[Any, object], key: bytes) -> bytes:
    said = [record.get(name) for name in FIELDS if name not in COUNTERS]
    try:
        text = orjson.dumps(said, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # a number beyond 64 bits, half a character: such a record is parsed each time
        return b""
    return blake2b(text, digest_size=DIGEST_BYTES, key=key).digest()
