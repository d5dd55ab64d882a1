"""Over the real records beside the checkout: shortest ways, and dossiers around a harvest, as networkx tells them."""

import json
import random
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import networkx as nx
import pytest

from lineage import graph, staging
from lineage.dossier import again, difference, draw_up
from lineage.dossier.paths import shortest_ways
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.linking import link
from lineage.models import Artifact, Derivation
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import Certainty, Kind, Relation
from tests.factories import AT, make_run
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


def store(folder: Path, name: str, *, at: datetime) -> None:
    """The models of one file, stored and linked as the harvest that started at `at`."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    read = [parse(json.loads(line), Kind.MODEL) for line in lines]
    staging.store([record for record in read if isinstance(record, HubRecord)], run=make_run(started_at=at), at=at)
    link(at=at)


def held(at: datetime) -> nx.DiGraph:
    """The edges that a default trace followed at that moment."""
    edges = Derivation.objects.filter(held_from__lte=at).exclude(held_until__lte=at).exclude(certainty="inferred")
    return nx.DiGraph(list(edges.values_list("source_id", "derived_id")))


def test_dossiers_before_and_after_a_later_harvest(hub_records: Path) -> None:
    """Both are the same again afterwards, and what differs is what networkx finds in the edges of both days."""
    later = AT + timedelta(days=1)
    store(hub_records, "models_t0", at=AT)
    known = held(AT)
    greatest = sorted(known.nodes, key=lambda node: (-len(nx.descendants(known, node)), node))[:12]
    origins = Artifact.objects.in_bulk(greatest)
    before = {key: draw_up(origins[key], at=AT + timedelta(hours=1)) for key in greatest}
    store(hub_records, "models", at=later)
    changed = 0
    for key, first in before.items():
        second = draw_up(Artifact.objects.get(pk=key), at=later + timedelta(hours=1))
        told = difference(first.trace, second.trace)
        old, new = (nx.descendants(held(day), key) if key in held(day) else set() for day in (AT, later))
        assert set(told.gained.tolist()) == new - old
        assert set(told.lost.tolist()) == old - new
        for dossier in (first, second):
            assert again(dossier.definition).trace.page(0, 10_000) == dossier.trace.page(0, 10_000)
        changed += bool(new ^ old)
    assert changed
