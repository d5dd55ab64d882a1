"""The database itself refuses to change a journal entry, or to delete one of the last five years."""

from django.db import migrations

SQLITE = {
    "journal_entry_is_not_changed": """
        CREATE TRIGGER journal_entry_is_not_changed BEFORE UPDATE ON rights_journalentry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    # REPLACE deletes without firing the trigger on deletions.
    "journal_entry_is_not_replaced": """
        CREATE TRIGGER journal_entry_is_not_replaced BEFORE INSERT ON rights_journalentry
        WHEN EXISTS (SELECT 1 FROM rights_journalentry WHERE number = NEW.number OR chain = NEW.chain)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    "journal_entry_is_kept_5_years": """
        CREATE TRIGGER journal_entry_is_kept_5_years BEFORE DELETE ON rights_journalentry
        WHEN OLD.at > datetime('now', '-5 years')
        BEGIN SELECT RAISE(ABORT, 'journal entries are kept 5 years'); END""",
}
POSTGRESQL = [
    """
    CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.at <= now() - interval '5 years' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'journal entries are kept 5 years' USING ERRCODE = 'restrict_violation';
        END IF;
        RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
    END $$""",
    """
    CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON rights_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()""",
    """
    CREATE TRIGGER journal_is_not_truncated BEFORE TRUNCATE ON rights_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()""",
]


def guard(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE.values()
    for statement in statements:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION journal_is_append_only() CASCADE")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
