"""Over the real records beside the checkout: the shortest ways between random pairs are those of networkx."""

import random
from itertools import islice, pairwise
from pathlib import Path

import networkx as nx
import pytest

from lineage import graph
from lineage.dossier.paths import shortest_ways
from lineage.models import Artifact, Derivation
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import Certainty, Relation
from tests.factories import AT
from tests.lineage.exports.test_hub_records import harvest

pytestmark = [pytest.mark.django_db, pytest.mark.hub_records]

PAIRS, CIRCLES, LIMIT = 200, 60, 10_000


def close_circles(dice: random.Random) -> None:
    """Edges from what was made back to what it was made from, and some across families."""
    held = list(Derivation.objects.order_by("pk").values_list("source_id", "derived_id"))
    back = {(derived, source) for source, derived in dice.sample(held, CIRCLES)}
    across = {(dice.choice(held)[1], dice.choice(held)[0]) for _ in range(CIRCLES)}
    Derivation.objects.bulk_create(
        Derivation(
            source_id=source,
            derived_id=derived,
            relation=Relation.UNSPECIFIED,
            certainty=Certainty.DECLARED,
            held_from=AT,
        )
        for source, derived in sorted(back | across)
        if source != derived and (source, derived) not in held
    )
    graph.build()


def test_ways_between_random_pairs_with_circles_added(hub_records: Path) -> None:
    harvest(hub_records)
    dice = random.Random(11)
    close_circles(dice)
    known = nx.DiGraph(list(Derivation.objects.holding().values_list("source_id", "derived_id")))
    assert not nx.is_directed_acyclic_graph(known)
    artifacts = Artifact.objects.in_bulk(known.nodes)
    nodes = sorted(known.nodes)
    starts = [node for node in nodes if known.out_degree(node)]
    reached = 0
    for number in range(PAIRS):
        start = dice.choice(starts)
        # Most random pairs are of two families: every other pair is taken within one.
        end = dice.choice(sorted(nx.descendants(known, start) - {start}) if number % 2 else nodes)
        if start == end:
            continue
        trace = trace_from(artifacts[start], filters=Filters(certainty=Certainty.INFERRED))
        ways = shortest_ways(trace, artifacts[end], limit=LIMIT).ways
        found = [tuple((link.source_key, link.derived_key) for link in way) for way in ways]
        expected = nx.all_shortest_paths(known, start, end) if nx.has_path(known, start, end) else ()
        assert len(set(found)) == len(found)
        assert set(found) == {tuple(pairwise(way)) for way in islice(expected, LIMIT)}, (start, end)
        reached += bool(found)
    assert reached >= PAIRS // 2
