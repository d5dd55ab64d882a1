"""The ledger of exports: who received what, until when; append-only, nameless, and enough to draw it up again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from lineage import disclosures, graph, tasks
from lineage.models import Artifact, Derivation, Disclosure, GraphState
from lineage.tracing import Filters, trace_from
from tests.factories import AT, make_artifact, make_derivation, make_run, make_user
from tests.graphs import draw

pytestmark = pytest.mark.django_db
LONG_AGO = AT.replace(year=2020)


def handed(origin, at=AT, by=None, form="csv", filters=None):
    """An entry for the trace of `origin`, as a page makes it."""
    return disclosures.hand_over(trace_from(origin, filters=filters), form=form, by=by or make_user(), at=at)


def test_an_entry_says_who_received_what_when_and_until_when():
    nodes, account = draw("a -> b -> c"), make_user()
    entry = handed(nodes["a"], by=account, filters=Filters(depth=1))
    assert (entry.user_key, entry.at, entry.form, entry.reference) == (
        account.pk,
        AT,
        "csv",
        f"artifact:{nodes['a'].pk}",
    )
    assert disclosures.shown_keys(entry) == [nodes["a"].pk, nodes["b"].pk]
    assert entry.count == 2
    assert entry.kept_until == AT.replace(year=2027)
    assert entry.definition["depth"] == 1
    assert "org/" not in str(Disclosure.objects.values().get())


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 2, tzinfo=UTC), datetime(2027, 11, 2, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2029, 2, 28, tzinfo=UTC)),
    ],
)
def test_a_copy_may_be_kept_a_year(at, until):
    assert disclosures.years_after(at, 1) == until


def test_who_may_still_hold_a_copy_naming_an_artifact():
    nodes, first, second = draw("a -> b; x -> y"), make_user(), make_user()
    handed(nodes["a"], by=first)
    handed(nodes["a"], by=first)
    handed(nodes["x"], by=second)
    handed(nodes["a"], by=second, at=LONG_AGO)
    assert disclosures.recipients(nodes["b"].pk, at=AT) == {first.pk}
    assert disclosures.recipients(nodes["b"].pk, at=LONG_AGO) == {first.pk, second.pk}
    assert disclosures.recipients(nodes["y"].pk, at=AT) == {second.pk}
    assert len(list(disclosures.of_artifact(nodes["b"].pk))) == 3


@pytest.mark.parametrize("write", [lambda rows: rows.update(count=0), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_or_forget_an_entry(write):
    handed(make_artifact(), at=datetime.now(UTC))
    with pytest.raises(DatabaseError), transaction.atomic():
        write(Disclosure.objects.all())
    assert Disclosure.objects.get().count == 1


def test_entries_go_when_copies_may_no_longer_be_kept():
    now = datetime.now(UTC)
    origin = make_artifact()
    kept = handed(origin, at=now - timedelta(days=300))
    handed(origin, at=LONG_AGO)
    assert disclosures.purge(at=now) == 1
    assert list(Disclosure.objects.all()) == [kept]


def test_the_nightly_task_purges():
    handed(make_artifact(), at=LONG_AGO)
    tasks.purge_disclosures()
    assert not Disclosure.objects.exists()


def test_while_nothing_changed_the_graph_in_force_is_read():
    entry = handed(draw("a -> b")["a"])
    assert disclosures.dossier_of(entry).trace.graph.keys is graph.current().keys


def test_from_its_entry_the_same_is_drawn_up_again_after_a_harvest():
    nodes = draw("a -> b; a -> c")
    Derivation.objects.update(held_from=AT)
    make_run(started_at=AT)
    GraphState.objects.create(pk=1, generation=1, as_of=AT)
    entry = handed(nodes["a"], at=AT + timedelta(hours=1))
    tuesday = AT + timedelta(days=1)
    make_run(started_at=tuesday)
    Derivation.objects.filter(derived=nodes["b"]).update(held_until=tuesday)
    make_derivation(nodes["c"], make_artifact("org/new"), held_from=tuesday)
    GraphState.objects.update(generation=2, as_of=tuesday)
    entry.refresh_from_db()
    dossier = disclosures.dossier_of(entry)
    assert set(dossier.trace.keys.tolist()) | {nodes["a"].pk} == set(disclosures.shown_keys(entry))
    assert nodes["b"].pk not in disclosures.today(dossier.definition).keys


@pytest.mark.parametrize("fields", [{"withheld_at": AT}, None])
def test_what_is_not_shown_any_more_is_not_drawn_up_again(fields):
    origin = make_artifact()
    entry = handed(origin)
    rows = Artifact.objects.filter(pk=origin.pk)
    if fields:
        rows.update(**fields)
    else:
        rows.delete()
    with pytest.raises(Artifact.DoesNotExist):
        disclosures.dossier_of(entry)
