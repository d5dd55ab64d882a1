"""In which words it is said how many were found, and what cannot be known."""

import pytest
from django.utils import translation

from lineage.dossier.statement import brief, statement
from lineage.dossier.totals import Coverage
from lineage.models import Artifact
from lineage.tracing import trace_from
from lineage.vocabulary import Direction, Unusable
from tests.factories import AT, make_artifact
from tests.graphs import draw

pytestmark = pytest.mark.django_db

FAMILY = "d{dataset} -[trained_on,declared]-> a -> b -[quantized]-> c; d -[extended_from,declared]-> e{dataset}"


@pytest.mark.parametrize(
    ("start", "direction", "told"),
    [
        (
            "d",
            Direction.DOWNSTREAM,
            [
                "At least 3 models whose authors declare this dataset, directly or not.",
                "1 dataset was extended from it.",
                "4 of the 1,009 models listed declare nothing usable: what they were made from is not known, "
                "and they may belong here.",
            ],
        ),
        (
            "b",
            Direction.DOWNSTREAM,
            [
                "At least 1 model whose authors declare this model, directly or not.",
                "4 of the 1,009 models listed declare nothing usable: what they were made from is not known, "
                "and they may belong here.",
            ],
        ),
        (
            "c",
            Direction.UPSTREAM,
            [
                "At least 3 elements from which it was made, directly or not, as authors declare.",
                "What a card does not say is not here.",
            ],
        ),
    ],
)
def test_it_never_says_that_it_is_all(start: str, direction: Direction, told: list[str]) -> None:
    trace = trace_from(draw(FAMILY)[start], direction=direction)
    quiet = Coverage(listed_models=1009, silent_models=4, unnamed_models=0, unusable={})
    with translation.override("en"):
        assert brief(trace, silent=4, listed=1009) == statement(trace, quiet) == told


def test_a_dossier_counts_what_names_nothing() -> None:
    counted = Coverage(9, 4, 2, {Unusable.PLACEHOLDER: 5, Unusable.PATH: 1, Unusable.SELF: 1})
    with translation.override("en"):
        sentences = statement(trace_from(make_artifact()), counted)
    assert sentences[2:] == [
        "2 models do declare something, which names no repository of the Hub.",
        "5 values on cards are mere placeholders and 2 others name nothing; not shown.",
    ]


def test_what_was_found_and_may_not_be_named_is_counted() -> None:
    drawn = draw("a -> b -> c; a -> d; elsewhere -> far")
    Artifact.objects.filter(pk__in=[drawn["b"].pk, drawn["far"].pk]).update(withheld_at=AT)
    with translation.override("en"):
        sentences = brief(trace_from(drawn["a"]), silent=0, listed=5)
    assert sentences[-1] == "1 of the elements found is not shown."


def test_thousands_stand_apart_as_the_reader_is_used_to() -> None:
    with translation.override("fr"):
        assert brief(trace_from(make_artifact()), silent=2, listed=1009)[1].startswith("2 des 1\xa0009 modèles")
