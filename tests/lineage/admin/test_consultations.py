"""The data protection officer reads the log; nobody writes it, and no agent is counted."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from access.roles import Role
from lineage import consultations
from lineage.models import Consultation
from tests.factories import make_artifact, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:lineage_consultation_changelist")


def client_of(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_user("", *roles), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.DPO, 200),
        (Role.AGENT, 403),
        (Role.SUPERVISOR, 403),
        (Role.RESEARCHER, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_who_reads_it(role: Role, status: int) -> None:
    assert client_of(role).get(LIST).status_code == status


def test_it_says_who_read_what_by_its_key(at: datetime) -> None:
    artifact = make_artifact("made-up-person/m")
    consultations.record(by=make_user("camille"), operation="view", at=at, artifacts=[artifact.pk, 987654])
    dpo = client_of(Role.DPO)
    assert "camille" in dpo.get(LIST).content.decode()
    row = Consultation.objects.get()
    page = dpo.get(reverse("admin:lineage_consultation_change", args=[row.pk])).content.decode()
    assert "987654" in page
    assert "made-up-person" not in page


def test_nothing_can_be_changed_there(at: datetime) -> None:
    consultations.record(by=make_user(), operation="view", at=at)
    row = Consultation.objects.get()
    dpo = client_of(Role.DPO)
    addresses = [reverse("admin:lineage_consultation_add")]
    addresses += [reverse(f"admin:lineage_consultation_{what}", args=[row.pk]) for what in ("change", "delete")]
    assert [dpo.post(address, {"purpose": "case"}).status_code for address in addresses] == [403, 403, 403]


def test_a_closed_list_costs_the_same_however_long(at: datetime, django_assert_max_num_queries) -> None:
    for _ in range(12):
        consultations.record(by=make_user(), operation="view", at=at)
    dpo = client_of(Role.DPO)
    with django_assert_max_num_queries(10):
        dpo.get(LIST)
