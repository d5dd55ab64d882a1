"""The database itself refuses to change a consultation, or to delete one of the last 12 months."""

from django.db import migrations

SQLITE = {
    "consultation_is_not_changed": """
        CREATE TRIGGER consultation_is_not_changed BEFORE UPDATE ON lineage_consultation
        BEGIN SELECT RAISE(ABORT, 'consultations are append-only'); END""",
    # REPLACE deletes without firing the trigger on deletions.
    "consultation_is_not_replaced": """
        CREATE TRIGGER consultation_is_not_replaced BEFORE INSERT ON lineage_consultation
        WHEN EXISTS (SELECT 1 FROM lineage_consultation WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'consultations are append-only'); END""",
    "consultation_is_kept_12_months": """
        CREATE TRIGGER consultation_is_kept_12_months BEFORE DELETE ON lineage_consultation
        WHEN OLD.at > datetime('now', '-12 months')
        BEGIN SELECT RAISE(ABORT, 'consultations are kept 12 months'); END""",
}
POSTGRESQL = [
    """
    CREATE FUNCTION consultation_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.at <= now() - interval '12 months' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'consultations are kept 12 months' USING ERRCODE = 'restrict_violation';
        END IF;
        RAISE EXCEPTION 'consultations are append-only' USING ERRCODE = 'restrict_violation';
    END $$""",
    """
    CREATE TRIGGER consultation_is_append_only BEFORE UPDATE OR DELETE ON lineage_consultation
    FOR EACH ROW EXECUTE FUNCTION consultation_is_append_only()""",
    """
    CREATE TRIGGER consultation_is_not_truncated BEFORE TRUNCATE ON lineage_consultation
    FOR EACH STATEMENT EXECUTE FUNCTION consultation_is_append_only()""",
]


def guard(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE.values()
    for statement in statements:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION consultation_is_append_only() CASCADE")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("lineage", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
