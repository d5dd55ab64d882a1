"""Behind each edge stands what a record says, or what staff decided."""

from typing import Any

import pytest

from lineage.dossier.evidence import Decided, evidence
from lineage.models import DerivationVerdict
from lineage.vocabulary import Field, Kind, Presence, Relation
from tests.factories import AT, make_alias, make_artifact, make_mention, make_run, make_user

pytestmark = pytest.mark.django_db


def told(source: Any, derived: Any) -> list[tuple[str, str]]:
    found = evidence([(source.pk, derived.pk)])[source.pk, derived.pk]
    return [(said.field.value, said.target) for said in found.said]


def test_every_place_that_names_the_source_is_told() -> None:
    source, derived = make_artifact("org/Base"), make_artifact("org/derived")
    make_alias("old-base", source)
    make_artifact("org/former", superseded_by=source, presence=Presence.MENTIONED)
    for target in ("org/Base", "old-base", "org/former", "org/base", "org/other"):
        make_mention(derived, target)
    make_mention(derived, "org/Base", field=Field.BASE_MODEL_CARD, position=0)
    make_mention(derived, "org/Base", target_kind=Kind.DATASET, field=Field.DATASET_TAG, relation=Relation.TRAINED_ON)
    assert sorted(told(source, derived)) == [
        ("base_model_card", "org/Base"),
        ("base_model_tag", "old-base"),
        ("base_model_tag", "org/Base"),
        ("base_model_tag", "org/base"),
        ("base_model_tag", "org/former"),
    ]


def test_what_a_superseded_record_says_counts_as_said_by_its_superseder() -> None:
    source, derived = make_artifact("org/base"), make_artifact("org/derived")
    make_mention(make_artifact("org/before", superseded_by=derived), "org/base")
    assert told(source, derived) == [("base_model_tag", "org/base")]


def test_it_names_the_harvest_that_saw_it_first() -> None:
    source, derived, run = make_artifact("org/base"), make_artifact("org/derived"), make_run()
    make_mention(derived, "org/base", first_run=run, resolved=True)
    (said,) = evidence([(source.pk, derived.pk)])[source.pk, derived.pk].said
    assert (said.run_key, said.since, said.resolved, said.relation) == (run.pk, AT, True, Relation.FINETUNE)


def test_decisions_of_staff_stand_beside() -> None:
    source, derived = make_artifact("org/base"), make_artifact("org/derived")
    fields = {"decided_at": AT, "decided_by": make_user(), "reason": "A paper says so."}
    DerivationVerdict.objects.create(source=source, derived=derived, relation="merge", decision="add", **fields)
    DerivationVerdict.objects.create(source=source, derived=derived, relation="adapter", decision="reject", **fields)
    found = evidence([(source.pk, derived.pk)])[source.pk, derived.pk]
    assert found.decided == (Decided(Relation.MERGE, "A paper says so.", AT),)
    assert found.said == ()


def test_a_page_of_pairs_takes_a_handful_of_queries(django_assert_max_num_queries: Any) -> None:
    base = make_artifact("org/base")
    derived = [make_artifact() for _ in range(20)]
    for artifact in derived:
        make_mention(artifact, "org/base")
    with django_assert_max_num_queries(7):
        found = evidence([(base.pk, artifact.pk) for artifact in derived])
    assert all(len(each.said) == 1 for each in found.values())


def test_no_pair_no_evidence() -> None:
    assert evidence([]) == {}
