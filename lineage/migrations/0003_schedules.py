"""The schedules of a new installation. Staff change them in the admin; no later migration touches them."""

from django.db import migrations

TIME_ZONE = "Europe/Paris"
NIGHTLY = {"minute": "30", "hour": "2"}
HOURLY = {"minute": "10", "hour": "*"}


def install(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule").objects
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects
    every_minute = {"interval": intervals.get_or_create(every=1, period="minutes")[0]}
    nightly = {"crontab": crontabs.get_or_create(**NIGHTLY, timezone=TIME_ZONE)[0]}
    hourly = {"crontab": crontabs.get_or_create(**HOURLY, timezone=TIME_ZONE)[0]}
    for name, task, schedule, description in (
        ("Harvest: full listing, every night", "daily_harvest", nightly, "One harvest a day, however often it fires."),
        ("Accounts: persons and organisations", "fill_author_kinds", hourly, "Slowly, within the Hub's rate limit."),
        ("Harvest: resume what a lost worker left", "resume_stalled_runs", every_minute, "Leave it enabled."),
    ):
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=name, defaults={"task": f"lineage.tasks.{task}", "description": description, **schedule}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("lineage", "0002_consultations_are_append_only"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
