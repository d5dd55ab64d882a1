"""What is past its period leaves, and every period has somebody who applies it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_celery_beat.models import PeriodicTask

from lineage.models import Quarantine
from lineage.vocabulary import Kind
from rights import journal, retention
from rights.models import JournalEntry, NameDoubt, Rectification, Restriction, RightsCase
from rights.register import TABLES, Retention
from rights.tasks import apply_retention
from tests.factories import AT, make_run
from tests.rights.desk.cases import make_case

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)
FIVE_YEARS_AGO = datetime(2021, 11, 2, 9, 0, tzinfo=UTC)


def quarantined(seen_at):
    return Quarantine.objects.create(run=make_run(), kind=Kind.MODEL, reason="not_an_object", seen_at=seen_at)


def restricted(reference, **fields):
    return Restriction.objects.create(reference=reference, began_at=datetime(2019, 1, 1, tzinfo=UTC), **fields)


def rectified(reference, field, **fields):
    return Rectification.objects.create(
        reference=reference, artifact_key=1, field=field, value="mit", hub_value="", began_at=AT, **fields
    )


def doubted(reference, raised_at):
    return NameDoubt.objects.create(reference=reference, artifact_key=1, raised_at=raised_at)


def test_every_period_has_its_line():
    assert set(retention.APPLIED_BY) == set(Retention)


@pytest.mark.parametrize("task", sorted({task for task in retention.APPLIED_BY.values() if task}))
def test_what_applies_a_period_is_scheduled(task):
    assert PeriodicTask.objects.filter(task=task, enabled=True).exists()
    assert import_string(task).name == task


def test_every_table_that_is_left_to_this_task_is_looked_through():
    left = {rows.model for rows in TABLES if retention.APPLIED_BY[rows.retention] == apply_retention.name}
    assert set(retention.apply(at=AT)) == left


def test_quarantine_leaves_after_thirty_days():
    kept, gone = quarantined(AT - timedelta(days=30)), quarantined(AT - timedelta(days=30) - MOMENT)

    assert retention.apply(at=AT)["lineage.Quarantine"] == 1
    assert list(Quarantine.objects.all()) == [kept]
    assert gone.pk != kept.pk


def test_proofs_leave_after_five_years_but_nothing_in_force():
    restricted("past", lifted_at=FIVE_YEARS_AGO - MOMENT)
    restricted("just over", lifted_at=FIVE_YEARS_AGO)
    restricted("in force")
    rectified("past", "license", closed_at=FIVE_YEARS_AGO - MOMENT)
    rectified("just over", "license", closed_at=FIVE_YEARS_AGO)
    rectified("in force", "license")
    doubted("past", FIVE_YEARS_AGO - MOMENT)
    doubted("just over", FIVE_YEARS_AGO)

    counts = retention.apply(at=AT)

    assert {counts[f"rights.{name}"] for name in ("Restriction", "Rectification", "NameDoubt")} == {1}
    assert set(Restriction.objects.values_list("reference", flat=True)) == {"just over", "in force"}
    assert set(Rectification.objects.values_list("reference", flat=True)) == {"just over", "in force"}
    assert NameDoubt.objects.get().reference == "just over"


def test_the_journal_is_retired_and_says_so():
    for at in (FIVE_YEARS_AGO - timedelta(days=40), AT):
        journal.enter(act="erasure", by=1, at=at, reference="case", details={})

    assert retention.apply(at=AT)["rights.JournalEntry"] == 1
    assert [entry.act for entry in JournalEntry.objects.order_by("number")] == ["erasure", journal.RETIRED]


def test_nothing_past_its_period_changes_nothing():
    journal.enter(act="erasure", by=1, at=AT, reference="case", details={})
    assert set(retention.apply(at=AT).values()) == {0}
    assert JournalEntry.objects.count() == 1


def test_the_task_reads_the_clock():
    quarantined(timezone.now() - timedelta(days=31))
    apply_retention()
    assert not Quarantine.objects.exists()


def test_cases_leave_five_years_after_their_answer_and_unconfirmed_ones_after_thirty_days():
    over, kept, held, waited, waits = (make_case(at=at, received_at=at) for at in [FIVE_YEARS_AGO] * 3 + [AT] * 2)
    cases = RightsCase.objects
    cases.filter(pk__in=[over.pk, held.pk]).update(closed_at=FIVE_YEARS_AGO - MOMENT)
    cases.filter(pk=held.pk).update(legal_hold_at=AT, legal_hold_reason="a dispute")
    cases.filter(pk=kept.pk).update(closed_at=FIVE_YEARS_AGO)
    cases.filter(pk=waited.pk).update(
        confirmed_at=None, created_at=AT - timedelta(days=30) - MOMENT, received_at=AT - timedelta(days=31)
    )
    cases.filter(pk=waits.pk).update(confirmed_at=None)

    counts = retention.apply(at=AT)

    assert (counts["rights.RightsCase"], counts["rights.RightsRequest"]) == (2, 2)
    assert set(RightsCase.objects.all()) == {kept, held, waits}


def test_a_case_stays_as_long_as_one_that_repeats_it():
    over, repeats, open_one = (make_case(at=FIVE_YEARS_AGO, received_at=FIVE_YEARS_AGO) for _ in range(3))
    RightsCase.objects.filter(pk__in=[over.pk, repeats.pk]).update(closed_at=FIVE_YEARS_AGO - MOMENT)
    RightsCase.objects.filter(pk=repeats.pk).update(duplicate_of=over)

    assert retention.apply(at=AT)["rights.RightsCase"] == 2
    assert list(RightsCase.objects.all()) == [open_one]
