"""The first project period comes from the environment, once; staff's own records are never touched."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db.models.signals import post_migrate

from rights.models import ProjectPeriod
from rights.period import legal_date, seed_after_migrate, seed_first_period

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_legal_date_is_that_of_paris(instant, day):
    assert legal_date(instant) == day


def test_the_first_period_runs_from_today_to_the_day_given():
    period = seed_first_period(end="2027-10-31", notice="CNIL notice 2026-1", on=TODAY)
    assert period
    assert (period.starts_on, period.ends_on) == (TODAY, date(2027, 10, 31))
    assert (period.notice_reference, period.informed_on) == ("CNIL notice 2026-1", TODAY)


@pytest.mark.parametrize(("end", "notice"), [("", ""), ("2027-10-31", ""), ("", "CNIL notice 2026-1")])
def test_nothing_is_recorded_without_both_an_end_and_a_notice(end, notice):
    assert seed_first_period(end=end, notice=notice, on=TODAY) is None
    assert not ProjectPeriod.objects.exists()


def test_what_staff_recorded_outranks_the_environment_even_when_it_is_over():
    ProjectPeriod.objects.create(
        starts_on=date(2024, 1, 1), ends_on=date(2025, 10, 31), notice_reference="old", informed_on=date(2024, 1, 1)
    )
    assert seed_first_period(end="2027-10-31", notice="new", on=TODAY) is None
    assert ProjectPeriod.objects.get().notice_reference == "old"


@pytest.mark.parametrize("end", ["soon", "31/10/2027", "2027-02-30", "2026-11-01"])
def test_a_day_that_is_none_or_past_is_refused_with_words(end):
    with pytest.raises(ImproperlyConfigured, match="PROJECT_END"):
        seed_first_period(end=end, notice="n", on=TODAY)
    assert not ProjectPeriod.objects.exists()


def test_the_last_day_may_be_today():
    assert seed_first_period(end=TODAY.isoformat(), notice="n", on=TODAY) is not None


def test_migrating_records_it_once(settings):
    settings.PROJECT_END, settings.PROJECT_NOTICE = "2999-12-31", "notice"
    call_command("migrate", "rights", verbosity=0)
    call_command("migrate", "rights", verbosity=0)
    assert ProjectPeriod.objects.get().ends_on == date(2999, 12, 31)


def test_a_wrong_end_does_not_stop_a_migration_but_is_said(settings, caplog):
    settings.PROJECT_END, settings.PROJECT_NOTICE = "never", "notice"
    seed_after_migrate(using="default", sender=apps.get_app_config("rights"))
    assert not ProjectPeriod.objects.exists()
    assert "PROJECT_END ('never')" in caplog.text


def test_only_the_app_of_rights_listens():
    senders = {key[1] for key, *_ in post_migrate.receivers if key[0] == "rights.first_period"}
    assert senders == {id(apps.get_app_config("rights"))}
