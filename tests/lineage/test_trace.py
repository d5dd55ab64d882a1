"""The walk over arrays, against a slow and plain one, and against networkx."""

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import trace
from lineage.graph.arrays import EDGE_ROW, NODE_ROW, arranged, assembled
from lineage.trace import CERTAINTIES, RELATIONS, Filters, Marks, Steps, Walks, joined, walk, walk_from
from lineage.vocabulary import Certainty, Relation

Edge = tuple[int, int, int, int]  # source, derived, relation, certainty


def graph_of(size: int, edges: list[Edge]):
    """A graph whose node numbers are its keys."""
    nodes = np.zeros(size, dtype=NODE_ROW)
    nodes["key"] = np.arange(size)
    return assembled(arranged(nodes, np.array(edges, dtype=EDGE_ROW)), generation=1)


def told(steps: Steps) -> list[tuple[int, ...]]:
    columns = steps.nodes, steps.depths, steps.relations, steps.certainties, steps.path_certainties, steps.vias
    return list(zip(*(column.tolist() for column in columns), strict=True))


@dataclass
class Reached:
    depth: int
    relation: int
    certainty: int
    path: int
    via: int


def plain_walk(edges: list[Edge], origin: int, filters: Filters) -> list[tuple[int, ...]]:
    """The rule in words: level by level, and of the edges that reach a node the first by certainty, relation, via."""
    weakest = CERTAINTIES.index(filters.certainty)
    followed = [
        edge
        for edge in edges
        if edge[3] <= weakest and (not filters.relations or RELATIONS[edge[2]] in filters.relations)
    ]
    reached = {origin: Reached(0, 0, 0, 0, origin)}
    depth = 0
    while filters.depth is None or depth < filters.depth:
        level: dict[int, tuple[int, int, int]] = {}
        for source, derived, relation, certainty in followed:
            if source in reached and reached[source].depth == depth and derived not in reached:
                way = (certainty, relation, source)
                level[derived] = min(level.get(derived, way), way)
        if not level:
            break
        depth += 1
        for node, (certainty, relation, via) in level.items():
            reached[node] = Reached(depth, relation, certainty, max(certainty, reached[via].path), via)
    del reached[origin]
    rows = [(node, r.depth, r.relation, r.certainty, r.path, r.via) for node, r in reached.items()]
    return sorted(rows, key=lambda row: (row[1], row[0]))


SIZE = 12
edges_strategy = st.lists(
    st.tuples(
        st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.integers(0, len(RELATIONS) - 1), st.integers(0, 3)
    ).filter(lambda edge: edge[0] != edge[1]),
    max_size=40,
    unique_by=lambda edge: edge[:3],
)
filters_strategy = st.builds(
    Filters,
    relations=st.frozensets(st.sampled_from(RELATIONS), max_size=3),
    certainty=st.sampled_from(CERTAINTIES),
    depth=st.none() | st.integers(1, 4),
)


@given(edges_strategy, filters_strategy, st.integers(0, SIZE - 1))
def test_the_walk_equals_the_plain_one_both_ways(edges: list[Edge], filters: Filters, origin: int) -> None:
    graph = graph_of(SIZE, edges)
    turned = [(derived, source, relation, certainty) for source, derived, relation, certainty in edges]
    assert told(walk(graph.downstream, origin, filters, graph.marks)) == plain_walk(edges, origin, filters)
    assert told(walk(graph.upstream, origin, filters, graph.marks)) == plain_walk(turned, origin, filters)


@given(edges_strategy, filters_strategy, st.sets(st.integers(0, SIZE - 1)))
def test_a_walk_from_several_reaches_what_each_reaches_but_for_themselves(
    edges: list[Edge], filters: Filters, origins: set[int]
) -> None:
    graph = graph_of(SIZE, edges)
    together = walk_from(graph.downstream, np.array(sorted(origins), dtype=np.int32), filters, graph.marks)
    apart = [walk(graph.downstream, origin, filters, graph.marks).nodes.tolist() for origin in origins]
    assert set(together.nodes.tolist()) == {node for nodes in apart for node in nodes} - origins
    assert not any(flags.any() for flags in graph.marks._idle)


@given(edges_strategy, st.integers(0, SIZE - 1))
def test_distances_are_those_of_networkx_and_vias_lie_one_step_before(edges: list[Edge], origin: int) -> None:
    known = nx.MultiDiGraph([(source, derived) for source, derived, _relation, _certainty in edges])
    known.add_node(origin)
    graph = graph_of(SIZE, edges)
    steps = walk(graph.downstream, origin, Filters(certainty=Certainty.INFERRED), graph.marks)
    distances = nx.single_source_shortest_path_length(known, origin)
    del distances[origin]
    assert dict(zip(steps.nodes.tolist(), steps.depths.tolist(), strict=True)) == distances
    assert all(known.has_edge(via, node) for node, via in zip(steps.nodes.tolist(), steps.vias.tolist(), strict=True))


F, A, Q, U = (
    RELATIONS.index(r) for r in (Relation.FINETUNE, Relation.ADAPTER, Relation.QUANTIZED, Relation.UNSPECIFIED)
)
CURATED, RESOLVED, DECLARED, INFERRED = range(4)


@pytest.mark.parametrize(
    ("edges", "hop"),
    [
        pytest.param(
            [(0, 1, F, DECLARED), (0, 1, U, RESOLVED)], (1, 1, U, RESOLVED, RESOLVED, 0), id="certainty before relation"
        ),
        pytest.param(
            [(0, 1, Q, DECLARED), (0, 1, A, DECLARED)], (1, 1, A, DECLARED, DECLARED, 0), id="relation in its order"
        ),
        pytest.param(
            [(0, 1, F, DECLARED), (0, 2, F, DECLARED), (2, 3, F, RESOLVED), (1, 3, F, RESOLVED)],
            (3, 2, F, RESOLVED, DECLARED, 1),
            id="then the first source",
        ),
        pytest.param(
            [(0, 1, F, RESOLVED), (0, 2, F, DECLARED), (1, 3, F, DECLARED), (2, 3, A, RESOLVED)],
            (3, 2, A, RESOLVED, DECLARED, 2),
            id="the strongest last edge, not the strongest path",
        ),
        pytest.param(
            [(0, 1, F, RESOLVED), (1, 2, F, CURATED), (2, 3, F, CURATED)],
            (3, 3, F, CURATED, RESOLVED, 2),
            id="curated does not strengthen its path",
        ),
        pytest.param(
            [(0, 1, F, CURATED), (1, 3, F, CURATED)], (3, 2, F, CURATED, CURATED, 1), id="curated all the way"
        ),
        pytest.param(
            [(0, 1, F, RESOLVED), (1, 2, F, RESOLVED), (2, 3, F, RESOLVED), (0, 3, F, INFERRED)],
            (3, 1, F, INFERRED, INFERRED, 0),
            id="the shortest way counts, however weak",
        ),
    ],
)
def test_by_which_edge_a_node_is_reached(edges: list[Edge], hop: tuple[int, ...]) -> None:
    graph = graph_of(4, edges)
    steps = told(walk(graph.downstream, 0, Filters(certainty=Certainty.INFERRED), graph.marks))
    assert max(steps) == hop  # the node with the greatest number


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), [1, 2, 4]),
        (Filters(certainty=Certainty.INFERRED), [1, 2, 3, 4]),
        (Filters(certainty=Certainty.RESOLVED), [1, 4]),
        (Filters(certainty=Certainty.CURATED), [4]),
        (Filters(relations=frozenset([Relation.ADAPTER])), [4]),
        (Filters(relations=frozenset([Relation.FINETUNE])), [1, 2]),
        (Filters(depth=1), [1, 4]),
        (Filters(depth=0), []),
    ],
)
def test_filters_cut_the_walk(filters: Filters, found: list[int]) -> None:
    graph = graph_of(5, [(0, 1, F, RESOLVED), (1, 2, F, DECLARED), (2, 3, F, INFERRED), (0, 4, A, CURATED)])
    assert sorted(walk(graph.downstream, 0, filters, graph.marks).nodes.tolist()) == found


def test_a_circle_ends_and_the_origin_is_no_hop() -> None:
    circle = [(a, b, F, RESOLVED) for a, b in pairwise([0, 1, 2, 0])]
    graph = graph_of(3, circle)
    assert walk(graph.downstream, 1, Filters(), graph.marks).nodes.tolist() == [2, 0]
    assert walk(graph.upstream, 1, Filters(), graph.marks).nodes.tolist() == [0, 2]


def test_a_walk_leaves_no_mark_behind() -> None:
    graph = graph_of(4, [(0, 1, F, RESOLVED), (1, 2, F, RESOLVED), (2, 0, F, RESOLVED), (0, 3, F, RESOLVED)])
    first = told(walk(graph.downstream, 0, Filters(), graph.marks))
    walk(graph.upstream, 3, Filters(), graph.marks)
    assert told(walk(graph.downstream, 0, Filters(), graph.marks)) == first
    with graph.marks.lent() as flags:
        assert not flags.any()


def test_flags_of_a_walk_that_failed_are_not_lent_again() -> None:
    marks = Marks(2)

    def fail() -> None:
        with marks.lent() as flags:
            flags[:] = True
            raise MemoryError

    with pytest.raises(MemoryError):
        fail()
    with marks.lent() as flags, marks.lent() as others:
        assert not flags.any()
        assert flags is not others


def test_a_long_line_is_walked_to_its_end() -> None:
    line = [(n, n + 1, F, RESOLVED) for n in range(5000)]
    graph = graph_of(5001, line)
    steps = walk(graph.downstream, 0, Filters(), graph.marks)
    assert (steps.nodes == np.arange(1, 5001)).all()
    assert steps.depths[-1] == 5000


def test_nothing_reached_is_nothing() -> None:
    assert len(joined([])) == 0
    assert len(walk(graph_of(1, []).downstream, 0, Filters(), Marks(1))) == 0


def numbered(size: int) -> Steps:
    numbers, codes = np.arange(size, dtype=np.int32), np.zeros(size, dtype=np.uint8)
    return Steps(numbers, numbers, codes, codes, codes, numbers)


def test_long_walks_are_kept_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "LONG", 3)
    monkeypatch.setattr(trace, "MOST_KEPT", 10)
    walks, walked = Walks(), list[str]()

    def ask(name: str, size: int) -> int:
        def made() -> Steps:
            walked.append(name)
            return numbered(size)

        return len(walks.steps(name, made))

    assert [ask("short", 2), ask("short", 2), ask("a", 4), ask("b", 4), ask("a", 4)] == [2, 2, 4, 4, 4]
    assert walked == ["short", "short", "a", "b"]
    assert [ask("c", 4), ask("a", 4), ask("b", 4), ask("huge", 11), ask("huge", 11)] == [4, 4, 4, 11, 11]
    assert walked[4:] == ["c", "b", "huge", "huge"]
