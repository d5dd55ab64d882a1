"""The backup of the night, as the schedule asks for it."""

import pytest
from celery import current_app
from django_celery_beat.models import PeriodicTask

from genealogy_site import backup, tasks
from tests.factories import make_artifact

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_schedule_names_it_and_the_broker_never_hands_it_out_twice():
    assert PeriodicTask.objects.get(task=tasks.back_up.name).enabled
    assert not current_app.tasks[tasks.back_up.name].acks_late


def test_it_writes_where_it_is_told(settings, tmp_path):
    make_artifact()
    settings.BACKUP_DIR = tmp_path / "backups"
    tasks.back_up()
    (folder,) = settings.BACKUP_DIR.iterdir()
    assert (folder / backup.MANIFEST).exists()


def test_without_a_place_or_with_one_that_cannot_be_written_it_says_so(settings, tmp_path, caplog):
    settings.BACKUP_DIR = None
    tasks.back_up()
    settings.BACKUP_DIR = tmp_path / "a file"
    settings.BACKUP_DIR.write_text("")
    tasks.back_up()
    assert [record.levelname for record in caplog.records] == ["INFO", "ERROR"]
