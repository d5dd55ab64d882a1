"""Listings and tables drawn as text.

A listing is `"1:a 2:b@3 -:c"`: the repository with `_id` 1 is listed as `a`, 2 as `b` in its version 3, and `c` without
`_id`. `d1:a` is a dataset. `~a` is no record: an artifact that is only mentioned. A greater `_id` is younger.
Pages are parted by `/`, runs by `|`.

A table is drawn likewise: `1:a` listed, `1:a!` gone, `(1:a)` without its name, `~a` only mentioned,
`a=>1` a live alias whose name is not listed.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from lineage.hub.records import HubRecord
from lineage.models import Alias, Artifact, HarvestRun
from lineage.staging import Stored, store
from lineage.vocabulary import Kind, Presence, RunState
from tests.factories import make_artifact, make_run

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOKEN = re.compile(r"(?P<kind>d?)(?P<number>\d|-):(?P<name>\w+)(?:@(?P<version>\d))?")


def hub_id(number: str) -> str:
    return "" if number == "-" else number * 24


def record(token: str, **facts: Any) -> HubRecord:
    """The record that `1:a@2` draws."""
    match = TOKEN.fullmatch(token)
    assert match, token
    number, version = match["number"], int(match["version"] or 1)
    facts.setdefault("created_at", None if number == "-" else AT - timedelta(days=100 - int(number)))
    facts.setdefault("modified_at", AT + timedelta(hours=version))
    facts.setdefault("author", "org")
    facts.setdefault("license", f"licence-{version}")
    kind = Kind.DATASET if match["kind"] else Kind.MODEL
    return HubRecord(kind, f"org/{match['name']}", hub_id(number), **facts)


def start_run(at: datetime = AT) -> HarvestRun:
    """A new open run; the one before it is over."""
    HarvestRun.objects.open().update(state=RunState.COMPLETE, ended_at=at)
    return make_run(RunState.RUNNING, started_at=at)


def store_pages(pages: Sequence[Sequence[HubRecord]], *, run: HarvestRun | None = None, at: datetime = AT) -> Stored:
    """Store pages one after the other in one run; returns what they changed together."""
    run, total = run or start_run(at), Stored()
    for page in pages:
        with transaction.atomic():
            stored = store(page, run=run, at=at)
        total = Stored(*(getattr(total, name) + getattr(stored, name) for name in Stored.__slots__))
    return total


def play(picture: str) -> None:
    """Store what the picture draws, run after run, page after page."""
    for day, listing in enumerate(picture.split("|")):
        pages = [page.split() for page in listing.split("/")]
        for token in [token for page in pages for token in page if token.startswith("~")]:
            make_artifact(f"org/{token[1:]}", presence=Presence.MENTIONED)
        store_pages(
            [[record(token) for token in page if not token.startswith("~")] for page in pages],
            at=AT + timedelta(days=day),
        )


def drawn() -> str:
    """The artifacts and aliases as they stand."""
    listed = {(a.kind, a.repo_id) for a in Artifact.objects.filter(presence=Presence.LISTED)}
    aliases = [a for a in Alias.objects.live().select_related("artifact") if (a.kind, a.name) not in listed]
    return " ".join(
        sorted(_artifact(artifact) for artifact in Artifact.objects.all())
        + sorted(f"{alias.name[4:]}=>{_number(alias.artifact)}" for alias in aliases)
    )


def _artifact(artifact: Artifact) -> str:
    name = artifact.repo_id[4:]
    gone = "!" if artifact.presence == Presence.GONE and artifact.is_current else ""
    text = f"~{name}" if artifact.presence == Presence.MENTIONED else f"{_number(artifact)}:{name}{gone}"
    return text if artifact.is_current else f"({text})"


def _number(artifact: Artifact) -> str:
    kind = "d" if artifact.kind == Kind.DATASET else ""
    return kind + (artifact.hub_id[:1] or "-")
