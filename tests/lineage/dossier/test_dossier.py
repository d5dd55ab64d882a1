"""A dossier is the same again, whatever was harvested since."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lineage import graph
from lineage.dossier import Definition, again, difference, draw_up
from lineage.models import Artifact, Derivation, GraphState
from lineage.tracing import Filters
from lineage.vocabulary import Certainty, Direction, Kind, Relation
from tests.factories import make_alias, make_artifact, make_derivation, make_run
from tests.graphs import draw

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def linked(at: datetime) -> None:
    """As linking leaves the state after the harvest that started at `at`."""
    state, _made = GraphState.objects.get_or_create(pk=1)
    state.generation, state.as_of = state.generation + 1, at
    state.save()


def names(dossier: object) -> set[str]:
    keys = dossier.trace.keys.tolist()  # type: ignore[attr-defined]
    return set(Artifact.objects.filter(pk__in=keys).values_list("repo_id", flat=True))


def test_it_says_what_it_rests_on() -> None:
    drawn = draw("d{dataset} -[trained_on,declared]-> a -> b")
    make_alias("d-before", drawn["d"])
    run = make_run(started_at=MONDAY)
    linked(MONDAY)
    dossier = draw_up(drawn["d"], at=MONDAY + HOUR)
    assert dossier.aliases == ["d-before"]
    assert dossier.run == run
    assert dossier.totals.count == len(dossier.trace) == 2
    assert dossier.statement
    assert dossier.definition == Definition(
        drawn["d"].pk, Direction.DOWNSTREAM, Filters(), taken_at=MONDAY + HOUR, as_of=MONDAY
    )


def test_before_any_harvest_it_rests_on_none() -> None:
    assert draw_up(make_artifact(), at=MONDAY).run is None


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(frozenset([Relation.MERGE, Relation.ADAPTER]), Certainty.INFERRED, frozenset([Kind.MODEL]), 3),
    ],
)
@pytest.mark.parametrize("as_of", [None, MONDAY])
def test_a_definition_survives_storage(filters: Filters, as_of: datetime | None) -> None:
    definition = Definition(7, Direction.UPSTREAM, filters, taken_at=MONDAY + HOUR, as_of=as_of)
    assert Definition.restored(json.loads(json.dumps(definition.stored()))) == definition


def test_two_dossiers_around_a_harvest_are_both_the_same_again_and_their_difference_is_listed() -> None:
    make_run(started_at=MONDAY)
    drawn = draw("a -> kept; a -> dropped; a -> moved; kept -> deep")
    Derivation.objects.update(held_from=MONDAY)
    linked(MONDAY)
    before = draw_up(drawn["a"], at=MONDAY + HOUR)

    tuesday = MONDAY + DAY
    make_run(started_at=tuesday)
    Derivation.objects.filter(derived__in=[drawn["dropped"], drawn["moved"]]).update(held_until=tuesday)
    make_derivation(drawn["kept"], drawn["moved"], held_from=tuesday)
    make_derivation(drawn["a"], make_artifact("org/new"), held_from=tuesday)
    linked(tuesday)
    later = draw_up(drawn["a"], at=tuesday + HOUR)

    assert names(again(before.definition)) == names(before) == {"org/kept", "org/dropped", "org/moved", "org/deep"}
    assert names(again(later.definition)) == names(later) == {"org/kept", "org/moved", "org/deep", "org/new"}
    assert again(before.definition).trace.page(0, 9) == before.trace.page(0, 9)
    changed = difference(before.trace, later.trace)
    assert changed.lost.tolist() == [drawn["dropped"].pk]
    assert changed.gained.tolist() == [Artifact.objects.get(repo_id="org/new").pk]


def test_what_staff_decided_before_it_was_taken_is_in_it_again_and_what_came_after_is_not() -> None:
    make_run(started_at=MONDAY)
    drawn = draw("a -> b")
    Derivation.objects.update(held_from=MONDAY)
    make_derivation(drawn["a"], make_artifact("org/decided"), held_from=MONDAY + HOUR, certainty=Certainty.CURATED)
    linked(MONDAY)
    definition = draw_up(drawn["a"], at=MONDAY + 2 * HOUR).definition
    make_derivation(drawn["a"], make_artifact("org/later"), held_from=MONDAY + 3 * HOUR)
    assert names(again(definition)) == {"org/b", "org/decided"}


def test_what_a_harvest_that_was_still_running_brought_is_not_in_it() -> None:
    make_run(started_at=MONDAY)
    drawn = draw("a -> b")
    Derivation.objects.update(held_from=MONDAY)
    linked(MONDAY)
    running = MONDAY + DAY
    definition = draw_up(drawn["a"], at=running + HOUR).definition
    make_run(started_at=running)
    Derivation.objects.update(held_until=running)
    make_derivation(drawn["a"], make_artifact("org/c"), held_from=running)
    linked(running)
    assert names(again(definition)) == {"org/b"}


def test_a_dossier_whose_origin_is_gone_from_the_base_says_so() -> None:
    definition = Definition(99_999, Direction.DOWNSTREAM, Filters(), taken_at=MONDAY, as_of=None)
    with pytest.raises(Artifact.DoesNotExist):
        again(definition)


def test_reading_the_past_leaves_the_graph_file_alone() -> None:
    drawn = draw("a -> b")
    now = graph.current()
    graph.as_it_stood(at=MONDAY - DAY, as_of=None)
    assert graph.current().keys is now.keys
    assert len(graph.as_it_stood(at=MONDAY - DAY, as_of=None).downstream.ends) == 0
    assert drawn
