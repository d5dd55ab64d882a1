"""The free texts of artifacts, as they are shown to whoever may and may not see names."""

import json

import pytest
from django.urls import reverse

from access.roles import Role
from lineage.free_texts import facts_by_key, facts_shown
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.hub.texts import LISTS, TEXTS, accounts_named, texts_in, words
from lineage.models import Artifact
from lineage.naming import STAFF_ON_SERVER, Viewer, masked
from lineage.vocabulary import AccountKind, Kind
from tests.factories import AT, make_artifact, make_author
from tests.lineage.api.world import PERSON, make_world, words_of
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
MASKING = Viewer(sees_person_names=False)


def shown(artifact, viewer):
    return facts_by_key([artifact], viewer)[artifact.pk]


def test_whoever_sees_names_reads_what_was_written():
    tuned = make_world().tuned
    assert shown(tuned, STAFF_ON_SERVER) == words_of(PERSON) | {"library": PERSON.title()}


@pytest.mark.parametrize(
    ("tag", "read"),
    [
        ("Someone/x", f"{masked('someone')}/x"),
        ("by @someone", f"by @{masked('someone')}"),
        ("someone", "someone"),
        ("https://huggingface.co/someone/x", f"https://huggingface.co/{masked('someone')}/x"),
        ("lab/x", "lab/x"),
        ("LAB/x", f"{masked('lab')}/x"),
        ("owner", masked("owner")),
        ("owner-7b", f"{masked('owner')}-7b"),
        ("owners", "owners"),
        ("withheld/one", None),
        ("text-generation", "text-generation"),
    ],
)
def test_a_tag_as_read_without_names(tag, read):
    """Others as the Hub writes them, the owner also bare, organisations in clear, nothing of what is withheld."""
    make_author("lab", kind=AccountKind.ORGANISATION)
    make_artifact("withheld/one", withheld_at=AT)
    artifact = make_artifact("owner/m", tags=[tag])
    assert shown(artifact, MASKING)["tags"] == ([] if read is None else [read])


def test_a_spelling_that_is_no_organisations_does_not_mask_the_one_that_is():
    make_author("lab", kind=AccountKind.ORGANISATION)
    assert shown(make_artifact("owner/m", tags=["lab/x", "LAB/x"]), MASKING)["tags"] == ["lab/x", "LAB/x"]


@pytest.mark.parametrize("address", ["artifact", "glimpse"])
@pytest.mark.parametrize(("role", "reads"), [(Role.AGENT, PERSON), (Role.RESEARCHER, masked(PERSON))])
def test_the_pages(address, role, reads):
    tuned = make_world().tuned
    page = signed_in(role).get(reverse(f"lineage:{address}", args=[tuned.pk])).text
    assert f"{reads}-licence" in page
    assert (PERSON in page) == (reads == PERSON)


@pytest.mark.parametrize(("role", "reads"), [(Role.AGENT, PERSON), (Role.RESEARCHER, masked(PERSON))])
def test_what_a_search_finds(role, reads):
    make_world()
    page = signed_in(role).post(reverse("lineage:search"), {"text": "tuned"}, follow=True).text
    assert f"tasks of @{reads}" in page
    assert (PERSON in page) == (reads == PERSON)


@pytest.mark.parametrize("count", [1, 30])
def test_as_many_queries_however_many(count, django_assert_num_queries):
    artifacts = [make_artifact(f"owner{number}/m", tags=[f"a{number}/b"]) for number in range(count)]
    with django_assert_num_queries(2):
        facts_by_key(artifacts, MASKING)


def test_the_real_records_name_nobody(hub_records):
    """Every text of every record: no account that the Hub would know, and not its own owner."""
    records = [*read(hub_records / "models.jsonl", Kind.MODEL), *read(hub_records / "datasets.jsonl", Kind.DATASET)]
    said = [(record.repo_id.rpartition("/")[0], written(record)) for record in records]
    named = 0
    for (owner, before), after in zip(said, facts_shown(said, MASKING), strict=True):
        named += before != after
        for text in texts_in(after.values()):
            assert all(account.startswith("compte-") for account in accounts_named(text))
            assert owner.lower() not in map(str.lower, words(text)) or not owner
    assert len(records) > 19_000
    assert named > 100


def read(path, kind):
    with path.open(encoding="utf-8") as lines:
        parsed = [parse(json.loads(line), kind) for line in lines]
    return [record for record in parsed if isinstance(record, HubRecord)]


def written(record):
    return {name: getattr(record, name) for name in TEXTS} | {name: list(getattr(record, name)) for name in LISTS}


def test_what_an_artifact_says_is_not_changed_by_being_shown():
    artifact = make_artifact("owner/m", tags=["owner"])
    shown(artifact, MASKING)
    assert Artifact.objects.get(pk=artifact.pk).tags == ["owner"]
