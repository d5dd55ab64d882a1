"""The trigram index of artifacts' names moves into a table of its own; on SQLite that table is a full-text one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FILL = "INSERT INTO lineage_indexedname (rowid, name) SELECT id, repo_id FROM lineage_artifact WHERE is_current"
POSTGRESQL = (
    "CREATE TABLE lineage_indexedname (rowid bigint PRIMARY KEY, name text NOT NULL)",
    FILL,
    "CREATE INDEX indexed_name_trigrams ON lineage_indexedname USING gin (UPPER(name) gin_trgm_ops)",
    "DROP INDEX artifact_name_trigrams",
)
SQLITE = ("CREATE VIRTUAL TABLE lineage_indexedname USING fts5 (name, tokenize = 'trigram')", FILL)
TRIGRAMS_ON_ARTIFACTS = "CREATE INDEX artifact_name_trigrams ON lineage_artifact USING gin (UPPER(repo_id) gin_trgm_ops)"


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE lineage_indexedname")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGRAMS_ON_ARTIFACTS)


class Migration(migrations.Migration):
    dependencies = [("lineage", "0019_fewer_checks_for_each_row")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, remove)],
            state_operations=[
                migrations.CreateModel(
                    name="IndexedName",
                    fields=[
                        (
                            "artifact",
                            models.OneToOneField(
                                db_column="rowid",
                                db_constraint=False,
                                help_text="Whose name it is.",
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="indexed_name",
                                serialize=False,
                                to="lineage.artifact",
                            ),
                        ),
                        (
                            "name",
                            models.TextField(
                                help_text="Its repository id when the index was last brought up to date.",
                                verbose_name="name",
                            ),
                        ),
                    ],
                    options={"verbose_name": "indexed name", "verbose_name_plural": "indexed names"},
                )
            ],
        )
    ]
