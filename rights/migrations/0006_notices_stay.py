"""The database itself refuses to change or delete a notice that was published."""

from django.db import migrations

SQLITE = {
    "published_notice_is_not_changed": """
        CREATE TRIGGER published_notice_is_not_changed BEFORE UPDATE ON rights_notice
        WHEN OLD.published_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a published notice is not changed'); END""",
    # REPLACE deletes without firing the trigger on deletions.
    "published_notice_is_not_replaced": """
        CREATE TRIGGER published_notice_is_not_replaced BEFORE INSERT ON rights_notice
        WHEN EXISTS (
            SELECT 1 FROM rights_notice
            WHERE published_at IS NOT NULL AND (id = NEW.id OR version = NEW.version)
        )
        BEGIN SELECT RAISE(ABORT, 'a published notice is not changed'); END""",
    "published_notice_is_not_deleted": """
        CREATE TRIGGER published_notice_is_not_deleted BEFORE DELETE ON rights_notice
        WHEN OLD.published_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a published notice is not changed'); END""",
}
POSTGRESQL = [
    """
    CREATE FUNCTION published_notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'TRUNCATE' AND OLD.published_at IS NULL THEN
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a published notice is not changed' USING ERRCODE = 'restrict_violation';
    END $$""",
    """
    CREATE TRIGGER published_notice_stays BEFORE UPDATE OR DELETE ON rights_notice
    FOR EACH ROW EXECUTE FUNCTION published_notice_stays()""",
    """
    CREATE TRIGGER published_notice_is_not_truncated BEFORE TRUNCATE ON rights_notice
    FOR EACH STATEMENT EXECUTE FUNCTION published_notice_stays()""",
]


def guard(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE.values()
    for statement in statements:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION published_notice_stays() CASCADE")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("rights", "0005_notice")]
    operations = [migrations.RunPython(guard, unguard)]
