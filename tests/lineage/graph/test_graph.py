"""The graph file follows the genealogy: built when missing, stale or damaged, otherwise only opened."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lineage import graph
from lineage.graph import NO_DATE, files, reading
from lineage.models import Artifact, Counter, Derivation, GraphState
from lineage.trace import CERTAINTIES, KINDS, RELATIONS
from lineage.vocabulary import Certainty, Kind, Presence, Relation
from tests.factories import AT, make_artifact, make_derivation
from tests.graphs import draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time both tables were read."""
    seen: list[int] = []
    read = reading.nodes

    def counted() -> Any:
        seen.append(1)
        return read()

    monkeypatch.setattr(reading, "nodes", counted)
    return seen


def next_generation() -> None:
    state, _made = GraphState.objects.get_or_create(pk=1)
    state.generation += 1
    state.save()


def edges_of(opened: graph.Graph) -> set[tuple[str, str, str, str]]:
    names = dict(Artifact.objects.values_list("pk", "repo_id"))
    down, found = opened.downstream, set()
    for node in range(len(opened)):
        for place in range(down.starts[node], down.starts[node + 1]):
            ends = names[int(opened.keys[node])], names[int(opened.keys[down.ends[place]])]
            found.add((*ends, RELATIONS[down.relations[place]].value, CERTAINTIES[down.certainties[place]].value))
    return found


def test_it_holds_the_edges_that_hold(at: datetime) -> None:
    drawn = draw("a -> b -[adapter,declared]-> c; d{dataset} -[trained_on,inferred]-> c; a -[merge,curated]-> c")
    make_derivation(drawn["a"], drawn["d"], held_until=at)
    assert edges_of(graph.current()) == {
        ("org/a", "org/b", "finetune", "resolved"),
        ("org/b", "org/c", "adapter", "declared"),
        ("org/d", "org/c", "trained_on", "inferred"),
        ("org/a", "org/c", "merge", "curated"),
    }


def test_nodes_are_numbered_by_code_points_of_the_name_then_kind() -> None:
    names = ["org/b", "Zeta/a", "org/a", "_x/a", "org/a-1", "org/a.1", "org/a_1", "org/aé", "ORG/a", "9/a"]
    made = [make_artifact(name) for name in names] + [make_artifact("org/a", Kind.DATASET)]
    opened = graph.current()
    order = sorted(made, key=lambda artifact: (artifact.repo_id, artifact.kind))
    assert opened.keys.tolist() == [artifact.pk for artifact in order]
    assert [KINDS[kind] for kind in opened.kinds] == [artifact.kind for artifact in order]


def test_facts_of_nodes() -> None:
    born = datetime(2024, 2, 29, 23, 59, 59, 900_000, tzinfo=UTC)
    known = make_artifact("org/a", created_at=born)
    Counter.objects.create(artifact=known, downloads=2**40, likes=7)
    make_artifact("org/b", presence=Presence.MENTIONED)
    opened = graph.current()
    assert opened.downloads.tolist() == [2**40, 0]
    assert opened.likes.tolist() == [7, 0]
    assert opened.presences.tolist() == [graph.PRESENCES.index(p) for p in (Presence.LISTED, Presence.MENTIONED)]
    assert abs(int(opened.created[0]) - born.timestamp()) <= 1
    assert opened.created[1] == graph.NO_DATE


def test_every_word_of_the_vocabulary_has_its_code() -> None:
    source, derived = make_artifact(), make_artifact()
    for relation in Relation:
        make_derivation(source, derived, relation=relation, certainty=Certainty.DECLARED)
    for certainty in Certainty:
        make_derivation(derived, make_artifact(), certainty=certainty)
    words = {(relation, certainty) for _source, _derived, relation, certainty in edges_of(graph.current())}
    assert {relation for relation, _certainty in words} == set(Relation)
    assert {certainty for _relation, certainty in words} == set(Certainty)


def test_an_edge_of_an_artifact_that_lost_its_name_still_counts(at: datetime) -> None:
    gone = make_artifact("org/a", is_current=False, presence=Presence.GONE, gone_since=at)
    make_derivation(gone, make_artifact("org/b"))
    make_artifact("org/a")
    assert edges_of(graph.current()) == {("org/a", "org/b", "finetune", "resolved")}


def test_it_is_built_once_and_opened_once(builds: list[int]) -> None:
    draw("a -> b")
    first, second = graph.current(), graph.current()
    assert builds == [1]
    assert first.keys is second.keys


def test_a_new_generation_is_built_and_the_former_files_go(builds: list[int], settings: Any) -> None:
    drawn = draw("a -> b")
    graph.current()
    make_derivation(drawn["b"], make_artifact("org/c"))
    assert len(graph.current()) == 2
    next_generation()
    assert len(graph.current()) == 3
    assert builds == [1, 1]
    assert len([path for path in Path(settings.GRAPH_DIR).iterdir() if path.is_dir() and not path.is_symlink()]) == 1


@pytest.mark.parametrize(
    ("fingerprint", "has_stranger", "read"), [("7 70", False, 1), ("8 80", False, 2), ("", False, 2), ("7 70", True, 2)]
)
def test_nodes_are_read_again_only_where_they_changed(
    fingerprint: str, has_stranger: bool, read: int, builds: list[int]
) -> None:
    drawn = draw("a -> b; c")
    GraphState.objects.create(pk=1, generation=1, nodes="7 70" if fingerprint else "")
    graph.current()
    Artifact.objects.filter(pk=drawn["a"].pk).update(created_at=AT)  # only to be seen in what is read again
    make_derivation(drawn["b"], make_artifact("org/z") if has_stranger else drawn["c"])
    GraphState.objects.update(generation=2, nodes=fingerprint)

    renewed = graph.current()
    assert sum(builds) == read
    assert ("org/b", "org/z" if has_stranger else "org/c", "finetune", "resolved") in edges_of(renewed)
    assert (renewed.created[renewed.node_of(drawn["a"].pk)] != NO_DATE) == (read == 2)


def test_nodes_that_were_kept_lie_as_those_that_are_read() -> None:
    draw("a -> b; c{dataset} -[trained_on]-> b; B -> c2")
    GraphState.objects.create(pk=1, generation=1, nodes="7 70")
    graph.current()
    next_generation()
    kept = graph.current()
    graph.build()
    anew = graph.current()
    assert kept.keys is not anew.keys
    assert kept.rows().tolist() == anew.rows().tolist()
    assert edges_of(kept) == edges_of(anew)


def test_a_reader_keeps_what_it_opened_while_another_builds() -> None:
    draw("a -> b")
    held = graph.current()
    make_artifact("org/z")
    graph.build()
    assert len(held) == 2
    assert held.keys.tolist()
    assert len(graph.current()) == 3


def test_the_date_is_that_of_the_state_even_when_nothing_is_built(at: datetime, builds: list[int]) -> None:
    assert graph.current().as_of is None
    GraphState.objects.update_or_create(pk=1, defaults={"as_of": at})
    assert graph.current().as_of == at
    assert builds == [1]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4])


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda folder: cut(folder / "keys.npy"), id="a file cut"),
        pytest.param(lambda folder: (folder / "up_ends.npy").unlink(), id="a file missing"),
        pytest.param(lambda folder: (folder / "kinds.npy").write_bytes(b""), id="an empty file"),
        pytest.param(lambda folder: (folder / "kinds.npy").write_bytes(b"<html>" * 90), id="no array"),
        pytest.param(lambda folder: np.save(folder / "keys.npy", np.zeros(9, dtype=np.int64)), id="another length"),
        pytest.param(lambda folder: (folder / "about.json").write_text("{"), id="about cut"),
        pytest.param(lambda folder: (folder / "about.json").write_text("[]"), id="about of another shape"),
        pytest.param(
            lambda folder: (folder / "about.json").write_text('{"generation": 0, "layout": 0}'), id="another layout"
        ),
    ],
)
def test_a_damaged_file_is_built_anew(damage: Any, builds: list[int]) -> None:
    draw("a -> b")
    damage(graph.build())
    assert len(graph.current()) == 2
    assert builds == [1, 1]


def test_what_lies_in_the_way_of_a_build_is_cleared(settings: Any) -> None:
    place = Path(settings.GRAPH_DIR)
    (place / "7-dead").mkdir(parents=True)
    (place / "7-dead.link").symlink_to("7-dead")
    draw("a -> b")
    assert len(graph.current()) == 2
    assert {path.name for path in place.iterdir()} == {"lock", "current", files.name_in_force(place)}


def test_a_full_disk_leaves_the_former_graph_in_force(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    draw("a -> b")
    former = graph.build()

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(OSError, match="No space"):
        graph.build()
    assert files.name_in_force(Path(settings.GRAPH_DIR)) == former.name
    assert len(graph.current()) == 2


def test_a_link_that_lands_while_the_tables_are_read_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = draw("a -> b")
    read, landed = reading.nodes, list[Derivation]()

    def slowly() -> Any:
        rows = read()
        if not landed:
            landed.append(make_derivation(drawn["b"], make_artifact("org/c")))
            next_generation()
        return rows

    monkeypatch.setattr(reading, "nodes", slowly)
    opened = graph.current()
    assert opened.generation == 1
    assert ("org/b", "org/c", "finetune", "resolved") in edges_of(opened)


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_together_get_one_build(builds: list[int]) -> None:
    from django.db import connection

    draw("a -> b")
    start, sizes = threading.Barrier(4), list[int]()

    def ask() -> None:
        start.wait()
        sizes.append(len(graph.current()))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [2, 2, 2, 2]
    assert builds == [1]


def test_an_empty_base_has_an_empty_graph() -> None:
    assert len(graph.current()) == 0
    assert not Derivation.objects.exists()


def test_it_is_built_under_debug_too_where_django_watches_each_cursor(settings: Any) -> None:
    settings.DEBUG = True
    draw("a -> b")
    assert len(graph.current().keys) == 2
