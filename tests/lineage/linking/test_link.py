from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineage import canonical
from lineage.inquiries import record_answer
from lineage.linking import Linked, link, relink
from lineage.linking.desk import Desk
from lineage.models import Alias, Artifact, Derivation, GraphState
from lineage.vocabulary import Kind, Presence
from tests.factories import AT, make_artifact
from tests.lineage.linking.cards import aliases, card, edges

LATER = AT + timedelta(days=1)


def stored() -> list[list[tuple[Any, ...]]]:
    """Every row that linking may write, with PostgreSQL's mark of its last write where there is one."""
    mark = "xmin::text, " if connection.vendor == "postgresql" else ""
    tables = []
    with connection.cursor() as cursor:
        for model in (Artifact, Alias, Derivation):
            cursor.execute(f"SELECT {mark}t.* FROM {model._meta.db_table} t ORDER BY id")
            tables.append(cursor.fetchall())
    return tables


def a_bit_of_everything() -> None:
    make_artifact("Org/Base")
    card("squad", kind=Kind.DATASET)
    card(
        "org/child",
        tags=["org/base as merge"],
        bases=["org/base", "old/m", "x", "ORG/BASE"],
        datasets=["squad", "other"],
    )
    card("org/teacher", bases=["old/m"], tags=["new/m"])
    card("org/ring", tags=["org/child"])
    card("org/base", tags=["org/ring"])
    record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="rajpurkar/squad", at=AT)


@pytest.mark.django_db
def test_linking_again_writes_nothing(at):
    a_bit_of_everything()
    assert link(at=at).changed > 0
    before, state = stored(), GraphState.objects.get()
    again = link(at=at)
    assert again == Linked(cycles_broken=1)
    assert (stored(), GraphState.objects.get().generation) == (before, state.generation)


@pytest.mark.django_db
def test_the_generation_rises_with_edges_and_with_nodes_and_with_nothing_else(at):
    def generation() -> int:
        link(at=at)
        return GraphState.objects.get().generation

    first = generation()
    assert generation() == first
    single = make_artifact("org/single")
    assert generation() == first + 1
    Artifact.objects.filter(pk=single.pk).update(license="mit")
    assert generation() == first + 1
    Artifact.objects.filter(pk=single.pk).update(repo_id="org/renamed")
    assert generation() == first + 2
    Artifact.objects.filter(pk=single.pk).update(presence=Presence.GONE, gone_since=at)
    assert generation() == first + 3
    card("org/child", tags=["org/renamed"])
    assert generation() == first + 4


@pytest.mark.django_db
def test_the_genealogy_is_as_of_its_harvest_not_of_a_verdict(at):
    link(at=at)
    card("org/child", tags=["org/base"])
    relink(at=LATER)
    assert edges() == {"org/base -[unspecified,resolved]-> org/child"}
    assert GraphState.objects.get().as_of == at
    link(at=LATER)
    assert GraphState.objects.get().as_of == LATER


@pytest.mark.django_db
def test_relinking_deletes_no_artifact(at):
    make_artifact("org/unused", presence=Presence.MENTIONED)
    assert relink(at=at).swept == 0
    assert link(at=at).swept == 1


@pytest.mark.django_db
def test_a_linking_that_fails_leaves_everything_as_it_was(at, monkeypatch):
    a_bit_of_everything()
    before = stored()
    monkeypatch.setattr("lineage.linking.sweep", lambda desk: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        link(at=at)
    assert (stored(), GraphState.objects.count()) == (before, 0)
    monkeypatch.undo()
    assert link(at=at).changed > 0


@pytest.mark.django_db
def test_a_table_of_the_desk_has_a_name_of_its_own():
    with connection.cursor() as cursor, pytest.raises(ValueError, match="link_"):
        Desk(cursor).table("lineage_artifact", "SELECT 1")


# --- the same whatever the order ---------------------------------------------------------------

MODELS = ("a", "A", "org/a", "Org/A", "org/b", "ORG/b", "org/c")
DATASETS = ("s", "S", "org/s", "org/t")


@dataclass(frozen=True)
class Record:
    """What one repository of a drawn world says."""

    kind: Kind
    name: str
    presence: Presence
    words: tuple[tuple[str, tuple[str, ...]], ...]

    def arrive(self) -> None:
        said = dict(self.words)
        found = Artifact.objects.current().filter(kind=self.kind, repo_id=self.name).first()
        if found is not None:  # mentioned before it was listed: it is upgraded in place
            found.repo_id, found.is_current = f"set-aside/{found.pk}", False
            found.save()
        fresh = card(self.name, kind=self.kind, presence=self.presence, **said)
        if found is not None:
            _move_into(found, fresh)


def _move_into(found: Artifact, fresh: Artifact) -> None:
    name, presence, gone_since = fresh.repo_id, fresh.presence, fresh.gone_since
    fresh.mentions.update(artifact=found)
    fresh.delete()
    found.repo_id, found.is_current, found.presence, found.gone_since = name, True, presence, gone_since
    found.save()


def names(pool: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(pool)), max_size=2, unique=True).map(tuple)


def records(kind: Kind, presences: Iterable[Presence]) -> st.SearchStrategy[list[Record]]:
    pool = MODELS if kind == Kind.MODEL else DATASETS
    words = (
        {"tags": names(MODELS), "bases": names(MODELS), "datasets": names(DATASETS)}
        if kind == Kind.MODEL
        else {"sources": names(DATASETS)}
    )
    said = st.fixed_dictionaries(words).map(lambda drawn: tuple(drawn.items()))
    one = st.builds(Record, st.just(kind), st.sampled_from(pool), st.sampled_from(list(presences)), said)
    return st.lists(one, max_size=4, unique_by=lambda record: record.name)


def worlds(*presences: Presence) -> st.SearchStrategy[list[Record]]:
    both = st.tuples(records(Kind.MODEL, presences), records(Kind.DATASET, presences))
    return both.flatmap(lambda drawn: st.permutations(drawn[0] + drawn[1]))


REDIRECTS = st.dictionaries(st.sampled_from(DATASETS), st.sampled_from(DATASETS), max_size=2)


def genealogy_of(world: list[Record], redirects: dict[str, str], *, linked_each_time: bool = False) -> list[str]:
    """The canonical lines once these records arrived in this order; nothing of it is kept."""
    with transaction.atomic():
        for record in world:
            record.arrive()
            if linked_each_time:
                link(at=AT)
        for old, new in redirects.items():
            record_answer(kind=Kind.DATASET, name=old, answer="redirect", repo_id=new, at=AT)
        link(at=AT)
        found = list(canonical.lines())
        transaction.set_rollback(True)
    return found


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.django_db
@QUICK
@given(worlds(Presence.LISTED, Presence.GONE), REDIRECTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(world, redirects, random):
    expected = genealogy_of(world, redirects)
    random.shuffle(world)
    assert genealogy_of(world, redirects) == expected
    assert genealogy_of(world, redirects, linked_each_time=True) == expected


@pytest.mark.django_db
@QUICK
@given(worlds(Presence.LISTED, Presence.GONE), REDIRECTS)
def test_what_is_gone_changes_nothing_of_what_is_listed(world, redirects):
    listed = [record for record in world if record.presence == Presence.LISTED]
    assert genealogy_of(world, redirects) == genealogy_of(listed, redirects)


@pytest.mark.django_db
def test_aliases_that_cards_taught_one_another_do_not_depend_on_order(at):
    card("org/x", bases=["m/a"], tags=["m/b"])
    card("org/y", bases=["m/b"], tags=["m/c"])
    card("org/z", bases=["m/c"], tags=["m/a"])
    link(at=at)
    assert aliases() == {"m/a => m/c (card)", "m/b => m/c (card)"}
    assert link(at=at).changed == 0


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite looks each row up by its key")
def test_the_planner_knows_how_much_is_only_mentioned_before_that_is_swept(at):
    card("org/child", datasets=[f"org/set-{number}" for number in range(200)])
    for number in range(300):
        make_artifact(f"org/listed-{number}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE lineage_artifact")
        link(at=at)
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT id FROM lineage_artifact WHERE presence = 'mentioned'")
        ((((plan,),),),) = [cursor.fetchall()]
    assert plan["Plan"]["Plan Rows"] > 100
