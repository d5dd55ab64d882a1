"""Trigram indexes, so that a search within names stays quick at millions of rows: on PostgreSQL only.

Django's case-insensitive lookups compare UPPER(column). SQLite, for smaller bases, reads its names through.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

INDEXES = {
    "artifact_name_trigrams": ("lineage_artifact", "repo_id"),
    "alias_name_trigrams": ("lineage_alias", "name"),
    "author_name_trigrams": ("lineage_author", "name"),
    "author_full_name_trigrams": ("lineage_author", "full_name"),
}


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for index, (table, column) in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {index} ON {table} USING gin (UPPER({column}) gin_trgm_ops)")


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for index in INDEXES:
        schema_editor.execute(f"DROP INDEX {index}")


class Migration(migrations.Migration):
    dependencies = [("lineage", "0003_schedules")]

    operations = [migrations.RunPython(add, remove)]
