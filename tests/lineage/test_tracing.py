"""Traces told in hops: which artifacts, in which order, by which edge."""

from datetime import UTC, datetime

import pytest

from lineage import graph
from lineage.models import Artifact, Counter
from lineage.tracing import Filters, Hop, Order, reached, trace_from
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation
from tests.factories import AT, make_artifact
from tests.graphs import draw

pytestmark = pytest.mark.django_db

FAMILY = """
    d{dataset} -[trained_on,declared]-> b; a -> b; b -[adapter]-> c; c -[quantized]-> e; b -[merge,declared]-> e
    e -> b; other -> lone; d -[extended_from,declared]-> f{dataset} -[trained_on,inferred]-> g
"""


def told(picture: dict[str, Artifact], start: str, direction: Direction, filters: Filters | None = None) -> str:
    trace = trace_from(picture[start], direction=direction, filters=filters)
    names = {artifact.pk: name for name, artifact in picture.items()}
    return " ".join(f"{names[hop.artifact_key]}{hop.depth}<{names[hop.via_key]}" for hop in trace.page(0, 99))


@pytest.mark.parametrize(
    ("start", "direction", "filters", "expected"),
    [
        ("a", Direction.DOWNSTREAM, None, "b1<a c2<b e2<b"),
        ("b", Direction.DOWNSTREAM, None, "c1<b e1<b"),
        ("d", Direction.DOWNSTREAM, None, "b1<d f1<d c2<b e2<b"),
        ("d", Direction.DOWNSTREAM, Filters(certainty=Certainty.INFERRED), "b1<d f1<d c2<b e2<b g2<f"),
        ("d", Direction.DOWNSTREAM, Filters(kinds=frozenset([Kind.DATASET])), "f1<d"),
        ("d", Direction.DOWNSTREAM, Filters(depth=1), "b1<d f1<d"),
        ("e", Direction.UPSTREAM, None, "b1<e c1<e a2<b d2<b"),
        ("e", Direction.UPSTREAM, Filters(kinds=frozenset([Kind.DATASET])), "d2<b"),
        ("e", Direction.UPSTREAM, Filters(certainty=Certainty.RESOLVED), "c1<e b2<c a3<b"),
        ("a", Direction.DOWNSTREAM, Filters(relations=frozenset([Relation.FINETUNE])), "b1<a"),
        ("lone", Direction.DOWNSTREAM, None, ""),
    ],
)
def test_hops(start: str, direction: Direction, filters: Filters | None, expected: str) -> None:
    assert told(draw(FAMILY), start, direction, filters) == expected


def test_a_hop_says_by_which_edge_it_was_reached() -> None:
    drawn = draw("d{dataset} -[trained_on,declared]-> a -[quantized]-> b")
    assert trace_from(drawn["d"]).page(0, 9) == [
        Hop(
            artifact_key=drawn["a"].pk,
            kind=Kind.MODEL,
            depth=1,
            relation=Relation.TRAINED_ON,
            certainty=Certainty.DECLARED,
            path_certainty=Certainty.DECLARED,
            via_key=drawn["d"].pk,
            via_kind=Kind.DATASET,
            downloads=0,
            likes=0,
        ),
        Hop(
            artifact_key=drawn["b"].pk,
            kind=Kind.MODEL,
            depth=2,
            relation=Relation.QUANTIZED,
            certainty=Certainty.RESOLVED,
            path_certainty=Certainty.DECLARED,
            via_key=drawn["a"].pk,
            via_kind=Kind.MODEL,
            downloads=0,
            likes=0,
        ),
    ]


def test_a_hop_says_what_the_hub_counts_and_nothing_of_what_it_never_listed() -> None:
    drawn = draw("a -> b; a -> c; a -> d")
    Counter.objects.create(artifact=drawn["b"], downloads=1_204, likes=7)
    Artifact.objects.filter(pk=drawn["d"].pk).update(presence=Presence.MENTIONED)
    hops = trace_from(drawn["a"]).page(0, 9)
    assert [(hop.downloads, hop.likes) for hop in hops] == [(1_204, 7), (0, 0), (None, None)]


def test_hops_are_in_code_point_order_of_their_names_within_a_depth() -> None:
    drawn = draw("a -> z; a -> B; a -> c; a -> b")
    keys = [hop.artifact_key for hop in trace_from(drawn["a"]).page(0, 9)]
    assert keys == [drawn[name].pk for name in ("B", "b", "c", "z")]


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [(0, 2, [0, 1]), (2, 2, [2, 3]), (4, 9, [4]), (5, 9, []), (0, 0, []), (-3, 2, [0, 1]), (2, -1, [])],
)
def test_pages_cut_one_order(offset: int, limit: int, expected: list[int]) -> None:
    trace = trace_from(draw("a -> b; a -> c; a -> d; a -> e; a -> f")["a"])
    hops = trace.page(0, 99)
    assert trace.page(offset, limit) == [hops[place] for place in expected]


def test_only_what_is_present_is_reported_and_all_is_walked_through() -> None:
    drawn = draw("a -> b -> c; a -> d")
    Artifact.objects.filter(pk=drawn["b"].pk).update(presence=Presence.GONE, gone_since=AT)
    Artifact.objects.filter(pk=drawn["d"].pk).update(presence=Presence.MENTIONED)
    listed, others = frozenset([Presence.LISTED]), frozenset([Presence.GONE, Presence.MENTIONED])
    assert told(drawn, "a", Direction.DOWNSTREAM, Filters(presences=listed)) == "c2<b"
    assert told(drawn, "a", Direction.DOWNSTREAM, Filters(presences=others)) == "b1<a d1<a"


def test_all_pages_together_are_the_trace() -> None:
    trace = trace_from(draw("a -> b; a -> c; a -> d; a -> e; a -> f")["a"])
    pages = list(trace.pages(2))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [hop for page in pages for hop in page] == trace.page(0, 99)
    assert trace.keys.tolist() == [hop.artifact_key for hop in trace.page(0, 99)]
    assert trace.count == len(trace) == 5


def test_an_artifact_that_is_not_linked_yet_traces_to_nothing() -> None:
    draw("a -> b")
    graph.build()
    assert len(trace_from(make_artifact("org/new"))) == 0


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.DEPTH, "b c d e"),
        (Order.DOWNLOADS, "e b c d"),
        (Order.LIKES, "c b d e"),
        (Order.NEWEST, "d c b e"),
    ],
)
def test_hops_can_be_told_in_another_order(order: Order, expected: str) -> None:
    drawn = draw("a -> b -> d; a -> c -> e")
    for name, downloads, likes, day in [("b", 5, 1, 1), ("c", 5, 2, 2), ("d", 0, 1, 3), ("e", 9, 0, None)]:
        Counter.objects.create(artifact=drawn[name], downloads=downloads, likes=likes)
        born = datetime(2026, 1, day, tzinfo=UTC) if day else None
        Artifact.objects.filter(pk=drawn[name].pk).update(created_at=born)
    trace = trace_from(drawn["a"]).ordered(order)
    names = {artifact.pk: name for name, artifact in drawn.items()}
    assert " ".join(names[key] for key in trace.keys.tolist()) == expected
    assert [names[hop.artifact_key] for hop in trace.page(1, 2)] == expected.split()[1:3]
    assert trace.ordered(Order.DEPTH).page(0, 9) == trace_from(drawn["a"]).page(0, 9)


def test_what_several_reach_together_is_without_themselves() -> None:
    picture = draw(FAMILY)
    graph.build()
    names = {artifact.pk: name for name, artifact in picture.items()}
    keys = [picture[name].pk for name in ("b", "other", "d")]
    assert sorted(names[key] for key in reached(keys).tolist()) == ["c", "e", "f", "lone"]
    assert reached([]).tolist() == reached([-1]).tolist() == []
