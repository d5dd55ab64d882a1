"""The daily purge of consultations older than 12 months. Staff may change its hour in the admin."""

from django.db import migrations


def install(apps, schema_editor):
    nightly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="20", hour="4", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Consultations: delete those older than 12 months",
        defaults={"task": "lineage.tasks.purge_consultations", "description": "Leave it enabled.", "crontab": nightly},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("lineage", "0004_trigrams"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
