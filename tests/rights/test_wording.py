"""Which account's bare name leaves others' texts, and what an erasure then does with it."""

import pytest

from lineage.models import Artifact
from rights import suppressions
from rights.effects import erase, restrict
from rights.effects.wording import is_unmistakable
from rights.models import Rectification, Suppression
from tests.factories import AT, make_artifact
from tests.rights.listing import record
from tests.rights.test_erasure import harvest

pytestmark = pytest.mark.django_db
NAME = "k3-moon-93"
THEIRS = record("lab/leaf", "4", tags=(NAME, NAME.upper(), f"{NAME}-style", "fr"), languages=(NAME,), license=NAME)


@pytest.mark.parametrize(
    ("account", "others", "means_nobody_else"),
    [
        (NAME, 2, True),
        (NAME, 3, False),  # a word of the trade, however odd
        ("dev", 0, False),
        ("models", 0, False),
        ("transformers", 0, False),
        ("gpt2", 0, False),
        ("20240101", 0, False),
    ],
)
def test_a_name_is_unmistakable_by_its_shape_and_by_who_else_uses_it(account, others, means_nobody_else):
    make_artifact(f"{account}/own", tags=[account])
    for number in range(others):
        make_artifact(f"other{number}/x", tags=[f"for {account.title()}"])
        make_artifact(f"other{number}/y", tags=[account])
    assert is_unmistakable(account) is means_nobody_else


@pytest.mark.parametrize("verb", [erase, restrict])
def test_it_leaves_others_texts_and_no_harvest_brings_it_back(verb):
    harvest(record(f"{NAME}/one", "1"), THEIRS)
    verb(account=NAME, reference="case-1", by=7, at=AT)
    for day in range(4):
        leaf = Artifact.objects.get(repo_id="lab/leaf")
        assert (leaf.tags, leaf.languages, leaf.license) == (["fr"], [], "")
        harvest(record(f"{NAME}/one", "1"), THEIRS, day=day + 1)
    assert Suppression.objects.filter(subject="word").get().hits > 0
    assert suppressions.find_account(NAME).get().subject == "account"


def test_an_everyday_word_stays_and_addresses_leave():
    said = record("lab/leaf", "4", tags=("dev", "dev-tools", "hf.co/dev", "@Dev"), license="dev", task="dev/x")
    harvest(record("dev/one", "1"), said)
    erase(account="dev", reference="case-1", by=7, at=AT)
    for day in range(4):
        leaf = Artifact.objects.get(repo_id="lab/leaf")
        assert (sorted(leaf.tags), leaf.license, leaf.task) == (["dev", "dev-tools"], "dev", "")
        harvest(record("dev/one", "1"), said, day=day + 1)


def test_corrections_of_others_are_without_it():
    harvest(record(f"{NAME}/one", "1"), record("lab/leaf", "4"))
    facts = {"reference": "case-0", "artifact_key": Artifact.objects.get(repo_id="lab/leaf").pk, "began_at": AT}
    Rectification.objects.create(field="tags", value=[f"{NAME}/one", "a"], hub_value=[NAME], **facts)
    Rectification.objects.create(field="license", value="mit, hf.co/" + NAME, hub_value="x", closed_at=AT, **facts)
    erase(account=NAME, reference="case-1", by=7, at=AT)
    assert sorted(Rectification.objects.values_list("field", "value", "hub_value")) == [
        ("license", "mit", "x"),
        ("tags", ["a"], []),
    ]
