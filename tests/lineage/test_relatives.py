import pytest

from lineage import graph
from lineage.models import Counter
from lineage.relatives import Coverage, coverage, reach, relatives
from lineage.vocabulary import Certainty, Direction, Kind, Presence, Relation
from tests.factories import AT, make_artifact
from tests.graphs import draw

pytestmark = pytest.mark.django_db


def told(nodes, name, direction=Direction.DOWNSTREAM, limit=10):
    names = {node.pk: short for short, node in nodes.items()}
    return {
        group.relation.value: (group.count, [names[relative.key] for relative in group.shown])
        for group in relatives(graph.current(), nodes[name].pk, direction, limit=limit)
    }


def test_grouped_by_relation_in_its_order():
    nodes = draw("a -[quantized]-> b; a -> c; a -> d; s{dataset} -[trained_on,declared]-> a")
    assert list(told(nodes, "a")) == ["finetune", "quantized"]
    assert told(nodes, "a") == {"finetune": (2, ["c", "d"]), "quantized": (1, ["b"])}
    assert told(nodes, "a", Direction.UPSTREAM) == {"trained_on": (1, ["s"])}


def test_the_most_downloaded_first_then_in_an_order_that_tells_no_name():
    nodes = draw("a -> z; a -> y; a -> x; a -> w")
    for name, downloads in (("x", 5), ("z", 9)):
        Counter.objects.create(artifact=nodes[name], downloads=downloads)
    assert told(nodes, "a") == {"finetune": (4, ["z", "x", "y", "w"])}
    (group,) = relatives(graph.current(), nodes["a"].pk, Direction.DOWNSTREAM, limit=3)
    assert (len(group.shown), group.others) == (3, 1)


def test_each_end_has_its_kind_and_certainty():
    nodes = draw("s{dataset} -[trained_on,inferred]-> a")
    ((relative,),) = (group.shown for group in relatives(graph.current(), nodes["a"].pk, Direction.UPSTREAM, limit=1))
    assert (relative.key, relative.kind, relative.certainty) == (nodes["s"].pk, Kind.DATASET, Certainty.INFERRED)


def test_an_artifact_the_graph_does_not_hold_has_none():
    draw("a -> b")
    assert relatives(graph.current(), 10**12, Direction.DOWNSTREAM, limit=5) == []


def test_two_relations_between_the_same_two():
    nodes = draw("a -[adapter]-> b; a -[merge]-> b")
    assert told(nodes, "a") == {Relation.ADAPTER.value: (1, ["b"]), Relation.MERGE.value: (1, ["b"])}


def test_coverage_counts_what_is_listed_and_what_is_silent():
    draw("a -> b; s{dataset} -[trained_on,declared]-> c")
    make_artifact("org/silent")
    make_artifact("org/named", presence=Presence.MENTIONED)
    make_artifact("org/left", presence=Presence.GONE, gone_since=AT)
    assert coverage(graph.current()) == Coverage(models=4, datasets=1, silent_models=2)


def test_coverage_of_nothing():
    assert coverage(graph.current()) == Coverage(0, 0, 0)


def test_reach_is_what_a_default_trace_finds():
    nodes = draw("a -> b -> c -> a; c -[inferred]-> d")
    opened = graph.current()
    assert [reach(opened, nodes[name].pk, Direction.DOWNSTREAM) for name in "abcd"] == [2, 2, 2, 0]
    assert reach(opened, nodes["d"].pk, Direction.UPSTREAM) == 0
    assert reach(opened, 10**12, Direction.UPSTREAM) == 0
