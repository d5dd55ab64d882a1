"""What a replay may not do by itself: skip an act, guess one, or correct what this base does not hold."""

from datetime import timedelta

import pytest
from django.db import transaction

from lineage.models import Artifact
from rights import journal, keyring, ledger, notices, scrubbing, suppressions
from rights.effects import rectify, restrict, retire_key
from rights.ledger import LedgerFault
from rights.models import JournalEntry, Notice, Suppression
from rights.notices.seeding import seed_after_migrate
from rights.replay import replay
from tests.factories import AT, make_artifact, make_author

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def outside_a_test(monkeypatch):
    """Files are scrubbed outside any transaction; a test has one around it."""
    monkeypatch.setattr(scrubbing, "scrub", lambda: True)


@pytest.fixture
def lost(django_capture_on_commit_callbacks):
    """Carry these acts out and commit them, then bring back the database as it was before."""

    def lost(*acts, committed=True):
        backup = transaction.savepoint()
        with django_capture_on_commit_callbacks(execute=committed):
            for act in acts:
                act()
        transaction.savepoint_rollback(backup)

    return lost


@pytest.fixture
def artifact():
    return make_artifact("person/one", author=make_author("person"), hub_id="a" * 24)


def corrected(artifact, field="license", value="mit"):
    return lambda: rectify(artifact_key=artifact.pk, field=field, value=value, reference="case-1", by=7, at=AT)


def test_acts_come_back_with_their_number_date_agent_and_chain(lost, artifact):
    chains: list[object] = []

    def restricted():
        restrict(account="person", reference="case-2", by=8, at=LATER)
        chains.extend(JournalEntry.objects.order_by("number").values_list("number", "at", "by_key", "chain"))

    lost(corrected(artifact), restricted)
    done = replay(by=0, at=LATER)

    assert (done.acts, done.effects, done.unmet, done.words_only) == (2, 2, [], [])
    entries = JournalEntry.objects.order_by("number")
    assert list(entries.values_list("number", "at", "by_key", "chain"))[:2] == chains
    assert entries[2].act == "replayed"
    assert Artifact.objects.withheld().get().license == "mit"


def test_an_artifact_harvested_after_the_backup_is_named_for_later(lost):
    lost(lambda: corrected(make_artifact("person/new"))())
    done = replay(by=0, at=LATER)
    assert (done.acts, done.effects, done.unmet) == (1, 0, [1])
    assert not journal.behind()


def test_an_act_without_an_effect_comes_back_in_words(lost):
    lost(lambda: journal.enter(act="case_closed", by=7, at=AT, reference="case-1", details={}))
    assert replay(by=0, at=LATER).words_only == [1]


def test_a_notice_that_was_published_is_again_in_force_and_unchangeable(lost):
    def published():
        drawn = notices.drawn(in_force_from=AT.date())
        notices.publish(notice=notices.record(notice=drawn, by=7, at=AT), by=7, at=AT)

    lost(published)
    assert not Notice.objects.exists()
    assert replay(by=0, at=LATER).effects == 2

    notice = Notice.objects.get()
    assert (notice.published_at, notices.refusal(on=AT.date())) == (AT, None)
    assert notices.record(notice=notices.drawn(in_force_from=AT.date()), by=7, at=LATER).pk != notice.pk


def test_a_site_that_lost_its_database_is_not_seeded_but_told(lost, artifact, settings, caplog):
    lost(corrected(artifact))
    settings.DEMONSTRATION, settings.PROJECT_NOTICE = True, "a notice"
    seed_after_migrate()
    assert "rights replay" in caplog.text
    assert not Notice.objects.exists()


def test_a_ledger_with_a_gap_is_refused(lost, artifact, settings):
    lost(corrected(artifact), corrected(artifact, "task", "chat"))
    first, second = [line for line in settings.EFFECTS_LEDGER.read_bytes().splitlines() if line]
    settings.EFFECTS_LEDGER.write_bytes(second + b"\n")

    with pytest.raises(LedgerFault, match="does not hold act 1"):
        replay(by=0, at=LATER)
    assert not JournalEntry.objects.exists()

    settings.EFFECTS_LEDGER.write_bytes(first + b"\n")
    with pytest.raises(LedgerFault, match="does not hold act 2"):
        replay(by=0, at=LATER)


def test_a_database_of_another_history_is_refused(lost, artifact):
    lost(corrected(artifact))
    other = journal.entry_of(ledger.read()[0])
    other.act = "erasure"
    other.chain = journal.chained(other, "")
    other.save(force_insert=True)
    with pytest.raises(LedgerFault, match="does not hold act 1"):
        replay(by=0, at=LATER)


def test_without_seals_a_later_line_proves_the_one_before_and_the_last_is_uncertain(lost, artifact):
    lost(corrected(artifact), corrected(artifact, "task", "chat"), committed=False)

    done = replay(by=0, at=LATER)
    assert (done.effects, done.uncertain) == (1, 2)


def test_the_uncertain_one_is_carried_out_when_asked(lost, artifact):
    lost(corrected(artifact), committed=False)
    assert (replay(by=0, at=LATER).effects, JournalEntry.objects.count()) == (0, 0)

    assert replay(by=0, at=LATER, with_uncertain=True).effects == 1
    artifact.refresh_from_db()
    assert artifact.license == "mit"
    assert journal.verify().entries == 2


def test_a_key_retired_after_the_backup_stays_retired(lost, artifact):
    former = keyring.rotate()
    suppressions.suppress(suppressions.Names(frozenset({"dev"})), ground="erasure", reference="c", at=AT)
    newest = keyring.rotate()

    def met():
        listed = suppressions.read_list()
        entry = listed.account("dev")
        assert entry
        listed.meet(entry)
        suppressions.note(listed)
        restrict(account="person", reference="case-2", by=8, at=AT)
        retire_key(key_id=former.key_id, by=0, at=AT)

    lost(met)
    keyring.retire(former.key_id)
    assert set(Suppression.objects.values_list("key_id", flat=True)) == {former.key_id}
    replay(by=0, at=LATER)

    assert set(Suppression.objects.values_list("key_id", flat=True)) == {newest.key_id}
    assert suppressions.find_account("dev").get().reference == "c"
    assert suppressions.find_account("person").exists()
