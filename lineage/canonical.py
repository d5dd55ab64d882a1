"""The genealogy as sorted lines of JSON, without keys, runs and times of our own: two bases compare by their digest."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Collate

from lineage.models import Alias, Artifact, Author, Derivation
from lineage.vocabulary import Presence

BATCH = 5000

# In the order of the lines' first words, and the fields in an order in which sorted rows give sorted lines:
# a closing quote sorts before every character that a repository id may hold.
FACTS = {
    "hub_id": F("hub_id"),
    "author": F("author__name"),
    "created_at": F("created_at"),
    "modified_at": F("modified_at"),
    "license": F("license"),
    "task": F("task"),
    "library": F("library"),
    "languages": F("languages"),
    "tags": F("tags"),
    "gated": F("gated"),
    "disabled": F("disabled"),
    "size": F("size"),
    "unusable": F("unusable"),
    "downloads": Coalesce("counter__downloads", 0),
    "likes": Coalesce("counter__likes", 0),
}


def lines() -> Iterator[str]:
    """The lines, sorted by code points, without line ends.

    Live aliases, listed artifacts and the ends of the printed edges, the listed artifacts' authors, and the edges that
    hold of listed artifacts. An alias is left out where what it means is in no other line. Memory stays flat.
    """
    yield from _aliases()
    yield from _artifacts()
    yield from _authors()
    yield from _edges()


def digest() -> str:
    """SHA-256, in hexadecimal, of the lines in UTF-8, each with a line end."""
    total = sha256()
    for line in lines():
        total.update(line.encode() + b"\n")
    return total.hexdigest()


def _aliases() -> Iterator[str]:
    found = Alias.objects.live().filter(artifact__in=_printed().values("pk"))
    rows = found.order_by(_sorted("kind"), _sorted("name")).values("kind", "name", target=F("artifact__repo_id"))
    for row in rows.iterator(BATCH):
        yield _line("alias", row)


def _artifacts() -> Iterator[str]:
    facts = {f"fact_{name}": expression for name, expression in FACTS.items()}
    found = _printed().order_by(_sorted("kind"), _sorted("repo_id")).annotate(**facts)
    rows = found.values_list("kind", "repo_id", "presence", "superseded_by", *facts)
    for kind, repo_id, presence, superseded_by, *values in rows.iterator(BATCH):
        is_listed = presence == Presence.LISTED and superseded_by is None
        known = dict(zip(FACTS, map(_ordered, values), strict=True)) if is_listed else {}
        yield _line("artifact", {"kind": kind, "repo_id": repo_id, "listed": is_listed} | known)


def _authors() -> Iterator[str]:
    owners = _listed().filter(author=OuterRef("pk"))
    found = Author.objects.filter(Exists(owners)).order_by(_sorted("name"))
    for row in found.values("name", "kind", "full_name").iterator(BATCH):
        yield _line("author", row)


def _edges() -> Iterator[str]:
    ends = ("derived__kind", "derived__repo_id", "source__kind", "source__repo_id", "relation")
    found = _printed_edges().order_by(*(_sorted(column) for column in ends))
    for *names, relation, certainty in found.values_list(*ends, "certainty").iterator(BATCH):
        derived, source = names[:2], names[2:]
        yield _line("edge", {"derived": derived, "source": source, "relation": relation, "certainty": certainty})


def _listed() -> "QuerySet[Artifact]":
    return Artifact.objects.listed().current()


def _printed_edges() -> "QuerySet[Derivation]":
    return Derivation.objects.holding().filter(
        derived__presence=Presence.LISTED,
        derived__superseded_by=None,
        derived__is_current=True,
        derived__withheld_at=None,
        source__withheld_at=None,
    )


def _printed() -> "QuerySet[Artifact]":
    """Listed artifacts, and the sources of those."""
    is_listed = Q(presence=Presence.LISTED, superseded_by=None, is_current=True, withheld_at=None)
    return Artifact.objects.filter(is_listed | Exists(_printed_edges().filter(source=OuterRef("pk"))))


def _sorted(column: str) -> Collate:
    return Collate(F(column), "C" if connection.vendor == "postgresql" else "BINARY")


def _ordered(value: object) -> object:
    """PostgreSQL keeps the keys of a JSON object in an order of its own."""
    return dict(sorted(value.items())) if isinstance(value, dict) else value


def _line(word: str, said: Mapping[str, Any]) -> str:
    return json.dumps({word: said}, ensure_ascii=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    """A moment in UTC, the same whatever the time zone of the database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"no canonical form for {type(value).__name__}")
