"""The genealogy as it was known before, and what changed between two harvests."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from lineage import amendments, disclosures, graph, history, linking
from lineage.consultations import ON_SERVER, shown_keys
from lineage.models import Artifact, Consultation, Derivation, GraphState, HarvestRun
from lineage.tracing import trace_from
from lineage.vocabulary import Presence, RunState
from tests.factories import make_artifact, make_derivation, make_run
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TUESDAY, HOUR = MONDAY + timedelta(days=1), timedelta(hours=1)
NOW = MONDAY + timedelta(days=5)


def linked(at: datetime) -> HarvestRun:
    """A harvest that started at `at` and was linked an hour later, as the conductor leaves it."""
    state, _made = GraphState.objects.get_or_create(pk=1)
    state.generation, state.as_of = state.generation + 1, at
    state.save()
    return make_run(started_at=at, state=RunState.COMPLETE, ended_at=at + HOUR)


@pytest.fixture
def runs() -> tuple[HarvestRun, HarvestRun]:
    """On Monday a → kept, dropped, moved, hidden; on Tuesday dropped left, moved lies under kept, new appeared."""
    drawn = draw("a -> kept; a -> dropped; a -> moved; a -> hidden")
    Derivation.objects.update(held_from=MONDAY)
    monday = linked(MONDAY)
    Derivation.objects.filter(derived__in=[drawn["dropped"], drawn["moved"]]).update(held_until=TUESDAY)
    make_derivation(drawn["kept"], drawn["moved"], held_from=TUESDAY)
    make_derivation(drawn["a"], make_artifact("org/new"), held_from=TUESDAY)
    Artifact.objects.filter(repo_id="org/hidden").update(presence=Presence.GONE, gone_since=TUESDAY)
    return monday, linked(TUESDAY)


def origin() -> Artifact:
    return Artifact.objects.get(repo_id="org/a")


def names(keys: Any) -> set[str]:
    return {
        name.removeprefix("org/") for name in Artifact.objects.filter(pk__in=keys).values_list("repo_id", flat=True)
    }


def on(day: date) -> set[str]:
    return names(trace_from(origin(), opened=history.graph_on(day, at=NOW)).keys)


def told(*words: object) -> str:
    out = io.StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def test_each_day_as_it_was_known_at_its_end(runs: Any) -> None:
    assert on(date(2026, 11, 1)) == set()
    assert on(date(2026, 11, 2)) == {"kept", "dropped", "moved", "hidden"}
    assert on(date(2026, 11, 3)) == {"kept", "moved", "hidden", "new"}


def test_what_a_harvest_still_under_way_at_midnight_brought_is_not_known_that_day(runs: Any) -> None:
    HarvestRun.objects.filter(pk=runs[1].pk).update(ended_at=TUESDAY + timedelta(days=1))
    assert on(date(2026, 11, 3)) == {"kept", "dropped", "moved", "hidden"}


def test_the_present_day_is_the_graph_in_force(runs: Any) -> None:
    assert history.graph_on(NOW.date(), at=NOW).keys is graph.current().keys


def test_the_past_is_read_once_until_something_changes(runs: Any) -> None:
    first = history.graph_on(date(2026, 11, 2), at=NOW)
    assert history.graph_on(date(2026, 11, 2), at=NOW) is first
    GraphState.objects.update(generation=99)
    assert history.graph_on(date(2026, 11, 2), at=NOW) is not first


def test_between_two_harvests(runs: Any) -> None:
    for before, after in (runs, reversed(runs)):
        found = history.changes(origin(), before=before, after=after)
        assert {name: names(keys) for name, keys in found.lists().items()} == {
            "appeared": {"new"},
            "left": {"dropped"},
            "reparented": {"moved"},
            "unlisted": {"hidden"},
        }
    assert not history.changes(origin(), before=runs[1], after=runs[1])


def test_a_harvest_that_failed_has_no_genealogy(runs: Any) -> None:
    failed = make_run(state=RunState.FAILED, started_at=NOW, ended_at=NOW)
    with pytest.raises(history.NotLinked):
        history.graph_after(failed)


def test_after_an_erasure_nothing_of_it_is_in_the_past(runs: Any) -> None:
    erased = Artifact.objects.get(repo_id="org/kept").pk
    linking.relink(at=NOW)
    amendments.contract(artifacts=[erased], at=NOW)
    for day in (2, 3):
        assert erased not in history.graph_on(date(2026, 11, day), at=NOW).keys.tolist()
    found = history.changes(origin(), before=runs[0], after=runs[1])
    assert erased not in {key for keys in found.lists().values() for key in keys.tolist()}
    assert "kept" not in told("diff", runs[0].pk, runs[1].pk, "model", "org/a")
    assert "kept" not in told("trace", "model", "org/a", "--as-of=2026-11-02")


def test_what_is_withheld_is_an_element_not_shown_in_the_past_too(runs: Any) -> None:
    amendments.withhold(artifacts=[Artifact.objects.get(repo_id="org/dropped").pk], at=NOW)
    assert "dropped" not in told("trace", "model", "org/a", "--as-of=2026-11-02")
    assert "dropped" not in told("diff", runs[0].pk, runs[1].pk, "model", "org/a")


def test_the_command_tells_the_day(runs: Any) -> None:
    answer = json.loads(told("trace", "model", "org/a", "--as-of=2026-11-02", "--format=json"))
    assert {hop["repo_id"] for hop in answer["hops"]} == {"org/kept", "org/dropped", "org/moved", "org/hidden"}
    assert answer["as_of"] == "2026-11-02T09:00:00+00:00"
    assert answer["stood_at"].startswith("2026-11-02T22:59:59")


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_the_command_refuses_what_is_no_day(day: str) -> None:
    with pytest.raises(CommandError):
        told("trace", "model", "org/a", f"--as-of={day}")


def test_diff_lists_with_marks_and_records_the_read(runs: Any) -> None:
    lines = told("diff", runs[0].pk, runs[1].pk, "model", "org/a").splitlines()
    assert lines[:4] == ["+ org/new", "- org/dropped", "~ org/moved", "! org/hidden"]
    read = Consultation.objects.get()
    assert names(shown_keys(read)) == {"a", "new", "dropped", "moved", "hidden"}
    machine = json.loads(told("diff", runs[0].pk, runs[1].pk, "model", "org/a", "--json"))
    assert machine["appeared"] == ["org/new"]


def test_diff_says_which_harvests_there_are(runs: Any) -> None:
    with pytest.raises(CommandError, match=str(runs[1].pk)):
        told("diff", 999_999, runs[1].pk, "model", "org/a")


def test_a_dossier_of_a_past_day_is_the_same_again(runs: Any) -> None:
    trace = trace_from(origin(), opened=history.graph_on(date(2026, 11, 2), at=NOW))
    entry = disclosures.hand_over(trace, form=disclosures.DOSSIER, by=ON_SERVER, at=NOW)
    assert names(disclosures.dossier_of(entry).trace.keys) == {"kept", "dropped", "moved", "hidden"}


def test_the_page_of_a_trace_takes_a_day(runs: Any) -> None:
    client, address = signed_in(), reverse("lineage:trace", args=[origin().pk])
    page = client.get(address, {"day": "2026-11-02"}).text
    assert "org/dropped" in page
    assert "As it was known at the end of" in page
    assert "org/dropped" not in client.get(address).text
    assert client.get(address, {"day": "9999-12-31"}).status_code == 400
    file = b"".join(client.get(reverse("lineage:trace_file", args=[origin().pk, "csv"]), {"day": "2026-11-02"}))
    assert b"org/dropped" in file


def test_the_page_of_changes(runs: Any) -> None:
    client, address = signed_in(), reverse("lineage:changes", args=[origin().pk])
    first = client.get(address)
    assert [first.context["form"].initial[name].pk for name in ("before", "after")] == [run.pk for run in runs]
    page = client.get(address, {"before": runs[0].pk, "after": runs[1].pk})
    assert [count for _, count, _ in page.context["lists"]] == [1, 1, 1, 1]
    for name in ("new", "dropped", "moved", "hidden"):
        assert f"org/{name}" in page.text
    assert client.get(address, {"before": "x", "after": runs[1].pk}).status_code == 400
    shown = Consultation.objects.latest("pk")
    assert client.get(reverse("lineage:changes", args=[999_999])).status_code == 404
    assert names(shown_keys(shown)) >= {"a"}
