from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from lineage.hub.records import HubRecord
from lineage.inquiries import names_to_ask, record_answer
from lineage.linking import link
from lineage.models import Artifact, HarvestRun, NameInquiry, Sighting
from lineage.policy import Screened
from lineage.vocabulary import Kind, Presence
from tests.factories import AT, make_artifact, make_run
from tests.lineage.linking.cards import aliases, card

LATER = AT + timedelta(days=1)
ID = "5f0c9d9a8b7e6d5c4b3a2910"


class WithoutOneAccount:
    """A policy that lets nothing of the account `someone` through, and writes another account's name anew."""

    def refusal(self, *, at: object) -> str | None:
        return None

    def screen(self, records: Sequence[HubRecord]) -> Screened:
        kept = [record for record in records if record.owner != "someone"]
        return Screened([replace(record, repo_id=record.repo_id.replace("typo/", "org/")) for record in kept])


@pytest.mark.django_db
def test_bare_datasets_mentioned_or_listed_are_asked_once_each_in_order(at):
    card("org/m", bases=["gpt-x"], datasets=["squad", "org/data", "glue"])
    card("org/d", kind=Kind.DATASET, sources=["squad", "wiki"])
    make_artifact("acronyms", Kind.DATASET)
    make_artifact("bare-model")
    make_artifact("left", Kind.DATASET, presence=Presence.GONE, gone_since=at)
    assert names_to_ask() == [(Kind.DATASET, name) for name in ("acronyms", "glue", "squad", "wiki")]
    record_answer(kind=Kind.DATASET, name="glue", answer="absent", at=at)
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="rajpurkar/squad", at=at)
    record_answer(kind=Kind.DATASET, name="acronyms", answer="same", repo_id="acronyms", at=at)
    assert names_to_ask() == [(Kind.DATASET, "wiki")]


@pytest.mark.django_db
def test_a_name_is_asked_again_once_the_hub_lists_it_and_then_not_for_long(at):
    squad = make_artifact("squad", Kind.DATASET)
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="rajpurkar/squad", at=at)
    run = make_run(source=HarvestRun.Source.HUB, started_at=LATER)
    Sighting.objects.create(run=run, artifact=squad)
    assert names_to_ask() == [(Kind.DATASET, "squad")]
    record_answer(kind=Kind.DATASET, name="squad", answer="same", at=LATER)
    assert names_to_ask() == []
    link(at=LATER)
    assert aliases() == set()


@pytest.mark.django_db
def test_a_name_is_asked_again_once_what_it_led_to_is_lost(at):
    card("org/m", datasets=["squad", "glue"])
    new = make_artifact("rajpurkar/squad", Kind.DATASET)
    for name, repo_id in (("squad", "rajpurkar/squad"), ("glue", "nyu-mll/glue")):
        record_answer(kind=Kind.DATASET, name=name, answer="redirect", repo_id=repo_id, at=at)
    assert names_to_ask() == []
    Artifact.objects.filter(pk=new.pk).update(is_current=False, presence=Presence.GONE, gone_since=at)
    Artifact.objects.get(repo_id="nyu-mll/glue").delete()
    assert names_to_ask() == [(Kind.DATASET, "glue"), (Kind.DATASET, "squad")]


# artifacts known as (repo id, _id) → what `squad` means when the Hub answers rajpurkar/squad, with ID
KNOWN = {
    "nothing": ([], ("rajpurkar/squad", ID)),
    "the new name": ([("rajpurkar/squad", "")], ("rajpurkar/squad", "")),
    "the new name and the _id": ([("rajpurkar/squad", ID)], ("rajpurkar/squad", ID)),
    "the _id under a third name": ([("third/squad", ID)], ("third/squad", ID)),
    "the _id under the asked name": ([("squad", ID)], ("rajpurkar/squad", "")),
    "the _id under the asked name, and the new name": (
        [("squad", ID), ("rajpurkar/squad", "")],
        ("rajpurkar/squad", ""),
    ),
    "another _id under the new name": ([("rajpurkar/squad", "f" * 24)], ("rajpurkar/squad", "f" * 24)),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("known", "expected"), KNOWN.values(), ids=KNOWN)
def test_which_artifact_a_redirect_leads_to(known, expected, at):
    for repo_id, hub_id in known:
        make_artifact(repo_id, Kind.DATASET, hub_id=hub_id)
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="rajpurkar/squad", hub_id=ID, at=at)
    artifact = NameInquiry.objects.get(name="squad").artifact
    assert artifact is not None
    assert (artifact.repo_id, artifact.hub_id) == expected
    assert artifact.author is None
    link(at=at)
    assert aliases() == {f"squad => {expected[0]} (redirect)"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("repo_id", "answer", "meant"),
    [
        ("squad", "same", None),
        ("", "absent", None),
        ("no id at all", "absent", None),
        ("../../etc", "absent", None),
        ("someone/squad", "absent", None),
        ("typo/squad", "redirect", "org/squad"),
    ],
)
def test_a_redirect_that_may_not_be_kept_leaves_no_trace(repo_id, answer, meant, at, settings):
    settings.LINEAGE_PROCESSING_POLICY = f"{__name__}.WithoutOneAccount"
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id=repo_id, hub_id=ID, at=at)
    inquiry = NameInquiry.objects.get()
    assert (inquiry.answer, inquiry.artifact and inquiry.artifact.repo_id) == (answer, meant)
    assert Artifact.objects.filter(repo_id=repo_id).count() == 0


@pytest.mark.django_db
def test_a_later_answer_replaces_an_earlier_one(at):
    record_answer(kind=Kind.DATASET, name="squad", answer="absent", at=at)
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="rajpurkar/squad", at=LATER)
    inquiry = NameInquiry.objects.get()
    assert (inquiry.answer, inquiry.asked_at) == ("redirect", LATER)


@pytest.mark.django_db
def test_an_unknown_answer_is_refused(at):
    with pytest.raises(ValueError, match="perhaps"):
        record_answer(kind=Kind.DATASET, name="squad", answer="perhaps", at=at)
