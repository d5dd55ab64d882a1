"""A name of somebody else that holds an erased pseudonym: kept, or taken out, and then no harvest brings it back."""

from datetime import timedelta

import pytest

from lineage.models import Artifact, Author, Mention
from rights import doubts
from rights.effects import EffectRefused, erase
from rights.models import JournalEntry, NameDoubt, Suppression
from tests.factories import AT
from tests.lineage.linking.cards import edges
from tests.rights.listing import record
from tests.rights.test_erasure import harvest

pytestmark = pytest.mark.django_db
HUB = (
    record("org/base", "1"),
    record("dev/one", "2", "org/base"),
    record("lab/dev-quantized", "3", "org/base"),
    record("lab/leaf", "4", "lab/dev-quantized", tags=("lab/dev-quantized",)),
    record("lab/other", "5"),
)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def doubt():
    harvest(*HUB)
    erase(account="dev", reference="case-1", by=7, at=LATER)
    return NameDoubt.objects.get()


def decided(doubt, verb=doubts.take_out, **more):
    return verb(doubt=doubt, **{"by": 7, "at": LATER} | more)


def test_taken_out_it_leaves_alone_and_its_account_stays(doubt):
    seen = doubts.preview(doubt, at=LATER)
    assert (seen.artifacts, seen.mentions, seen.others, seen.authors) == (1, 1, 1, 0)
    assert decided(doubt)
    for day in range(1, 31):
        harvest(*HUB, day=day)
        assert sorted(Artifact.objects.values_list("repo_id", flat=True)) == ["lab/leaf", "lab/other", "org/base"]
        assert not Mention.objects.filter(target__contains="dev").exists()
        assert Artifact.objects.get(repo_id="lab/leaf").tags == []
    assert edges() == {"org/base -[unspecified,resolved]-> lab/leaf"}
    assert Author.objects.filter(name="lab").exists()
    assert not NameDoubt.objects.exists()


def test_under_another_name_it_comes_back(doubt):
    decided(doubt)
    harvest(*HUB[:2], record("lab/quantized", "3", "org/base"), *HUB[4:], day=1)
    assert Artifact.objects.filter(repo_id="lab/quantized").exists()
    assert not Suppression.objects.filter(learned=True, subject="account").exists()


def test_the_journal_names_nothing(doubt):
    decided(doubt)
    entry = JournalEntry.objects.latest("number")
    assert (entry.act, entry.reference, entry.details["artifact"]) == ("doubt_taken_out", "case-1", doubt.artifact_key)
    assert "dev" not in str([*JournalEntry.objects.values(), *Suppression.objects.values()])


def test_a_great_impact_needs_a_second_agent(doubt, settings):
    settings.RIGHTS_SECOND_APPROVAL = 1
    with pytest.raises(EffectRefused, match="second agent"):
        decided(doubt)
    assert Artifact.objects.filter(repo_id="lab/dev-quantized").exists()
    assert decided(doubt, second=8)


@pytest.mark.parametrize("verb", [doubts.keep, doubts.take_out])
def test_what_was_kept_is_decided(doubt, verb):
    assert decided(doubt, doubts.keep)
    assert not decided(doubt, verb)
    assert Artifact.objects.filter(repo_id="lab/dev-quantized").exists()
