"""The look for alarms and the nightly purge of what left. Staff may change them in the admin; no later migration touches them."""

from django.db import migrations


def install(apps, schema_editor):
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects
    often, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(every=5, period="minutes")
    nightly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="10", hour="5", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    tasks.get_or_create(
        name="Alarms: look for them",
        defaults={"task": "lineage.tasks.check_alarms", "description": "Leave it enabled.", "interval": often},
    )
    tasks.get_or_create(
        name="Presence: purge what persons took from the Hub 30 days ago",
        defaults={"task": "lineage.tasks.purge_departed", "description": "Leave it enabled.", "crontab": nightly},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("lineage", "0010_alarms_and_departures"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
