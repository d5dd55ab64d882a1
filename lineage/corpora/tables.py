"""The tables of a corpus: what is asked of the base, as Parquet, with names masked whoever asks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from lineage.corpora import files
from lineage.free_texts import facts_shown
from lineage.models import Alias, Artifact, Author, Derivation, Mention, WeeklyCounter
from lineage.naming import Viewer, author_name, names_by_key, repo_ids_shown
from lineage.vocabulary import AccountKind

BATCH = 5_000
MASKED = Viewer(sees_person_names=False)  # a corpus is masked, whatever leave its holder has
NOTICE = "noms masqués, ré-identifiables : ne pas diffuser"
KEY, TEXT, MOMENT = pa.int64(), pa.string(), pa.timestamp("us", tz="UTC")
Rows = Iterator[list[dict[str, Any]]]

# What each column is: its type, and its line in the codebook.
COLUMNS: Mapping[str, Mapping[str, tuple[pa.DataType, str]]] = {
    "artifacts": {
        "id": (KEY, "Our key, the same in every corpus and in the interface."),
        "kind": (TEXT, "model or dataset"),
        "repo_id": (TEXT, "Owner and name; a label in place of an owner that is no known organisation."),
        "author": (KEY, "Key of the owning account; null for what is only mentioned."),
        "organisation": (TEXT, "Name of the owner where it is a known organisation; else null."),
        "presence": (TEXT, "listed, mentioned (only named on cards) or gone"),
        "created_at": (MOMENT, "Creation on the Hub."),
        "license": (TEXT, "Licence the card declares; empty for none."),
        "task": (TEXT, "Task."),
        "library": (TEXT, "Library."),
        "languages": (pa.list_(TEXT), "Language codes the card declares."),
        "gated": (TEXT, "auto, manual, or empty for open"),
        "parent": (KEY, "Key of the primary parent; null for a root, or where it is not in the corpus."),
        "family": (KEY, "Key of the root of the primary line; null where it is not in the corpus."),
        "downloads": (KEY, "In the 30 days before the harvest; null where unknown."),
        "likes": (KEY, "Likes; null where unknown."),
    },
    "derivations": {
        "source": (KEY, "Key of what it was made from."),
        "derived": (KEY, "Key of what was made from it."),
        "relation": (TEXT, "finetune, adapter, quantized, merge, trained_on, extended_from or unspecified"),
        "certainty": (TEXT, "curated, resolved, declared or inferred, surest first"),
        "held_from": (MOMENT, "Since when we know it."),
    },
    "authors": {
        "id": (KEY, "Our key."),
        "kind": (TEXT, "person, organisation or unknown"),
        "name": (TEXT, "Name of an organisation; a label for everybody else."),
    },
    "aliases": {
        "id": (KEY, "Our key."),
        "kind": (TEXT, "model or dataset"),
        "name": (TEXT, "The old or short name, its owner masked like any other."),
        "artifact": (KEY, "Key of what it means."),
        "origin": (TEXT, "staff, redirect, rename or card"),
    },
    "mention_counts": {
        "artifact": (KEY, "Key of the artifact whose card names others."),
        "field": (TEXT, "Where in the record."),
        "relation": (TEXT, "The relation stated."),
        "count": (KEY, "How many names stand there."),
    },
    "sample": {
        "number": (KEY, "Number of the edge in the sample; it stays when others are withdrawn."),
        "source": (KEY, "Key of what it was made from."),
        "derived": (KEY, "Key of what was made from it."),
        "relation": (TEXT, "As in derivations."),
        "certainty": (TEXT, "As in derivations."),
        "code": (TEXT, "What its coder found; null for an edge that is not coded yet."),
    },
    "weekly_counters": {
        "artifact": (KEY, "Key of the artifact."),
        "week": (pa.date32(), "The Monday of the ISO week."),
        "downloads": (KEY, "In the 30 days before."),
        "likes": (KEY, "Likes."),
    },
}


def schema_of(table: str) -> pa.Schema:
    """The columns with their lines of the codebook, and the notice, in the file itself."""
    fields = [pa.field(name, kind, metadata={"description": words}) for name, (kind, words) in COLUMNS[table].items()]
    return pa.schema(fields, metadata={"notice": NOTICE})


# What a question may say, and how the rows are looked up by it.
LOOKUPS: Mapping[str, str] = {
    **{name: name for name in ("kind", "presence", "family", "task", "license", "library")},
    "since": "created_at__year__gte",
    "until": "created_at__year__lte",
}


def asked(definition: Mapping[str, Any]) -> QuerySet[Artifact]:
    """The artifacts that a corpus is about: standing, shown, and as its question says."""
    said = {lookup: definition[name] for name, lookup in LOOKUPS.items() if definition.get(name)}
    return Artifact.objects.standing().shown().filter(**said)


def write(folder: Path, keys: list[int]) -> None:
    """Write every table of these artifacts (keys, ascending) into the folder."""
    within = frozenset(keys)
    for table, rows_of in MAKERS.items():
        with files.put(place(folder, table)) as fresh, pq.ParquetWriter(fresh, schema_of(table)) as writer:
            for rows in rows_of(keys, within):
                writer.write_table(pa.Table.from_pylist(rows, schema=schema_of(table)))


def _portions(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _artifacts(keys: list[int], within: frozenset[int]) -> Rows:
    for some in _portions(keys):
        rows = list(Artifact.objects.shown().filter(pk__in=some).order_by("pk").values(*FACTS, **JOINED))
        names = names_by_key(some, MASKED)
        texts = facts_shown(((row["owner"], {name: row[name] for name in DECLARED}) for row in rows), MASKED)
        yield [_artifact(row | said, names, within) for row, said in zip(rows, texts, strict=True)]


IN_CLEAR = Exists(Author.objects.organisations().filter(name=OuterRef("owner")))
DECLARED = ("license", "task", "library", "languages")
FACTS = ("id", "kind", "owner", "author", "presence", "created_at", "gated", *DECLARED)
JOINED = {
    "parent_key": F("parent"),
    "family_key": F("family"),
    "owner_kind": F("author__kind"),
    "owner_name": F("author__name"),
    "downloads": F("counter__downloads"),
    "likes": F("counter__likes"),
}


def _artifact(row: dict[str, Any], names: Mapping[int, str], within: frozenset[int]) -> dict[str, Any]:
    """One row as the table has it; columns that it does not have are passed over when it is written."""
    is_organisation = row["owner_kind"] == AccountKind.ORGANISATION
    return row | {
        "repo_id": names[row["id"]],
        "organisation": row["owner_name"] if is_organisation else None,
        "parent": row["parent_key"] if row["parent_key"] in within else None,
        "family": row["family_key"] if row["family_key"] in within else None,
    }


def _derivations(keys: list[int], within: frozenset[int]) -> Rows:
    columns = ("source", "derived", "relation", "certainty", "held_from")
    for some in _portions(keys):
        rows = Derivation.objects.holding().filter(derived__in=some).order_by("pk").values(*columns)
        yield [row for row in rows if row["source"] in within]


def _authors(keys: list[int], within: frozenset[int]) -> Rows:
    found: set[int] = set()
    for some in _portions(keys):
        owners = Artifact.objects.filter(pk__in=some).exclude(author=None).values_list("author", flat=True)
        found.update(key for key in owners if key is not None)
    for some in _portions(sorted(found)):
        rows = Author.objects.filter(pk__in=some).order_by("pk")
        yield [{"id": row.pk, "kind": row.kind, "name": author_name(row, MASKED)} for row in rows]


def _aliases(keys: list[int], within: frozenset[int]) -> Rows:
    for some in _portions(keys):
        rows = list(
            Alias.objects.live()
            .filter(artifact__in=some)
            .order_by("pk")
            .values("pk", "kind", "name", "artifact", "origin")
        )
        shown = repo_ids_shown([row["name"] for row in rows], MASKED)
        yield [{**row, "id": row["pk"], "name": shown[row["name"]]} for row in rows]


def _mention_counts(keys: list[int], within: frozenset[int]) -> Rows:
    for some in _portions(keys):
        rows = Mention.objects.filter(artifact__in=some).order_by().values("artifact", "field", "relation")
        counted = rows.annotate(count=Count("pk")).order_by("artifact", "field", "relation")
        yield [dict(row) for row in counted]


def _weekly_counters(keys: list[int], within: frozenset[int]) -> Rows:
    columns = ("artifact", "week", "downloads", "likes")
    for some in _portions(keys):
        yield list(WeeklyCounter.objects.filter(artifact__in=some).order_by("pk").values(*columns))


MAKERS: Mapping[str, Callable[[list[int], frozenset[int]], Rows]] = {
    "artifacts": _artifacts,
    "derivations": _derivations,
    "authors": _authors,
    "aliases": _aliases,
    "mention_counts": _mention_counts,
    "weekly_counters": _weekly_counters,
}


def naming_their_owner(keys: list[int]) -> int:
    """How many of these artifacts (keys) bear the name of their masked owner after the slash as well."""
    found = 0
    for some in _portions(keys):
        rows = Artifact.objects.filter(pk__in=some).exclude(owner="")
        names = [name.casefold().split("/", 1) for name in rows.exclude(IN_CLEAR).values_list("repo_id", flat=True)]
        found += sum(owner in own for owner, own in names)
    return found


CITES: Mapping[str, tuple[str, ...]] = {
    "artifacts": ("id",),
    "derivations": ("source", "derived"),
    "sample": ("source", "derived"),
    "aliases": ("artifact",),
    "mention_counts": ("artifact",),
    "weekly_counters": ("artifact",),
}


def place(folder: Path, table: str) -> Path:
    """Where a table stands."""
    return folder / f"{table}.parquet"


def counts(folder: Path) -> dict[str, int]:
    """How many rows each table has."""
    return {table: pq.read_metadata(place(folder, table)).num_rows for table in COLUMNS}


def without(folder: Path, gone: Iterable[int], aliases: Iterable[int]) -> None:
    """Write each table anew without what cites these artifacts (keys), and without these aliases and lone authors."""
    left, unnamed = pa.array(sorted(set(gone)), KEY), pa.array(sorted(set(aliases)), KEY)
    owners: set[int] = set()
    for table, columns in CITES.items():
        with files.rewritten(place(folder, table), schema_of(table)) as (batches, writer):
            for batch in batches:
                cites = [pc.is_in(batch[column], left) for column in columns]
                cites += [pc.is_in(batch["id"], unnamed)] if table == "aliases" else []
                kept = batch.filter(pc.invert(_any(cites)))
                if table == "artifacts":
                    kept = _let_go(kept, left)
                    owners.update(key for key in files.values(kept, "author") if key is not None)
                writer.write_batch(kept)
    with files.rewritten(place(folder, "authors"), schema_of("authors")) as (batches, writer):
        for batch in batches:
            writer.write_batch(batch.filter(pc.is_in(batch["id"], pa.array(sorted(owners), KEY))))


def _any(masks: list[Any]) -> Any:
    found = masks[0]
    for mask in masks[1:]:
        found = pc.or_(found, mask)
    return found


def _let_go(batch: pa.RecordBatch, gone: Any) -> pa.RecordBatch:
    for name in ("parent", "family"):
        column = pc.if_else(pc.is_in(batch[name], gone), pa.scalar(None, KEY), batch[name])
        batch = batch.set_column(batch.schema.get_field_index(name), batch.schema.field(name), column)
    return batch


def corrected(folder: Path, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Put corrected values into the table of artifacts."""
    known, schema = COLUMNS["artifacts"], schema_of("artifacts")
    with files.rewritten(place(folder, "artifacts"), schema) as (batches, writer):
        for batch in batches:
            rows = [
                row | {name: value for name, value in values.get(row["id"], {}).items() if name in known}
                for row in batch.to_pylist()
            ]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
