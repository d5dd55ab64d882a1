"""A corrected value is shown in place of the Hub's, through every harvest, until it is closed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import canonical
from lineage.models import Artifact
from rights.effects import EffectRefused, close_rectification, erase, rectify
from rights.models import JournalEntry, Rectification
from tests.factories import AT
from tests.lineage.readers import signed_in
from tests.rights.listing import record
from tests.rights.test_erasure import harvest

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
THEIRS = record("dev/one", "1", license="mit", tags=("a", "b"), languages=("en",))


@pytest.fixture
def key():
    harvest(THEIRS)
    return Artifact.objects.get().pk


def corrected(key, field="license", value="apache-2.0", **more):
    said: dict[str, Any] = {"reference": "case-1", "by": 7, "at": LATER} | more
    return rectify(artifact_key=key, field=field, value=value, **said)


def stored(field="license"):
    return Artifact.objects.values_list(field, flat=True).get()


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("license", "apache-2.0", "apache-2.0"),
        ("task", "", ""),
        ("tags", ["z", "b"], ["b", "z"]),
        ("languages", [], []),
    ],
)
def test_it_outlasts_thirty_harvests(key, field, value, shown):
    corrected(key, field, value)
    assert stored(field) == shown
    for day in range(1, 31):
        harvest(THEIRS, day=day)
        assert stored(field) == shown
    assert harvest(THEIRS, day=31).updated == 0


def test_it_follows_a_rename_and_other_facts_go_on(key):
    corrected(key)
    harvest(record("dev/renamed", "1", license="mit", library="new"), day=1)
    assert (stored(), stored("library"), stored("repo_id")) == ("apache-2.0", "new", "dev/renamed")


def test_another_repository_under_the_name_is_not_corrected(key):
    corrected(key)
    harvest(record("dev/one", "2", license="mit", created_at=LATER), day=1)
    assert Artifact.objects.current().get().license == "mit"


@pytest.mark.parametrize(("says", "agrees"), [("mit", False), ("gpl", False), ("apache-2.0", True)])
def test_what_the_hub_says_is_kept_beside_it_and_agreement_is_flagged(key, says, agrees):
    corrected(key)
    harvest(record("dev/one", "1", license=says), day=1)
    rectification = Rectification.objects.get()
    assert (rectification.hub_value, rectification.agreed) == (says, agrees)

    close_rectification(rectification=rectification, by=7, at=LATER)
    assert stored() == says
    harvest(record("dev/one", "1", license="other"), day=2)
    assert stored() == "other"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("repo_id", "x/y", "field"),
        ("license", ["mit"], "list"),
        ("tags", "a", "list"),
        ("task", "t" * 65, "too long"),
    ],
)
def test_what_cannot_be_corrected_is_refused(key, field, value, said):
    with pytest.raises(EffectRefused, match=said):
        corrected(key, field, value)
    assert not Rectification.objects.exists()
    assert not JournalEntry.objects.exists()


def test_one_correction_a_field_and_one_closing(key):
    rectification = corrected(key)
    with pytest.raises(EffectRefused, match="already"):
        corrected(key, value="gpl")
    close_rectification(rectification=rectification, by=7, at=LATER)
    with pytest.raises(EffectRefused, match="closed already"):
        close_rectification(rectification=rectification, by=7, at=LATER)
    assert [entry.act for entry in JournalEntry.objects.all()] == ["rectification", "rectification_closed"]


def test_a_hundred_corrections_outlast_harvests():
    records = [record(f"org/m{number}", hub_id=f"{number:024x}", license="mit") for number in range(1, 101)]
    harvest(*records)
    for key in Artifact.objects.values_list("pk", flat=True):
        corrected(key, value=f"own-{key}")
    for day in range(1, 31):
        harvest(*records, day=day)
    assert all(artifact.license == f"own-{artifact.pk}" for artifact in Artifact.objects.all())
    exported = [json.loads(line).get("artifact", {}).get("license") for line in canonical.lines()]
    assert set(exported) - {None, ""} == {f"own-{artifact.pk}" for artifact in Artifact.objects.all()}
    client, key = signed_in(Role.AGENT), Artifact.objects.latest("pk").pk
    page = client.get(reverse("lineage:artifact", args=[key])).content.decode()
    assert f"own-{key}" in page
    assert "mit" not in page.split()


def test_an_erasure_takes_it_along(key):
    corrected(key)
    erase(account="dev", reference="case-2", by=7, at=LATER)
    assert not Rectification.objects.exists()
    with pytest.raises(EffectRefused, match="No artifact"):
        corrected(key)
