"""What one would write instead: the same artifacts, accounts, counters and mentions, by Django's own ways and by COPY.

The peers' tables bear the columns, keys and indexes of this project's, and neither history nor what a run saw.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Lower

from benchmarks.timing import once
from lineage.hub.records import HubRecord

BATCH = 1_000
NAME = ("kind", "repo_id")
MENTION = ("artifact", "field", "target_kind", "target", "relation")


class Account(models.Model):
    """As lineage.Author."""

    name = models.CharField(max_length=128, unique=True)

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return self.name


class Thing(models.Model):
    """As lineage.Artifact."""

    kind = models.CharField(max_length=8)
    repo_id = models.CharField(max_length=256)
    hub_id = models.CharField(max_length=24)
    owner = models.CharField(max_length=128, db_index=True)
    account = models.ForeignKey(Account, models.CASCADE)
    created_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField(null=True)
    license = models.CharField(max_length=128)
    task = models.CharField(max_length=64)
    library = models.CharField(max_length=64)
    languages = models.JSONField(default=list)
    tags = models.JSONField(default=list)

    class Meta:
        app_label = "benchmarks"
        constraints = [
            models.UniqueConstraint(fields=NAME, name="bench_thing_name"),
            models.UniqueConstraint(fields=["kind", "hub_id"], name="bench_thing_hub_id"),
        ]
        indexes = [models.Index(Lower("repo_id"), "kind", name="bench_thing_folded")]

    def __str__(self) -> str:
        return self.repo_id


class Count(models.Model):
    """As lineage.Counter."""

    artifact = models.OneToOneField(Thing, models.CASCADE, primary_key=True, db_constraint=False)
    downloads = models.BigIntegerField(default=0)
    likes = models.IntegerField(default=0)

    class Meta:
        app_label = "benchmarks"
        indexes = [models.Index(fields=["-downloads"], name="bench_count_downloads")]

    def __str__(self) -> str:
        return str(self.pk)


class Said(models.Model):
    """As lineage.Mention."""

    artifact = models.ForeignKey(Thing, models.CASCADE, db_index=False)
    field = models.CharField(max_length=24)
    target_kind = models.CharField(max_length=8)
    target = models.CharField(max_length=256)
    relation = models.CharField(max_length=16)
    resolved = models.BooleanField(default=False)
    self_written = models.BooleanField(default=False)
    position = models.IntegerField(null=True)

    class Meta:
        app_label = "benchmarks"
        constraints = [models.UniqueConstraint(fields=MENTION, name="bench_said_once")]
        indexes = [models.Index(fields=["target_kind", "target"], name="bench_said_target")]

    def __str__(self) -> str:
        return self.target


TABLES: tuple[type[models.Model], ...] = (Account, Thing, Count, Said)
FACTS = ("owner", "created_at", "modified_at", "license", "task", "library", "languages", "tags")
SAYS = ("resolved", "self_written", "position")


@contextmanager
def empty_tables() -> Iterator[None]:
    """The peers' tables for one of them, gone afterwards."""
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for table in reversed(TABLES):
                editor.delete_model(table)


def one_by_one(records: Sequence[HubRecord]) -> float:
    """`update_or_create` of each row. Seconds."""

    def write() -> None:
        for record in records:
            account, _ = Account._default_manager.get_or_create(name=record.author)
            facts = {"repo_id": record.repo_id, "account": account, **_facts(record)}
            thing, _ = Thing._default_manager.update_or_create(kind=record.kind, hub_id=record.hub_id, defaults=facts)
            Count._default_manager.update_or_create(artifact=thing, defaults=_counts(record))
            for key, said in _said(record).items():
                named: dict[str, Any] = dict(zip(MENTION, (thing, *key), strict=True))
                Said._default_manager.update_or_create(**named, defaults=dict(zip(SAYS, said, strict=True)))

    return once(write)


def conflicting(records: Sequence[HubRecord]) -> float:
    """`bulk_create(update_conflicts=True)` of a thousand records at a time, each thousand in a transaction. Seconds."""

    def write() -> None:
        for start in range(0, len(records), BATCH):
            with transaction.atomic():
                _write_many(records[start : start + BATCH])

    return once(write)


def _write_many(records: Sequence[HubRecord]) -> None:
    names = sorted({record.author for record in records})
    Account._default_manager.bulk_create([Account(name=name) for name in names], ignore_conflicts=True)
    accounts = dict(Account._default_manager.filter(name__in=names).values_list("name", "pk"))
    things = Thing._default_manager.bulk_create(
        [
            Thing(
                kind=record.kind,
                hub_id=record.hub_id,
                repo_id=record.repo_id,
                account_id=accounts[record.author],
                **_facts(record),
            )
            for record in records
        ],
        update_conflicts=True,
        unique_fields=["kind", "hub_id"],
        update_fields=["repo_id", "account", *FACTS],
    )
    Count._default_manager.bulk_create(
        [Count(artifact=thing, **_counts(record)) for thing, record in zip(things, records, strict=True)],
        update_conflicts=True,
        unique_fields=["artifact"],
        update_fields=["downloads", "likes"],
    )
    Said._default_manager.bulk_create(
        [
            Said(**dict(zip((*MENTION, *SAYS), (thing, *key, *said), strict=True)))
            for thing, record in zip(things, records, strict=True)
            for key, said in _said(record).items()
        ],
        update_conflicts=True,
        unique_fields=list(MENTION),
        update_fields=list(SAYS),
    )


def copied(records: Sequence[HubRecord], *, bare: bool = False) -> float:
    """COPY of ready bytes into all four tables, with their keys and indexes, or bare. PostgreSQL only. Seconds."""
    ready = [(table._meta.db_table, columns, _text(rows)) for table, columns, rows in _rows(records)]

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, body in ready:
                place = f"bare_{table}" if bare else table
                with cursor.copy(f"COPY {place} ({', '.join(columns)}) FROM STDIN") as copy:
                    copy.write(body)

    with connection.cursor() as cursor:
        for table, _columns, _body in ready if bare else ():
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
    try:
        return once(write)
    finally:
        with connection.cursor() as cursor:
            for table, _columns, _body in ready if bare else ():
                cursor.execute(f"DROP TABLE bare_{table}")


def _rows(records: Sequence[HubRecord]) -> Iterator[tuple[type[models.Model], Sequence[str], list[tuple[Any, ...]]]]:
    keys = {name: key for key, name in enumerate(sorted({record.author for record in records}), 1)}
    numbered = list(enumerate(records, 1))
    yield Account, ("id", "name"), [(key, name) for name, key in keys.items()]
    things = [
        (number, record.kind, record.hub_id, record.repo_id, keys[record.author], *_facts(record).values())
        for number, record in numbered
    ]
    yield Thing, ("id", "kind", "hub_id", "repo_id", "account_id", *FACTS), things
    yield (
        Count,
        ("artifact_id", "downloads", "likes"),
        [(number, *_counts(record).values()) for number, record in numbered],
    )
    said = [
        (number * 1000 + place, number, *key, *words)
        for number, record in numbered
        for place, (key, words) in enumerate(_said(record).items())
    ]
    yield Said, ("id", "artifact_id", *MENTION[1:], *SAYS), said


def _text(rows: list[tuple[Any, ...]]) -> str:
    """The rows in COPY's text format."""
    out = StringIO()
    for row in rows:
        cells = (json.dumps(value) if isinstance(value, (list, tuple)) else value for value in row)
        out.write("\t".join("\\N" if cell is None else str(cell).replace("\\", "\\\\") for cell in cells) + "\n")
    return out.getvalue()


def _facts(record: HubRecord) -> dict[str, Any]:
    facts = {name: getattr(record, name) for name in FACTS}
    return facts | {"languages": list(record.languages), "tags": list(record.tags)}


def _counts(record: HubRecord) -> dict[str, int]:
    return {"downloads": record.downloads or 0, "likes": record.likes or 0}


def _said(record: HubRecord) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {
        (m.field, m.target_kind, m.target, m.relation): (m.resolved, m.self_written, m.position)
        for m in record.mentions
    }
