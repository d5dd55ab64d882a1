"""Lanes store side by side, each in its own transaction."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from lineage.hub.records import HubRecord
from lineage.lanes import hold_run
from lineage.models import Artifact, Author
from lineage.staging import store
from lineage.vocabulary import Kind
from tests.lineage.staging.pictures import AT, start_run
from tests.lineage.staging.test_store import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def side_by_side(*acts):
    def alone(act):
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for outcome in [pool.submit(alone, act) for act in acts]:
            outcome.result(timeout=30)


def test_two_kinds_at_once_do_not_wait_for_one_another_for_ever():
    run, both_stored = start_run(), Barrier(2, timeout=20)

    def lane(kind):
        with transaction.atomic():
            store([HubRecord(kind, f"org/{kind}", author=f"owner of a {kind}", mentions=(base(),))], run=run, at=AT)
            both_stored.wait()
            hold_run(run.pk, run.generation)

    side_by_side(lambda: lane(Kind.MODEL), lambda: lane(Kind.DATASET))

    assert Artifact.objects.count() == 2


def test_two_files_of_one_kind_with_the_same_records():
    run, start = start_run(), Barrier(2, timeout=20)
    listing = [HubRecord(Kind.MODEL, f"org-{number}/model", author=f"org-{number}") for number in range(300)]

    def lane(records):
        start.wait()
        with transaction.atomic():
            store(records, run=run, at=AT)

    side_by_side(lambda: lane(listing), lambda: lane(listing[::-1]))

    assert (Artifact.objects.count(), Author.objects.count()) == (300, 300)


def test_authors_of_two_kinds_at_once():
    run, start = start_run(), Barrier(2, timeout=20)

    def lane(kind, numbers):
        start.wait()
        with transaction.atomic():
            store([HubRecord(kind, f"org-{n}/it", author=f"org-{n}") for n in numbers], run=run, at=AT)

    side_by_side(lambda: lane(Kind.MODEL, range(300)), lambda: lane(Kind.DATASET, reversed(range(300))))

    assert (Artifact.objects.count(), Author.objects.count()) == (600, 300)
