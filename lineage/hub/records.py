"""What the parser hands on: frozen, bounded, free of Django. What is not here cannot leak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lineage.vocabulary import Field, Kind, Relation, Unusable


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in a record that names another artifact.

    `target` is cleaned: a valid repository id, with or without a namespace.
    `resolved`: the Hub itself resolved the name (a plain `base_model:` tag).
    `self_written`: that plain tag also stands in the card's own `tags`, so an author may have typed it.
    `position`: order in the card's list, from 0; None for tags, which the Hub sorts.
    """

    field: Field
    target_kind: Kind
    target: str
    relation: Relation
    resolved: bool = False
    self_written: bool = False
    position: int | None = None


@dataclass(frozen=True, slots=True)
class HubRecord:
    """The public facts of one repository that this project keeps, nothing more.

    `hub_id` is the Hub's `_id` (24 hex digits) or "" where the source has none.
    Dates are aware, in UTC. `size` is in bytes, None where unknown.
    `unusable` counts, by class, the values that should have named an artifact and did not.
    """

    kind: Kind
    repo_id: str
    hub_id: str = ""
    author: str = ""
    created_at: datetime | None = None
    modified_at: datetime | None = None
    license: str = ""
    task: str = ""
    library: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    gated: str = ""
    disabled: bool = False
    size: int | None = None
    downloads: int | None = None
    likes: int | None = None
    mentions: tuple[Mention, ...] = ()
    unusable: Mapping[Unusable, int] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The account part of the repository id; "" for an old id without one."""
        owner, slash, _ = self.repo_id.partition("/")
        return owner if slash else ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record the parser could not take. `reason` is one of a fixed list of words; the body is not kept."""

    reason: str
    field: str
    length: int  # characters of the offending value, or of the whole record as JSON
