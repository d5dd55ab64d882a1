"""The journal: append-only, chained, sealed outside the database; whatever was done to it behind its back is found."""

import random
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from rights import journal, seals
from rights.models import JournalEntry
from rights.seals import Seal
from tests.rights.tampering import (
    AT,
    LENGTH,
    TABLE,
    TAMPERINGS,
    change_the_agent,
    change_the_chain,
    forge,
    lift_guards,
    remove_one,
    remove_the_end,
    run,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What a block does once it is committed happens at the end of the block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def write(committed):
    def write(count=LENGTH, at=AT):
        with committed():
            for number in range(count):
                journal.enter(
                    act=("erasure", "objection", "restriction")[number % 3],
                    by=7 + number % 2,
                    at=at + timedelta(hours=number),
                    reference=f"case-{number}",
                    details={"artifacts": number, "form": "página"},
                )

    return write


def command(*words):
    out = StringIO()
    call_command("rights", *words, stdout=out)
    return out.getvalue()


class TestSound:
    def test_an_empty_journal_is_sound(self):
        assert journal.verify() == journal.Verified(0, None)

    def test_what_was_written_is_sound_and_keeps_its_words(self, write):
        write()
        found = journal.verify()
        entry = JournalEntry.objects.get(number=3)

        assert (found.entries, found.fault) == (LENGTH, None)
        assert (entry.act, entry.by_key, entry.reference) == ("restriction", 7, "case-2")
        assert entry.at == AT + timedelta(hours=2)
        assert entry.details == {"artifacts": 2, "form": "página"}

    def test_one_act_at_two_moments_is_two_entries(self, write):
        write(1)
        write(1)
        assert journal.verify().entries == 2

    def test_an_act_that_is_undone_leaves_no_entry_and_no_seal(self, write, committed):
        write(2)
        with committed(), transaction.atomic():
            journal.enter(act="erasure", by=1, at=AT, reference="case", details={})
            transaction.set_rollback(True)
        assert len(seals.read()) == JournalEntry.objects.count() == 2
        assert journal.verify().fault is None

    def test_a_moment_of_another_time_zone_is_the_same_moment(self, write):
        write(1, at=AT.astimezone(tz=None))
        assert journal.verify().fault is None


class TestGuards:
    @pytest.mark.parametrize(
        "statement",
        [
            f"UPDATE {TABLE} SET act = 'nothing' WHERE number = 2",
            f"DELETE FROM {TABLE} WHERE number = 2",
            f"DELETE FROM {TABLE}",
        ],
    )
    def test_the_database_refuses(self, write, statement):
        write(3)
        with pytest.raises(Error), transaction.atomic():
            run(statement)
        assert journal.verify().fault is None

    def test_the_database_refuses_to_be_emptied_or_written_over(self, write):
        write(3)
        postgresql = connection.vendor == "postgresql"
        copy = f"SELECT number, at, 'nothing', by_key, reference, details, chain FROM {TABLE} WHERE number = 2"
        columns = "number, at, act, by_key, reference, details, chain"
        statement = f"TRUNCATE {TABLE}" if postgresql else f"INSERT OR REPLACE INTO {TABLE} ({columns}) {copy}"
        with pytest.raises(Error), transaction.atomic():
            run(statement)
        assert JournalEntry.objects.get(number=2).act == "objection"

    @pytest.mark.parametrize("change", [lambda entry: entry.save(), lambda entry: entry.delete()])
    def test_the_orm_is_refused_too(self, write, change):
        write(1)
        with pytest.raises(Error), transaction.atomic():
            change(JournalEntry.objects.get())


class TestTampering:
    def test_a_thousand_tamperings_are_a_thousand_findings(self, write):
        write()
        lift_guards()
        dice = random.Random(20261123)
        missed = []
        for turn in range(1000):
            tamper, number = dice.choice(TAMPERINGS), dice.randint(1, LENGTH)
            point = transaction.savepoint()
            tamper(dice, number)
            if journal.verify().fault is None:
                missed.append((turn, tamper.__name__, number))
            transaction.savepoint_rollback(point)
        assert missed == []
        assert journal.verify().fault is None

    @pytest.mark.parametrize("tamper", TAMPERINGS)
    @pytest.mark.parametrize("number", [1, 5, LENGTH])
    def test_each_is_found_at_either_end(self, write, tamper, number):
        write()
        lift_guards()
        tamper(random.Random(number), number)
        assert journal.verify().fault

    def test_an_entry_added_past_the_site_is_found_after_others_too(self, write):
        write(2)
        lift_guards()
        forge(act="erasure", details={})
        write(2)
        assert "entry 3 was never sealed" in (journal.verify().fault or "")

    def test_a_value_that_no_entry_can_hold_is_a_finding(self, write):
        write(2)
        lift_guards()
        infinite = "infinity" if connection.vendor == "postgresql" else "never"
        run(f"UPDATE {TABLE} SET at = %s WHERE number = 1", infinite)
        assert "cannot be read" in (journal.verify().fault or "")

    def test_without_its_seals_a_journal_is_not_sound(self, write, settings):
        write(2)
        Path(settings.JOURNAL_SEALS).unlink()
        assert "never sealed" in (journal.verify().fault or "")

    def test_a_head_kept_elsewhere_outlasts_the_seals(self, write, settings):
        write(3)
        head = seals.read()[-1]
        assert head == journal.verify().head
        Path(settings.JOURNAL_SEALS).unlink()
        lift_guards()
        run(f"DELETE FROM {TABLE}")
        assert journal.verify().fault is None
        assert "is gone" in (journal.verify(known=[head]).fault or "")


class TestRetiring:
    OLD = datetime(2015, 3, 1, tzinfo=UTC)

    def retire(self, committed):
        with committed():
            return journal.retire(by=1, at=AT)

    def test_what_is_past_its_time_leaves_and_the_rest_still_chains(self, write, committed):
        write(4, at=self.OLD)
        write(3)

        assert self.retire(committed) == 4
        assert list(JournalEntry.objects.order_by("number").values_list("number", flat=True)) == [5, 6, 7, 8]
        assert journal.verify().fault is None
        assert self.retire(committed) == 0

    def test_a_journal_that_is_old_throughout_keeps_the_entry_that_says_so(self, write, committed):
        write(4, at=self.OLD)
        assert self.retire(committed) == 4
        assert JournalEntry.objects.get().act == journal.RETIRED
        write(2)
        assert journal.verify().entries == 3
        assert journal.verify().fault is None

    def test_an_old_entry_after_a_young_one_waits_for_it(self, write, committed):
        write(1)
        write(1, at=self.OLD)
        assert self.retire(committed) == 0

    @pytest.mark.parametrize("tamper", [remove_one, change_the_agent, change_the_chain, remove_the_end])
    def test_tampering_after_it_is_found(self, write, committed, tamper):
        write(4, at=self.OLD)
        write(3)
        self.retire(committed)
        lift_guards()
        tamper(random.Random(1), 6)
        assert journal.verify().fault

    def test_five_years_before_a_leap_day(self, write, committed):
        write(1, at=datetime(2019, 2, 28, tzinfo=UTC) - timedelta(hours=1))
        with committed():
            assert journal.retire(by=1, at=datetime(2024, 2, 29, tzinfo=UTC)) == 1


class TestSeals:
    def test_the_file_is_its_owners_and_only_grows(self, write, settings):
        place = Path(settings.JOURNAL_SEALS)
        write(2)
        before = place.read_text()
        write(1)

        assert place.stat().st_mode & 0o777 == 0o600
        assert place.read_text().startswith(before)
        assert [seal.number for seal in seals.read()] == [1, 2, 3]

    def test_a_line_that_was_cut_off_does_not_spoil_the_next(self, write, settings):
        write(1)
        with Path(settings.JOURNAL_SEALS).open("a") as file:
            file.write("\n2:abc")
        write(1)
        assert journal.verify().fault is None

    def test_a_disk_that_refuses_stops_no_act_but_is_said(self, write, settings, tmp_path, caplog, committed):
        write(1)
        place, settings.JOURNAL_SEALS = settings.JOURNAL_SEALS, tmp_path
        write(1)
        assert JournalEntry.objects.count() == 2
        assert "JOURNAL_SEALS" in caplog.text
        settings.JOURNAL_SEALS = place
        assert "reseal-journal" in (journal.verify().fault or "")

        with committed():
            assert journal.reseal(by=0, at=AT) == 1

        assert journal.verify().fault is None
        assert JournalEntry.objects.get(number=3).details == {"entries": 1, "first": 2, "last": 2}

    def test_nothing_to_seal_writes_nothing(self, write):
        write(1)
        assert journal.reseal(by=0, at=AT) == 0
        assert JournalEntry.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "1", "1:", "x:" + "0" * 64, "1:" + "z" * 64, "1:" + "0" * 63, ":" + "0" * 64])
    def test_what_is_no_seal_is_refused(self, text):
        with pytest.raises(ValueError, match=r".*"):
            seals.parse(text)

    def test_a_seal_reads_as_it_is_printed(self):
        assert seals.parse(str(Seal(12, "ab" * 32))) == Seal(12, "ab" * 32)


class TestCommand:
    def test_a_sound_journal_prints_its_head(self, write):
        write(2)
        head = JournalEntry.objects.get(number=2).chain
        assert f"2:{head}" in command("verify-journal")
        assert "sound" in command("verify-journal", "--head", f"2:{head}")

    def test_a_fault_is_an_error(self, write):
        write(2)
        lift_guards()
        run(f"DELETE FROM {TABLE} WHERE number = 2")
        with pytest.raises(CommandError, match="entry 2 was sealed and is gone"):
            command("verify-journal")

    def test_another_head_than_its_own_is_an_error(self, write):
        write(2)
        with pytest.raises(CommandError, match="not the one that was sealed"):
            command("verify-journal", "--head", "2:" + "0" * 64)

    def test_a_head_that_is_none_is_refused_in_words(self):
        with pytest.raises(CommandError, match="NUMBER:CHAIN"):
            command("verify-journal", "--head", "nonsense")

    def test_resealing_says_how_many(self, committed):
        journal.enter(act="erasure", by=1, at=AT, reference="case", details={})
        with committed():
            assert "sealed: 1" in command("reseal-journal")
        assert journal.verify().fault is None
