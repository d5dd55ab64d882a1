"""Letters that the mail server did not take are tried again. Staff may change how often; no later migration touches it."""

from django.db import migrations


def install(apps, schema_editor):
    often, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(every=15, period="minutes")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name="Rights: send the letters that wait",
        defaults={"task": "rights.tasks.send_waiting_letters", "description": "Leave it enabled.", "interval": often},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0018_incoming_letters"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
