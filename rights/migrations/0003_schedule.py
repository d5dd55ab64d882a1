"""The daily deletion of what is past its period. Staff may change its hour; no later migration touches it."""

from django.db import migrations


def install(apps, schema_editor):
    nightly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="30", hour="4", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Rights: delete what is past its period",
        defaults={"task": "rights.tasks.apply_retention", "description": "Leave it enabled.", "crontab": nightly},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0002_journal_is_append_only"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
