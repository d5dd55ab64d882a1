"""The ledger of exports in the back office: read by supervisor and data protection officer, written by nobody."""

import pytest
from django.test import Client
from django.urls import reverse

from access.roles import Role
from lineage import disclosures
from lineage.models import Disclosure
from lineage.tracing import trace_from
from tests.factories import make_artifact, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:lineage_disclosure_changelist")


@pytest.fixture
def entry(at):
    """An export by camille, of an artifact whose name names a person."""
    origin = make_artifact("made-up-person/m", pk=987654)
    return disclosures.hand_over(trace_from(origin), form="xlsx", by=make_user("camille"), at=at)


def client_of(*roles):
    client = Client()
    client.force_login(make_user("", *roles), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.DPO, 200),
        (Role.SUPERVISOR, 200),
        (Role.AGENT, 403),
        (Role.RESEARCHER, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_who_reads_it(role, status, entry):
    client = client_of(role)
    assert client.get(LIST).status_code == status
    assert client.get(reverse("admin:lineage_disclosure_change", args=[entry.pk])).status_code == status


def test_it_says_who_received_what_by_its_key(entry):
    dpo = client_of(Role.DPO)
    listed = dpo.get(LIST).content.decode()
    assert "camille" in listed
    assert "xlsx" in listed
    page = dpo.get(reverse("admin:lineage_disclosure_change", args=[entry.pk])).content.decode()
    assert "987654" in page
    assert entry.reference in page
    assert "made-up-person" not in listed + page


def test_nothing_can_be_changed_there(entry):
    supervisor = client_of(Role.SUPERVISOR)
    addresses = [reverse("admin:lineage_disclosure_add")]
    addresses += [reverse(f"admin:lineage_disclosure_{what}", args=[entry.pk]) for what in ("change", "delete")]
    assert [supervisor.post(address, {"count": "0"}).status_code for address in addresses] == [403, 403, 403]
    assert Disclosure.objects.get().count == 1
