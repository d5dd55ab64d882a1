"""The daily removal of what accounts leave behind."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from celery import current_app
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from access.models import Session
from access.tasks import forget_old_traces
from tests.access.sign_in import PASSWORD, sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_what_ran_out_is_removed_and_the_rest_kept() -> None:
    kept, gone = make_user("kept", password=PASSWORD), make_user("gone", password=PASSWORD)
    for account in (kept, gone):
        sign_in(Client(), account)
        sign_in(Client(), account, "wrong")
    Session.objects.filter(account=gone).update(expire_date=timezone.now() - timedelta(seconds=1))
    AccessAttempt.objects.filter(username="gone").update(attempt_time=timezone.now() - timedelta(minutes=16))
    forget_old_traces()
    assert set(Session.objects.values_list("account", flat=True)) == {kept.pk}
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"kept"}


@pytest.mark.parametrize("task", ["access.tasks.forget_old_traces", "lineage.tasks.purge_consultations"])
def test_it_is_scheduled(task: str) -> None:
    assert PeriodicTask.objects.filter(task=task, enabled=True).exists()
    assert task in current_app.tasks
