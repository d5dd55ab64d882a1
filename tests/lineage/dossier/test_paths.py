"""Why is it here: all shortest ways, against networkx."""

import random
from itertools import pairwise

import networkx as nx
import pytest

from lineage.dossier.paths import Link, shortest_ways
from lineage.models import Artifact, Derivation
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation
from tests.factories import AT, make_artifact
from tests.graphs import draw

pytestmark = pytest.mark.django_db

DIAMOND = "a -> b -> d; a -> c -> d; a -> x -> y -> d; d -> a; d -[quantized,inferred]-> e"


def told(picture: dict[str, Artifact], links: list[Link]) -> str:
    names = {artifact.pk: name for name, artifact in picture.items()}
    return " ".join(f"{names[link.source_key]}>{names[link.derived_key]}" for link in links)


@pytest.mark.parametrize(
    ("start", "end", "direction", "filters", "expected"),
    [
        ("a", "d", Direction.DOWNSTREAM, Filters(), ["a>b b>d", "a>c c>d"]),
        ("d", "a", Direction.UPSTREAM, Filters(), ["b>d a>b", "c>d a>c"]),
        ("a", "e", Direction.DOWNSTREAM, Filters(), []),
        ("a", "e", Direction.DOWNSTREAM, Filters(certainty=Certainty.INFERRED), ["a>b b>d d>e", "a>c c>d d>e"]),
        ("a", "d", Direction.DOWNSTREAM, Filters(depth=1), []),
        ("a", "d", Direction.DOWNSTREAM, Filters(kinds=frozenset([Kind.DATASET])), ["a>b b>d", "a>c c>d"]),
        ("a", "a", Direction.DOWNSTREAM, Filters(), []),
        ("a", "lone", Direction.DOWNSTREAM, Filters(), []),
    ],
)
def test_ways(start: str, end: str, direction: Direction, filters: Filters, expected: list[str]) -> None:
    drawn = draw(DIAMOND + "; lone")
    ways = shortest_ways(trace_from(drawn[start], direction=direction, filters=filters), drawn[end])
    assert [told(drawn, way) for way in ways.ways] == expected
    assert not ways.more


def test_ways_beyond_the_limit_are_said_to_exist() -> None:
    drawn = draw("; ".join(f"a -> m{number} -> z" for number in range(5)))
    trace = trace_from(drawn["a"])
    assert len(shortest_ways(trace, drawn["z"], limit=3).ways) == 3
    assert shortest_ways(trace, drawn["z"], limit=3).more
    assert not shortest_ways(trace, drawn["z"], limit=5).more


def test_a_link_tells_every_edge_that_may_be_followed() -> None:
    drawn = draw("a -[adapter,declared]-> b; a -[merge]-> b; a -[quantized,inferred]-> b")
    (way,) = shortest_ways(trace_from(drawn["a"]), drawn["b"]).ways
    assert way[0].edges == ((Relation.MERGE, Certainty.RESOLVED), (Relation.ADAPTER, Certainty.DECLARED))


def test_what_is_not_in_the_graph_has_no_way() -> None:
    drawn = draw("a -> b")
    trace = trace_from(drawn["a"])
    assert shortest_ways(trace, make_artifact("org/new")).ways == []
    assert shortest_ways(trace_from(make_artifact("org/newer")), drawn["b"]).ways == []


def test_ways_are_those_of_networkx_in_a_random_graph_with_circles() -> None:
    dice = random.Random(7)
    made = Artifact.objects.bulk_create(
        Artifact(kind=Kind.MODEL, repo_id=f"org/{number:03}", presence=Presence.LISTED) for number in range(60)
    )
    pairs = {tuple(dice.sample(made, 2)) for _ in range(150)}
    Derivation.objects.bulk_create(
        Derivation(source=a, derived=b, relation=Relation.FINETUNE, certainty=Certainty.RESOLVED, held_from=AT)
        for a, b in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1].pk))
    )
    known = nx.DiGraph([(a.pk, b.pk) for a, b in pairs])
    known.add_nodes_from(artifact.pk for artifact in made)
    compared = 0
    for start, end in (dice.sample(made, 2) for _ in range(200)):
        found = shortest_ways(trace_from(start), end, limit=10_000).ways
        ways = {tuple((link.source_key, link.derived_key) for link in way) for way in found}
        if nx.has_path(known, start.pk, end.pk):
            assert ways == {tuple(pairwise(way)) for way in nx.all_shortest_paths(known, start.pk, end.pk)}
            compared += 1
        else:
            assert not ways
    assert compared > 20
