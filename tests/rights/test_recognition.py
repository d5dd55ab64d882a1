"""A record that says what it said before is screened again as soon as a decision would have it so."""

import json
from unittest.mock import patch

import pytest
from django.db import transaction

from lineage import policy, reading
from lineage.hub import parse as parser
from lineage.models import Artifact, Mention
from rights.effects import announce_lifting, close_rectification, erase, lift, rectify, restrict
from rights.models import Rectification, Restriction
from rights.policy import ProjectPolicy
from tests.factories import AT, open_project
from tests.harvesting import Clock, harvest_files, record

pytestmark = pytest.mark.django_db
HUB = [
    record("dev/model", 1, cardData={"license": "mit"}),
    record("org/made-from-it", 2, cardData={"base_model": "dev/model"}),
    record("org/other", 3),
]


@pytest.fixture
def harvest(tmp_path):
    """Harvest the same file once more; returns the ids that were parsed."""
    open_project()
    path, clock = tmp_path / "models.jsonl", Clock()
    path.write_text("".join(json.dumps(one) + "\n" for one in HUB), encoding="utf-8")

    def again():
        parsed = []
        original = parser.parse

        def parse(raw, kind):
            parsed.append(raw["id"])
            return original(raw, kind)

        with patch.object(reading, "parse", parse):
            harvest_files(path, clock=clock)
        return parsed

    again()
    assert again() == []
    return again


def decided(verb, **what):
    return verb(**{"reference": "case-1", "by": 7, "at": AT} | what)


EVERY = [one["id"] for one in HUB]


def test_what_is_erased_stays_away_and_what_names_it_is_screened_each_time(harvest):
    decided(erase, account="dev")
    assert harvest() == EVERY
    assert set(harvest()) == {"dev/model", "org/made-from-it"}
    assert not Artifact.objects.filter(repo_id__startswith="dev/").exists()
    assert not Mention.objects.filter(target__startswith="dev/").exists()


def test_what_is_restricted_is_left_alone_until_the_restriction_is_lifted(harvest):
    decided(restrict, account="dev")
    harvest()
    assert "dev/model" in harvest()
    assert Artifact.objects.withheld().filter(repo_id="dev/model").exists()
    restriction = Restriction.objects.get()
    announce_lifting(restriction=restriction, by=7, at=AT)
    lift(restriction=restriction, by=7, at=AT)
    assert "org/made-from-it" in harvest()
    assert harvest() == []
    assert Artifact.objects.shown().filter(repo_id="dev/model").exists()


def test_a_corrected_record_is_compared_each_time_until_its_correction_is_closed(harvest):
    key = Artifact.objects.get(repo_id="dev/model").pk
    decided(rectify, artifact_key=key, field="license", value="apache-2.0")
    assert harvest() == EVERY
    assert harvest() == ["dev/model"]
    assert Artifact.objects.get(pk=key).license == "apache-2.0"
    close_rectification(rectification=Rectification.objects.get(), by=7, at=AT)
    assert harvest() == EVERY
    assert Artifact.objects.get(pk=key).license == "mit"
    assert harvest() == []


def test_a_decision_between_reading_and_storing_a_page_is_noticed(harvest):
    original = reading.read

    def read(*said, **how):
        page = original(*said, **how)
        if how.get("recognises", True):
            decided(erase, account="dev")
        return page

    with patch.object(reading, "read", read):
        assert harvest() == EVERY
    assert not Artifact.objects.filter(repo_id__startswith="dev/").exists()


def test_nothing_can_be_read_from_the_state(harvest):
    decided(erase, account="dev")
    with transaction.atomic():
        state = policy.current().state()
    assert isinstance(policy.current(), ProjectPolicy)
    assert (len(state), b"dev" in state) == (16, False)
