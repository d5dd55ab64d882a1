"""How the values of rows are said: keys of artifacts and accounts as names, each as the person may see it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models

from lineage.models import Artifact, Author
from lineage.naming import Viewer, author_name, names_by_key
from rights.package.concerned import Concerned
from rights.package.recipients import recipients
from rights.package.tables import Column, Row

STRANGER = Viewer(sees_person_names=False)  # how other people's accounts are named in somebody's package
KINDS_OF_ACT = frozenset({"act", "form", "operation", "right", "state"})  # the category of what is only dated


class Sayer:
    """Says the values of a table's rows: keys of artifacts and authors as names, each as the person may see it."""

    def __init__(self, rows: Iterable[models.Model], fields: Iterable[Any], whose: Concerned) -> None:
        self.fields = {field.name: field for field in fields}
        self.whose = whose
        cited = {kind: self._cited(rows, kind) for kind in (Artifact, Author)}
        own = Artifact.objects.filter(pk__in=cited[Artifact] & whose.keys).values_list("pk", "repo_id")
        self.artifacts = names_by_key(cited[Artifact] - whose.keys, STRANGER) | dict(own)
        self.authors = {key: self._author(author) for key, author in Author.objects.in_bulk(cited[Author]).items()}
        self.recipients = recipients(row.user_key for row in rows if hasattr(row, "user_key"))

    def row(self, row: models.Model, columns: Iterable[Column]) -> Row:
        """One row's values, as JSON holds them."""
        return {column.name: self._value(row, self.fields[column.name]) for column in columns}

    def is_date(self, name: str) -> bool:
        """Whether a field says when, of what kind or for whom: all that is told of a dated row."""
        field = self.fields[name]
        is_received = name == "user_key" and "kept_until" in self.fields
        return isinstance(field, models.DateField) or name in KINDS_OF_ACT or is_received

    def _value(self, row: models.Model, field: Any) -> Any:
        value = getattr(row, field.attname)
        if field.related_model in (Artifact, Author) and value is not None:
            return (self.artifacts if field.related_model is Artifact else self.authors)[value]
        if field.name == "user_key":
            return self.recipients[value]
        return plain(value)

    def _author(self, author: Author) -> str:
        return author.name if author.pk in self.whose.authors else author_name(author, STRANGER)

    def _cited(self, rows: Iterable[models.Model], kind: type[models.Model]) -> set[int]:
        names = [field.attname for field in self.fields.values() if field.related_model is kind]
        return {key for row in rows for name in names if (key := getattr(row, name)) is not None}


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, date):  # a moment too
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value
