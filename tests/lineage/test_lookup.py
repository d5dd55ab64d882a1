"""Typed names find what they mean, or names that come near."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lineage.lookup import find, meant, nearest
from lineage.vocabulary import Kind, Presence
from tests.conftest import AT
from tests.factories import make_alias, make_artifact

pytestmark = pytest.mark.django_db


def test_a_name_means_its_bearer_of_that_kind() -> None:
    model, dataset = make_artifact("org/same"), make_artifact("org/same", Kind.DATASET)
    assert find(Kind.MODEL, "org/same") == model
    assert find(Kind.DATASET, " org/same\n") == dataset


@pytest.mark.parametrize("name", ["", "  ", "org", "ORG/same", "org/same/", "org/sam", "x\0y", "\udcff"])
def test_what_is_no_name_means_nothing(name: str) -> None:
    make_artifact("org/same")
    assert find(Kind.MODEL, name) is None


def test_an_old_name_means_what_its_live_alias_says() -> None:
    today = make_artifact("org/squad", Kind.DATASET)
    make_alias("squad", today)
    make_alias("former", today, held_until=AT)
    assert find(Kind.DATASET, "squad") == today
    assert find(Kind.DATASET, "former") is None
    assert find(Kind.MODEL, "squad") is None


def test_a_name_that_is_superseded_means_the_last_of_its_line() -> None:
    last = make_artifact("org/last")
    middle = make_artifact("org/middle", superseded_by=last)
    first = make_artifact("first", superseded_by=middle, presence=Presence.MENTIONED)
    make_alias("old", first)
    assert find(Kind.MODEL, "first") == last
    assert find(Kind.MODEL, "old") == last


def test_a_circle_of_superseders_ends() -> None:
    first, second = make_artifact("org/a"), make_artifact("org/b")
    first.superseded_by, second.superseded_by = second, first
    first.save()
    second.save()
    assert meant(first) in (first, second)


def test_a_name_another_took_over_means_the_new_bearer() -> None:
    make_artifact("org/a", is_current=False, presence=Presence.GONE, gone_since=AT)
    bearer = make_artifact("org/a")
    assert find(Kind.MODEL, "org/a") == bearer


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("org-one/Llama-3-8b", ["org-one/Llama-3-8B"]),
        ("org-one/llama-3-8b-instruct", ["org-one/Llama-3-8B-Instruct"]),
        ("org-one/Llama-3-8B-Instrct", ["org-one/Llama-3-8B-Instruct"]),
        ("org-one/Lama-3-8B", ["org-one/Llama-3-8B"]),
        ("squadd", ["squad"]),
        ("Lama-3-8B", ["org-one/Llama-3-8B"]),
        ("Llama-3-8b", ["org-one/Llama-3-8B"]),
        ("org-two/Llama-3-8B-Instruct", ["org-one/Llama-3-8B-Instruct"]),
        ("zzz/none-such", []),
        ("", []),
        ("\U0010ffff", []),
        ("%", []),
        ("\0\udcff", []),
    ],
)
def test_the_likest_name_comes_first(typed: str, expected: list[str]) -> None:
    for name in ("org-one/Llama-3-8B", "org-one/Llama-3-8B-Instruct", "org-two/other", "squad"):
        make_artifact(name)
    make_artifact("org-one/Llama-3-8b", Kind.DATASET)
    assert nearest(Kind.MODEL, typed)[:1] == expected


def test_no_more_names_than_asked_for_and_few_queries() -> None:
    for number in range(20):
        make_artifact(f"org/model-{number}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(nearest(Kind.MODEL, "org/model", 3)) == 3
    assert len(queries) <= 9
