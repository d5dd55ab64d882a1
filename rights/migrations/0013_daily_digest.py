"""The daily mail of what is due. Staff may change its hour; no later migration touches it."""

from django.db import migrations


def install(apps, schema_editor):
    daily, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="30", hour="7", day_of_week="*", day_of_month="*", month_of_year="*", timezone="Europe/Paris"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Rights: send what is due to the agents",
        defaults={"task": "rights.tasks.send_digest", "description": "Leave it enabled.", "crontab": daily},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0012_referrals"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
