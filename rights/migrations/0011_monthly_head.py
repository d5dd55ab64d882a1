"""The monthly mail of the journal's head. Staff may change its day; no later migration touches it."""

from django.db import migrations


def install(apps, schema_editor):
    monthly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="0", hour="7", day_of_week="*", day_of_month="1", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Rights: send the head of the journal",
        defaults={"task": "rights.tasks.send_journal_head", "description": "Leave it enabled.", "crontab": monthly},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0010_purge_and_opinion"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
