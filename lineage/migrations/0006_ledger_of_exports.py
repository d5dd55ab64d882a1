"""The ledger of exports, which the database itself keeps from being changed or cut short; and its daily purge."""

from django.db import migrations, models


SQLITE = {
    "disclosure_is_not_changed": """
        CREATE TRIGGER disclosure_is_not_changed BEFORE UPDATE ON lineage_disclosure
        BEGIN SELECT RAISE(ABORT, 'the ledger of exports is append-only'); END""",
    # REPLACE deletes without firing the trigger on deletions.
    "disclosure_is_not_replaced": """
        CREATE TRIGGER disclosure_is_not_replaced BEFORE INSERT ON lineage_disclosure
        WHEN EXISTS (SELECT 1 FROM lineage_disclosure WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the ledger of exports is append-only'); END""",
    "disclosure_is_kept": """
        CREATE TRIGGER disclosure_is_kept BEFORE DELETE ON lineage_disclosure
        WHEN OLD.kept_until > datetime('now')
        BEGIN SELECT RAISE(ABORT, 'an export is told of until its copies are gone'); END""",
}
POSTGRESQL = [
    """
    CREATE FUNCTION disclosure_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.kept_until <= now() THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'an export is told of until its copies are gone' USING ERRCODE = 'restrict_violation';
        END IF;
        RAISE EXCEPTION 'the ledger of exports is append-only' USING ERRCODE = 'restrict_violation';
    END $$""",
    """
    CREATE TRIGGER disclosure_is_append_only BEFORE UPDATE OR DELETE ON lineage_disclosure
    FOR EACH ROW EXECUTE FUNCTION disclosure_is_append_only()""",
    """
    CREATE TRIGGER disclosure_is_not_truncated BEFORE TRUNCATE ON lineage_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION disclosure_is_append_only()""",
]


def guard(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE.values()
    for statement in statements:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION disclosure_is_append_only() CASCADE")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


def install(apps, schema_editor):
    nightly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="30", hour="4", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Ledger of exports: delete entries whose copies may no longer be kept",
        defaults={"task": "lineage.tasks.purge_disclosures", "description": "Leave it enabled.", "crontab": nightly},
    )


class Migration(migrations.Migration):

    dependencies = [
        ("lineage", "0005_purge_schedule"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(help_text='When it was handed over.', verbose_name='at')),
                ('user_key', models.BigIntegerField(help_text='Key of the account that received it.', verbose_name='recipient')),
                ('form', models.CharField(help_text='Format of the file, or “dossier”.', max_length=10, verbose_name='form')),
                ('reference', models.CharField(help_text='Opaque reference of the origin.', max_length=64, verbose_name='reference')),
                ('definition', models.JSONField(help_text='What makes it the same again: keys, filters and dates, without names.', verbose_name='definition')),
                ('count', models.IntegerField(help_text='How many artifacts it holds.', verbose_name='count')),
                ('shown', models.BinaryField(default=b'', help_text='Compressed keys of the artifacts it holds.', verbose_name='shown')),
                ('kept_until', models.DateTimeField(help_text='Until when the recipient may keep it; this entry is deleted after that.', verbose_name='kept until')),
            ],
            options={
                'verbose_name': 'entry of the ledger of exports',
                'verbose_name_plural': 'ledger of exports',
                'indexes': [models.Index(fields=['kept_until'], name='disclosure_kept_until')],
            },
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
