"""The daily removal of what accounts leave behind. Staff may change it in the admin; no later migration touches it."""

from django.db import migrations


def install(apps, schema_editor):
    nightly, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="10", hour="4", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Accounts: forget old sessions and failed sign-ins",
        defaults={"task": "access.tasks.forget_old_traces", "description": "Leave it enabled.", "crontab": nightly},
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("django_celery_beat", "0019_alter_periodictasks_options")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
