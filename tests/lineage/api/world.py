"""A small genealogy of everything the interface tells: organisations, a person, an unknown account, old names, runs."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lineage.models import Alias, Artifact, Author, Counter, HarvestRun, WeeklyCounter
from lineage.vocabulary import AccountKind, Kind, Relation
from tests.factories import AT, make_alias, make_artifact, make_author, make_derivation, make_mention, make_run

PERSON, UNKNOWN, ORGANISATION = "made-up-person", "nobody-asked", "made-up-lab"


@dataclass(frozen=True)
class World:
    base: Artifact
    tuned: Artifact
    merged: Artifact
    data: Artifact
    hidden: Artifact
    lab: Author
    person: Author
    old: Alias
    run: HarvestRun


def words_of(account: str) -> dict[str, Any]:
    """Free texts that name their own owner, as it is written on the Hub and bare."""
    return {
        "license": f"{account}-licence",
        "library": account.title(),
        "task": f"tasks of @{account}",
        "languages": [f"hf.co/{account}"],
        "tags": ["fun", f"{account}/tuned", f"{ORGANISATION}/x", account],
    }


def make_world() -> World:
    """The same each time."""
    lab = make_author(ORGANISATION, kind=AccountKind.ORGANISATION, full_name="Made-up laboratory")
    person = make_author(PERSON, kind=AccountKind.PERSON, full_name="Someone Invented")
    unknown = make_author(UNKNOWN)
    first = make_run(started_at=AT - timedelta(days=7), ended_at=AT - timedelta(days=7))
    run = make_run(counts={"read": 5})
    base = make_artifact(f"{ORGANISATION}/base", author=lab, license="mit", created_at=AT - timedelta(days=300))
    tuned = make_artifact(f"{PERSON}/tuned", author=person, parent=base, family=base, **words_of(PERSON))
    merged = make_artifact(f"{UNKNOWN}/merged", author=unknown, parent=tuned, family=base, license="apache-2.0")
    data = make_artifact(f"{PERSON}/data", Kind.DATASET, author=person, languages=["fr"])
    hidden = make_artifact("made-up-hidden/h", author=make_author("made-up-hidden"), withheld_at=AT)
    Artifact.objects.filter(pk=base.pk).update(family=base)
    make_derivation(base, tuned, held_from=first.started_at)
    make_derivation(tuned, merged, relation=Relation.MERGE)
    make_derivation(data, tuned, relation=Relation.TRAINED_ON)
    make_derivation(base, hidden)
    make_derivation(hidden, merged, relation=Relation.MERGE)
    make_mention(tuned, base.repo_id)
    make_mention(merged, tuned.repo_id, relation=Relation.MERGE)
    Counter.objects.create(artifact=base, downloads=50, likes=5)
    for week in (date(2026, 10, 19), date(2026, 10, 26)):
        WeeklyCounter.objects.create(artifact=tuned, week=week, downloads=7, likes=1)
    old = make_alias(f"{PERSON}/old", base)
    make_alias("bare-name", base)
    return World(base, tuned, merged, data, hidden, lab, person, old, run)
