"""The register of data: every field of every table, whose it is, where from, what for, who sees it, until when.

A field that is not in it fails the tests, so nothing is stored of which nobody thought.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, Model

from rights.register import accounts, cases, genealogy, project
from rights.register.words import Category, Entry, Erasure, Purpose, Recipient, Retention, Rows, Shown, Source, Subject

__all__ = [
    "REGISTER",
    "TABLES",
    "Category",
    "Classified",
    "Entry",
    "Erasure",
    "Purpose",
    "Recipient",
    "Retention",
    "Rows",
    "Shown",
    "Source",
    "Subject",
    "entries",
    "personal",
    "stored_fields",
    "unclassified",
]

TABLES: tuple[Rows, ...] = (*genealogy.TABLES, *project.TABLES, *cases.TABLES, *accounts.TABLES)


@dataclass(frozen=True, slots=True)
class Classified:
    """One field in the register: `model` is "app.Model"."""

    model: str
    name: str
    entry: Entry
    retention: Retention


def entries(tables: Iterable[Rows]) -> dict[tuple[str, str], Classified]:
    """The tables field by field, by (model, field). Raises ValueError for a field that stands there twice."""
    found: dict[tuple[str, str], Classified] = {}
    for rows in tables:
        for entry, names in rows.fields.items():
            for name in names.split():
                if (rows.model, name) in found:
                    raise ValueError(f"{rows.model}.{name} is classified twice")
                found[rows.model, name] = Classified(rows.model, name, entry, rows.retention)
    return found


REGISTER: Mapping[tuple[str, str], Classified] = entries(TABLES)


def personal(subject: Subject) -> list[Classified]:
    """The fields that hold data of these persons, in the order of the register."""
    return [field for field in REGISTER.values() if subject in field.entry.use.subjects]


def stored_fields(models: Iterable[type[Model]] | None = None) -> "Iterator[tuple[str, Field[object, object]]]":
    """Every column of the database as ("app.Model", field): of these models, or of all, those in between included."""
    for model in apps.get_models(include_auto_created=True) if models is None else models:
        if not model._meta.proxy:
            yield from ((model._meta.label, field) for field in model._meta.concrete_fields)


def unclassified(models: Iterable[type[Model]] | None = None) -> list[str]:
    """The fields that are stored and not in the register, as "app.Model.field": there must be none."""
    return [f"{model}.{field.name}" for model, field in stored_fields(models) if (model, field.name) not in REGISTER]
