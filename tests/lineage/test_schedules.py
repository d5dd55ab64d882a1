"""The schedules that a new installation finds, and that staff may change."""

from importlib import import_module

import pytest
from celery import current_app
from django.apps import apps
from django.utils import translation
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from lineage import tasks

pytestmark = pytest.mark.django_db
OURS = {"lineage.tasks.daily_harvest", "lineage.tasks.fill_author_kinds", "lineage.tasks.resume_stalled_runs"}


def install():
    import_module("lineage.migrations.0003_schedules").install(apps, None)


def scheduled():
    return set(PeriodicTask.objects.filter(task__startswith="lineage.").values_list("task", flat=True))


def test_each_schedule_names_a_task_that_exists():
    install()
    assert scheduled() >= OURS
    assert {tasks.daily_harvest.name, tasks.fill_author_kinds.name, tasks.resume_stalled_runs.name} == OURS
    assert scheduled() <= set(current_app.tasks)


def test_the_listing_is_read_at_night_in_paris():
    install()
    crontab = PeriodicTask.objects.get(task="lineage.tasks.daily_harvest").crontab
    assert (crontab.hour, crontab.minute, str(crontab.timezone)) == ("2", "30", "Europe/Paris")


def test_what_staff_changed_stays():
    install()
    PeriodicTask.objects.filter(task="lineage.tasks.daily_harvest").update(enabled=False)
    install()
    assert PeriodicTask.objects.get(task="lineage.tasks.daily_harvest").enabled is False


def test_the_words_of_schedules_are_in_good_french():
    with translation.override("fr"):
        assert str(apps.get_app_config("django_celery_beat").verbose_name) == "Tâches planifiées"
        assert str(IntervalSchedule._meta.verbose_name_plural) == "intervalles"
