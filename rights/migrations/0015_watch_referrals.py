"""The daily look at the traces of referrals. Staff may change its hour; no later migration touches it."""

from django.db import migrations


def install(apps, schema_editor):
    daily, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="30", hour="6", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Rights: look whether the traces of referrals changed",
        defaults={"task": "rights.tasks.watch_referrals", "description": "Leave it enabled.", "crontab": daily},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0014_letters_and_dossiers"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
