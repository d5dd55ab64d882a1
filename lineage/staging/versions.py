"""What one record says, in a form that can be compared: its mentions each once, and a fingerprint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

import orjson

from lineage.hub.parse import PARSER_VERSION
from lineage.hub.records import HubRecord, Mention

EARLIEST = datetime.min.replace(tzinfo=UTC)

Name = tuple[str, str]  # kind, repository id
MentionKey = tuple[str, str, str, str]  # field, kind of the target, target, relation
Rank = tuple[datetime, bytes]


@dataclass(frozen=True, slots=True)
class Version:
    """One record as it was read, its mentions each once, and its fingerprint (16 bytes).

    `raw_digest`: by which its raw record can be recognised; empty for one that is to be parsed each time.
    """

    record: HubRecord
    mentions: Mapping[MentionKey, Mention]
    digest: bytes
    raw_digest: bytes = b""

    @property
    def name(self) -> Name:
        """The kind and repository id it was read under."""
        return self.record.kind, self.record.repo_id

    @property
    def rank(self) -> Rank:
        """Of two versions of one repository the greater is kept, whichever comes first."""
        return self.record.modified_at or EARLIEST, self.digest


def version(record: HubRecord, raw_digest: bytes = b"") -> Version:
    """The record with its fingerprint."""
    mentions = distinct(record.mentions)
    return Version(record, mentions, _digest(record, mentions), raw_digest)


def _digest(record: HubRecord, mentions: Mapping[MentionKey, Mention]) -> bytes:
    """16 bytes over all that is stored of a record but its counters and its `_id`.

    Without the `_id`, which says who a repository is and not what it holds: sources that give it and sources
    that do not may alternate without rewriting anything. The parser's version is part of it, so that a new
    version of the parser writes every record anew.
    """
    said = (
        PARSER_VERSION,
        record.kind,
        record.repo_id,
        record.author,
        record.created_at and record.created_at.astimezone(UTC),
        record.modified_at and record.modified_at.astimezone(UTC),
        record.license,
        record.task,
        record.library,
        record.languages,
        record.tags,
        record.gated,
        record.disabled,
        record.size,
        sorted(record.unusable.items()),
        sorted(
            (*key, mention.resolved, mention.self_written, -1 if mention.position is None else mention.position)
            for key, mention in mentions.items()
        ),
    )
    return blake2b(orjson.dumps(said), digest_size=16).digest()


def distinct(mentions: Iterable[Mention]) -> dict[MentionKey, Mention]:
    """Each thing that is mentioned in one field once, at its first place in the card."""
    kept: dict[MentionKey, Mention] = {}
    for mention in mentions:
        key = (mention.field, mention.target_kind, mention.target, mention.relation)
        kept[key] = _joined(kept[key], mention) if key in kept else mention
    return kept


def _joined(one: Mention, other: Mention) -> Mention:
    positions = [mention.position for mention in (one, other) if mention.position is not None]
    return replace(
        one,
        resolved=one.resolved or other.resolved,
        self_written=one.self_written or other.self_written,
        position=min(positions, default=None),
    )
