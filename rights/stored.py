"""Rows of tables that no harvest brings back, as the ledger of effects keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models


def row_of(instance: models.Model) -> dict[str, Any]:
    """A row with its key, as `put_back` takes it, through JSON too."""
    columns = instance._meta.concrete_fields
    return {
        "model": instance._meta.label,
        "values": {column.attname: getattr(instance, column.attname) for column in columns},
    }


def put_back(rows: Iterable[Mapping[str, Any]]) -> None:
    """Let these rows stand as they stood, new ones under their former key; later rows take keys after them."""
    for row in rows:
        model = apps.get_model(row["model"])
        columns = model._meta.concrete_fields
        values = {column.attname: column.to_python(row["values"][column.attname]) for column in columns}
        model(**values).save()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
