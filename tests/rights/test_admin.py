"""Project periods in the back office."""

import pytest
from django.urls import reverse

from access.roles import Role
from rights.models import ProjectPeriod
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
PERIOD = {
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "notice_reference": "notice 3",
    "informed_on": "2025-12-01",
}


@pytest.fixture
def period():
    ProjectPeriod.objects.all().delete()
    return ProjectPeriod.objects.create(**PERIOD)


def page(name, *key):
    return reverse(f"admin:rights_projectperiod_{name}", args=key)


def test_a_supervisor_records_and_extends_a_period():
    ProjectPeriod.objects.all().delete()
    client = signed_in(Role.SUPERVISOR)

    assert client.post(page("add"), PERIOD).status_code == 302
    period = ProjectPeriod.objects.get()
    client.post(page("change", period.pk), PERIOD | {"ends_on": "2027-06-30"})

    period.refresh_from_db()
    assert period.ends_on.isoformat() == "2027-06-30"


@pytest.mark.parametrize("change", [{"ends_on": "2025-12-31"}, {"notice_reference": ""}, {"informed_on": "soon"}])
def test_a_period_that_cannot_be_is_refused(change):
    ProjectPeriod.objects.all().delete()

    assert signed_in(Role.SUPERVISOR).post(page("add"), PERIOD | change).status_code == 200
    assert not ProjectPeriod.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 403), (Role.RESEARCHER, 403), (None, 403)])
def test_others_change_nothing(role, status, period):
    client = signed_in(role)

    assert client.post(page("add"), PERIOD).status_code == status
    assert client.post(page("change", period.pk), PERIOD).status_code == status


def test_nobody_deletes_one(period):
    assert signed_in(Role.SUPERVISOR).post(page("delete", period.pk), {"post": "yes"}).status_code == 403
