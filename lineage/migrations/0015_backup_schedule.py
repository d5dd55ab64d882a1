"""The nightly backup, and the alarm where none was written. Staff may change its hour; no later migration touches it."""

from django.db import migrations, models


def install(apps, schema_editor):
    nightly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="30", hour="1", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Backup: the database and the files, into BACKUP_DIR",
        defaults={"task": "genealogy_site.tasks.back_up", "description": "Leave it enabled.", "crontab": nightly},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("lineage", "0014_corpora"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("run_stopped", "a harvest stopped before its end"),
                    ("listing_shrank", "a listing shrank"),
                    ("bad_records", "more than one record in a hundred could not be read"),
                    ("slot_missed", "the daily harvest did not take place"),
                    ("disk_full", "the disk is nearly full"),
                    ("fields_changed", "the Hub’s fields changed"),
                    ("no_backup", "no backup was written"),
                    ("purge_held", "what left the Hub was not purged"),
                ],
                help_text="What is wrong.",
                max_length=16,
                verbose_name="alarm",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
