"""Verdicts are recorded and withdrawn in the back office, and in force at once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from access.roles import Role
from lineage.models import Alias, AliasVerdict, Derivation, DerivationVerdict
from lineage.vocabulary import Certainty, Kind
from tests.factories import make_alias, make_artifact
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
EDGES, NAMES = "admin:lineage_derivationverdict", "admin:lineage_aliasverdict"
EDGE = {
    "source_kind": "dataset",
    "source_name": "org/data",
    "derived_kind": "model",
    "derived_name": "org/tuned",
    "relation": "trained_on",
    "decision": "add",
    "reason": "the paper says so",
}
NAME = {"kind": "model", "name": "org/old", "decision": "add", "meaning": "org/tuned", "reason": "the paper says so"}


@pytest.fixture
def artifacts():
    return {"data": make_artifact("org/data", Kind.DATASET), "tuned": make_artifact("org/tuned")}


def test_an_edge_is_added_and_withdrawn(artifacts):
    client = signed_in(Role.SUPERVISOR)

    assert client.post(reverse(f"{EDGES}_add"), EDGE).status_code == 302

    edge = Derivation.objects.holding().get()
    assert (edge.source, edge.derived, edge.certainty) == (artifacts["data"], artifacts["tuned"], Certainty.CURATED)
    verdict = DerivationVerdict.objects.get()
    assert verdict.decided_by.pk == int(client.session["_auth_user_id"])

    client.post(reverse(f"{EDGES}_delete", args=[verdict.pk]), {"post": "yes"})

    assert not DerivationVerdict.objects.exists()
    assert not Derivation.objects.holding().exists()


def test_an_edge_is_rejected_whatever_its_relation(artifacts):
    signed_in(Role.SUPERVISOR).post(reverse(f"{EDGES}_add"), EDGE | {"decision": "reject", "relation": ""})

    assert DerivationVerdict.objects.get().decision == "reject"


def test_an_old_name_finds_its_artifact(artifacts):
    make_alias("data", artifacts["data"])

    signed_in(Role.SUPERVISOR).post(reverse(f"{EDGES}_add"), EDGE | {"source_name": "data"})

    assert DerivationVerdict.objects.get().source == artifacts["data"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source_name": "org/unknown"}, "Nothing of this kind bears this name"),
        ({"source_kind": "model"}, "Nothing of this kind bears this name"),
        ({"source_name": ""}, "This field is required"),
        ({"source_name": "x" * 257}, "at most 256 characters"),
        ({"relation": ""}, "needs a relation"),
        ({"relation": "finetune"}, "cannot be between these two kinds"),
        ({"relation": "ancestor"}, "not one of the available choices"),
        ({"reason": ""}, "This field is required"),
        ({"reason": "   "}, "This field is required"),
        ({"reason": "x" * 2001}, "at most 2000 characters"),
        ({"source_kind": "model", "source_name": "org/tuned", "relation": "merge"}, "cannot be made from itself"),
    ],
)
@pytest.mark.usefixtures("artifacts")
def test_an_edge_that_cannot_be_is_refused_with_the_reason(change, said):
    answer = signed_in(Role.SUPERVISOR).post(reverse(f"{EDGES}_add"), EDGE | change)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not DerivationVerdict.objects.exists()


def test_a_name_is_given_a_meaning_and_loses_it(artifacts):
    client = signed_in(Role.SUPERVISOR)

    assert client.post(reverse(f"{NAMES}_add"), NAME).status_code == 302

    assert Alias.objects.live().get(name="org/old").artifact == artifacts["tuned"]

    client.post(reverse(f"{NAMES}_delete", args=[AliasVerdict.objects.get().pk]), {"post": "yes"})

    assert not Alias.objects.live().exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "C:\\models"}, "no possible repository id"),
        ({"meaning": ""}, "Say what the name means"),
        ({"meaning": "org/unknown"}, "Nothing of this kind bears this name"),
        ({"kind": "dataset"}, "Nothing of this kind bears this name"),
        ({"name": "org/tuned"}, "own name"),
    ],
)
@pytest.mark.usefixtures("artifacts")
def test_a_meaning_that_cannot_be_is_refused_with_the_reason(change, said):
    answer = signed_in(Role.SUPERVISOR).post(reverse(f"{NAMES}_add"), NAME | change)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not AliasVerdict.objects.exists()


@pytest.mark.usefixtures("artifacts")
def test_a_name_is_rejected():
    signed_in(Role.SUPERVISOR).post(reverse(f"{NAMES}_add"), NAME | {"decision": "reject", "meaning": ""})

    assert AliasVerdict.objects.get().artifact is None


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMINISTRATOR, Role.DPO, Role.RESEARCHER, None])
@pytest.mark.parametrize(("page", "said"), [(EDGES, EDGE), (NAMES, NAME)])
@pytest.mark.usefixtures("artifacts")
def test_only_those_who_decide_record_verdicts(role, page, said):
    assert signed_in(role).post(reverse(f"{page}_add"), said).status_code == 403


@pytest.mark.usefixtures("artifacts")
def test_the_log_of_the_back_office_holds_no_name():
    client = signed_in(Role.SUPERVISOR)
    client.post(reverse(f"{EDGES}_add"), EDGE)
    client.post(reverse(f"{NAMES}_add"), NAME)
    client.post(reverse(f"{NAMES}_delete", args=[AliasVerdict.objects.get().pk]), {"post": "yes"})

    entries = LogEntry.objects.all()
    assert len(entries) == 3
    assert all("org" not in f"{entry.object_repr} {entry.change_message}" for entry in entries)
