"""The arrays hold what they were given, and say so when they cannot."""

from typing import Any

import numpy as np
import pytest

from lineage.graph import arrays
from lineage.graph.arrays import EDGE_ROW, NODE_ROW, Inconsistent, TooBig, arranged, assembled
from lineage.vocabulary import Direction


def nodes(*keys: int):
    rows = np.zeros(len(keys), dtype=NODE_ROW)
    rows["key"] = keys
    return rows


def edges(*rows: tuple[int, int, int, int]):
    return np.array(list(rows), dtype=EDGE_ROW)


def test_edges_lie_both_ways_under_the_number_of_their_node() -> None:
    graph = assembled(arranged(nodes(30, 10, 20), edges((10, 20, 1, 2), (30, 20, 0, 1), (30, 10, 3, 0))), generation=7)
    down, up = graph.adjacency(Direction.DOWNSTREAM), graph.adjacency(Direction.UPSTREAM)
    assert graph.generation == 7
    assert (down.starts.tolist(), down.ends.tolist()) == ([0, 2, 3, 3], [1, 2, 2])
    assert (down.relations.tolist(), down.certainties.tolist()) == ([3, 0, 1], [0, 1, 2])
    assert (up.starts.tolist(), up.ends.tolist()) == ([0, 0, 1, 3], [0, 0, 1])
    assert up.relations.tolist() == [3, 0, 1]


@pytest.mark.parametrize(("key", "node"), [(30, 0), (10, 1), (20, 2), (5, None), (15, None), (99, None)])
def test_an_artifact_is_found_by_its_key(key: int, node: int | None) -> None:
    assert assembled(arranged(nodes(30, 10, 20), edges()), generation=1).node_of(key) == node


def test_nothing_at_all_is_a_graph_too() -> None:
    graph = assembled(arranged(nodes(), edges()), generation=0)
    assert len(graph) == 0
    assert graph.node_of(1) is None


def test_an_edge_without_both_its_ends_is_left_out() -> None:
    graph = assembled(arranged(nodes(1, 2), edges((1, 2, 0, 0), (1, 9, 0, 0), (9, 2, 0, 0))), generation=1)
    assert graph.downstream.ends.tolist() == [1]
    assert not len(assembled(arranged(nodes(), edges((1, 2, 0, 0))), generation=1).downstream.ends)


def test_more_nodes_than_can_be_numbered_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MOST_NODES", 2)
    with pytest.raises(TooBig):
        arranged(nodes(1, 2), edges())


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": np.zeros(1, dtype=np.uint8)},
        {"keys": np.zeros(2, dtype=np.int32)},
        {"up_ends": np.zeros(5, dtype=np.int32)},
        {"down_starts": np.zeros(3, dtype=np.int32)},
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(change: dict[str, Any]) -> None:
    good = arranged(nodes(1, 2), edges((1, 2, 0, 0)))
    with pytest.raises(Inconsistent):
        assembled({**good, **change}, generation=1)
