"""Writers side by side: the journal stays one chain, every entry sealed."""

import threading

import pytest
from django.db import connection, connections, transaction

from rights import journal, seals
from rights.models import JournalEntry
from tests.factories import AT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
WORKERS, ACTS = 4, 25


def act_often(worker, raised):
    try:
        for turn in range(ACTS):
            with transaction.atomic():
                journal.enter(act="erasure", by=worker, at=AT, reference=f"case-{turn}", details={})
                transaction.set_rollback(turn % 5 == 4)  # some acts are undone
    except Exception as error:
        raised.append(error)
    finally:
        connections.close_all()


def test_entries_written_at_once_follow_one_another():
    raised: list[Exception] = []
    threads = [threading.Thread(target=act_often, args=[worker, raised]) for worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        threads[0].join(0.05)
        fault = journal.verify().fault  # in the middle of it, an entry may be committed and not yet sealed
        assert fault is None or "never sealed" in fault

    assert raised == []
    found = journal.verify()
    assert (found.entries, found.fault) == (WORKERS * ACTS * 4 // 5, None)
    assert len(seals.read()) == JournalEntry.objects.count()
