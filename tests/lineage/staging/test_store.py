"""What a batch writes, and above all what it does not write."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lineage.hub.records import HubRecord, Mention
from lineage.models import (
    Alias,
    Artifact,
    Author,
    Counter,
    Sighting,
    WeeklyCounter,
)
from lineage.models import (
    Mention as StoredMention,
)
from lineage.staging import Stored, store
from lineage.staging.lookup import FOUND, ROWS
from lineage.staging.tables import WHOLE_TABLE_PLANS, joins_by_index
from lineage.vocabulary import AliasOrigin, Field, Kind, Presence, Relation, Unusable
from tests.factories import make_alias, make_artifact
from tests.lineage.staging.pictures import AT, play, record, start_run, store_pages

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
TABLES = (Artifact, Author, StoredMention, Counter, WeeklyCounter, Alias)


def base(target: str = "org/base", **said: Any) -> Mention:
    fields: dict[str, Any] = {"field": Field.BASE_MODEL_CARD, "relation": Relation.UNSPECIFIED, "position": 0, **said}
    return Mention(target_kind=Kind.MODEL, target=target, **fields)


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a harvest may change; on PostgreSQL with the transaction that wrote it."""
    version = ", xmin::text" if connection.vendor == "postgresql" else ""
    found = {}
    for model in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT *{version} FROM {model._meta.db_table} ORDER BY 1")
            found[model.__name__] = cursor.fetchall()
    return found


FULL = HubRecord(
    kind=Kind.MODEL,
    repo_id="org/full",
    hub_id="a" * 24,
    author="org",
    created_at=AT - WEEK,
    modified_at=AT,
    license="apache-2.0",
    task="text-generation",
    library="transformers",
    languages=("en", "fr"),
    tags=('"quoted"', "back\\slash", "tab\tand\nline", "été", "中文", "🐍"),
    gated="manual",
    disabled=True,
    size=2**62,
    downloads=2**40,
    likes=2**20,
    mentions=(base(), base("org/other", field=Field.BASE_MODEL_TAG, resolved=True, self_written=True, position=None)),
    unusable={Unusable.PATH: 2, Unusable.EMPTY: 1},
)


def test_every_fact_is_stored_as_it_was_read():
    run = start_run()

    store_pages([[FULL]], run=run)

    artifact = Artifact.objects.get()
    for name in (
        "kind",
        "repo_id",
        "hub_id",
        "created_at",
        "modified_at",
        "license",
        "task",
        "library",
        "gated",
        "size",
    ):
        assert getattr(artifact, name) == getattr(FULL, name), name
    assert (artifact.owner, artifact.author, artifact.disabled) == ("org", Author.objects.get(name="org"), True)
    assert (tuple(artifact.languages), tuple(artifact.tags)) == (FULL.languages, FULL.tags)
    assert artifact.unusable == {"path": 2, "empty": 1}
    assert (artifact.presence, artifact.is_current, artifact.gone_since) == (Presence.LISTED, True, None)
    assert (artifact.counter.downloads, artifact.counter.likes) == (2**40, 2**20)
    assert list(Sighting.objects.values_list("run", "artifact")) == [(run.pk, artifact.pk)]


def test_a_bare_record_is_enough():
    store_pages([[HubRecord(Kind.DATASET, "squad")]])

    artifact = Artifact.objects.get(kind=Kind.DATASET)
    assert (artifact.owner, artifact.author, artifact.created_at, artifact.languages) == ("", None, None, [])
    assert not Counter.objects.exists()


def test_the_same_again_writes_only_that_it_was_seen():
    listing = [
        [FULL, record("1:a", downloads=3), record("d1:a", likes=1), record("-:c", mentions=(base(),))],
        [record("2:b@1"), record("2:d@2"), record("3:e"), record("4:e")],
    ]
    play("1:z 2:b")
    store_pages(listing)
    before = contents()

    stored = store_pages(listing, at=AT + WEEK)

    assert contents() == before
    assert stored == Stored(unchanged=8)


def test_it_counts_what_it_changed():
    play("1:a 2:b 3:c ~d")

    with_base = record("3:c", mentions=(base(),))
    stored = store_pages([[record("1:a"), record("2:d", likes=2), with_base, record("4:e", author="new")]])

    assert stored == Stored(
        created=1,
        updated=2,
        unchanged=1,
        renamed=1,
        displaced=1,
        authors=1,
        counters=1,
        mentions_added=1,
        aliases_begun=1,
        unlinked=5,
    )


@pytest.mark.django_db(transaction=True)
def test_it_stands_inside_a_transaction():
    run = start_run()

    with pytest.raises(ValueError, match="inside the transaction"):
        store([FULL], run=run, at=AT)


def test_nothing_of_nothing():
    assert store_pages([[]]) == Stored()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes any value in any column")
def test_a_value_the_database_refuses_is_a_database_error():
    run = start_run()

    with pytest.raises(DatabaseError), transaction.atomic():
        store([replace(FULL, size="many")], run=run, at=AT)  # type: ignore[arg-type]
    assert not Artifact.objects.exists()


# --- authors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "authors"),
    [({"author": "someone"}, {"someone"}), ({"author": ""}, {"org"})],
)
def test_the_author_is_the_account_or_else_the_owner(facts, authors):
    store_pages([[record("1:a", **facts)]])

    assert set(Author.objects.values_list("name", flat=True)) == authors


def test_an_author_is_made_once_and_never_from_a_mention():
    store_pages([[record("1:a"), record("2:b")], [record("d1:c", mentions=(base("elsewhere/base"),))]])

    assert Author.objects.get().artifacts.count() == 3


def test_a_transfer_changes_the_author():
    play("1:a")

    store_pages([[replace(record("1:a"), repo_id="team/a", author="team")]])

    assert Artifact.objects.get(author__name="team").repo_id == "team/a"


# --- mentions ----------------------------------------------------------------------------------------


def test_mentions_follow_the_latest_record():
    first = start_run()
    store_pages(
        [[record("1:a", mentions=(base("org/kept"), base("org/moved", position=1), base("org/left")))]], run=first
    )
    kept = StoredMention.objects.get(target="org/kept")
    second = start_run()

    now = (base("org/kept"), base("org/moved", position=5, self_written=True), base("org/new"))
    stored = store_pages([[record("1:a", mentions=now)]], run=second)

    found = {m.target: (m.position, m.self_written, m.first_run_id) for m in StoredMention.objects.all()}
    assert found == {
        "org/kept": (0, False, first.pk),
        "org/moved": (5, True, first.pk),
        "org/new": (0, False, second.pk),
    }
    assert StoredMention.objects.get(target="org/kept") == kept
    assert (stored.mentions_added, stored.mentions_changed, stored.mentions_removed) == (1, 1, 1)


def test_a_target_named_twice_in_one_field_is_kept_once_at_its_first_place():
    store_pages([[record("1:a", mentions=(base(position=4), base(position=1), base(position=None, resolved=True)))]])

    mention = StoredMention.objects.get()
    assert (mention.position, mention.resolved) == (1, True)


def test_other_artifacts_keep_their_mentions():
    store_pages([[record("1:a", mentions=(base(),)), record("2:b", mentions=(base(),))]])

    store_pages([[record("1:a")]])

    assert StoredMention.objects.get().artifact.repo_id == "org/b"


# --- duplicates --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("numbers", ["1", "-"])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_the_later_version_of_a_repository_is_kept(pages, numbers, order):
    older = record(f"{numbers}:a@1", mentions=(base("org/old"),), downloads=7)
    newer = record(f"{numbers}:a@2", mentions=(base("org/new"),), downloads=5)
    both = [older, newer][order]

    store_pages([both] if pages == 1 else [[one] for one in both])

    artifact = Artifact.objects.get()
    assert artifact.license == "licence-2"
    assert artifact.mentions.get().target == "org/new"
    assert artifact.counter.downloads == 7


def test_an_undated_record_gives_way_to_a_dated_one():
    store_pages([[record("1:a")], [record("1:a", modified_at=None, license="undated")]])

    assert Artifact.objects.get().license == "licence-1"


def test_a_later_run_is_believed_even_if_its_dates_are_older():
    play("1:a@9")

    play("1:a@1")

    assert Artifact.objects.get().license == "licence-1"


# --- counters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "read", "after"),
    [
        ((5, 1), (7, 2), (7, 2)),
        ((5, 1), (3, 0), (3, 0)),
        ((5, 1), (None, None), (5, 1)),
        ((5, 1), (None, 2), (5, 2)),
        ((None, 1), (None, None), (0, 1)),
        ((None, None), (0, 0), (0, 0)),
    ],
)
def test_counters_are_those_read_last(before, read, after):
    for downloads, likes in (before, read):
        store_pages([[record("1:a", downloads=downloads, likes=likes)]])

    assert list(Counter.objects.values_list("downloads", "likes")) == [after]


def test_a_week_has_one_point_and_only_where_something_changed():
    for days, downloads in [(0, 5), (1, 6), (6, 6), (8, 6), (15, 9)]:  # AT is a Monday
        store_pages([[record("1:a", downloads=downloads)]], at=AT + timedelta(days=days))

    points = WeeklyCounter.objects.order_by("week").values_list("week", "downloads")
    assert list(points) == [(AT.date(), 6), ((AT + 2 * WEEK).date(), 9)]


# --- aliases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "kept"),
    [
        (AliasOrigin.STAFF, True),
        (AliasOrigin.REDIRECT, True),
        (AliasOrigin.RENAME, True),  # of a younger repository
        (AliasOrigin.CARD, False),
    ],
)
def test_a_rename_outranks_a_card_and_nothing_else(origin, kept):
    play("1:b")
    other = make_artifact("org/other", created_at=AT)
    make_alias("org/a", other, origin=origin)

    play("1:a@2 1:b@1 | 1:b@3")

    live = Alias.objects.live().get(name="org/a")
    assert (live.artifact == other, live.origin) == (kept, origin if kept else AliasOrigin.RENAME)


def test_an_alias_begins_when_the_rename_was_seen():
    play("1:a")

    store_pages([[record("1:b")]], at=AT + WEEK)

    assert Alias.objects.get().held_from == AT + WEEK


def test_many_renames_at_once():
    many = range(450)
    store_pages([[HubRecord(Kind.MODEL, f"org/old-{n}", f"{n:024x}") for n in many]])

    stored = store_pages([[HubRecord(Kind.MODEL, f"org/new-{n}", f"{n:024x}") for n in many]])

    assert (stored.renamed, stored.aliases_begun, Alias.objects.live().count()) == (450, 450, 450)


def scans_of_artifacts(plan):
    """The nodes of a plan that read the artifact table."""
    if plan.get("Relation Name") == "lineage_artifact":
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans_of_artifacts(part)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps to the order of the tables it is told")
@pytest.mark.parametrize("is_analyzed", [False, True])
def test_each_row_of_a_batch_is_looked_up_by_key_or_by_name(is_analyzed):
    many = [HubRecord(Kind.MODEL, f"org/m-{n}", f"{n:024x}" if n % 2 else "") for n in range(3000)]
    store_pages([many, many])  # the second leaves the names and keys of a whole batch in the temporary tables

    with connection.cursor() as cursor:
        if is_analyzed:
            cursor.execute("ANALYZE lineage_artifact, lineage_sighting, lineage_counter")
        asked: list[tuple[str, list[Any]]] = [(FOUND, []), (ROWS, [AT, 1])]
        for query, parameters in asked:
            with joins_by_index(cursor):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", parameters)
                ((((plan,),),),) = [cursor.fetchall()]
            scans = list(scans_of_artifacts(plan["Plan"]))
            assert scans
            for scan in scans:
                assert re.search("hub_id|repo_id|= k.id", scan.get("Index Cond", "")), scan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such settings")
def test_the_planner_is_left_as_it_was_found():
    store_pages([[FULL]])

    with connection.cursor() as cursor:
        for setting in WHOLE_TABLE_PLANS:
            cursor.execute(f"SHOW {setting}")
            assert cursor.fetchone() == ("on",)
