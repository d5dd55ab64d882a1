"""What the terminal shows: a bar where there is one, single lines elsewhere, and never a name from the Hub."""

from io import StringIO

import pytest

from lineage.lanes import Step
from lineage.management.progress import Terminal
from lineage.models import HarvestLane
from lineage.vocabulary import Kind, RunState
from tests.factories import make_artifact, make_run

pytestmark = pytest.mark.django_db


class Screen(StringIO):
    def isatty(self):
        return True


def make_lane(**fields):
    run = make_run(RunState.RUNNING, options={"limit": fields.pop("limit", None)})
    return HarvestLane.objects.create(run=run, kind=Kind.MODEL, **fields)


def test_a_bar_shows_rows_total_and_rate():
    screen = Screen()
    terminal = Terminal(screen)
    lane = make_lane(path="/data/models.jsonl", rows=50, rows_total=200)
    terminal.read(lane, Step(rows=50))
    terminal.close()
    assert "models.jsonl" in screen.getvalue()
    assert "50/200" in screen.getvalue()
    assert "rows/s" in screen.getvalue()


@pytest.mark.parametrize(
    ("known", "limit", "expected"), [(0, None, None), (3, None, 3), (3, 2, 2), (3, 9, 3), (0, 9, 9)]
)
def test_what_the_hub_does_not_tell_is_guessed_from_the_base(known, limit, expected):
    for _ in range(known):
        make_artifact()
    screen = Screen()
    terminal = Terminal(screen)
    terminal.read(make_lane(rows=1, limit=limit), Step(rows=1))
    terminal.close()
    assert ("1/" in screen.getvalue()) is (expected is not None)
    assert expected is None or f"1/{expected}" in screen.getvalue()


def test_without_a_terminal_a_line_is_written_when_a_lane_ends():
    stream = StringIO()
    terminal = Terminal(stream)
    terminal.read(make_lane(rows=10), Step(rows=10))
    assert stream.getvalue() == ""
    terminal.read(HarvestLane.objects.get(), Step(lane_done=True))
    assert stream.getvalue() == "model: 10 records read\n"


@pytest.mark.parametrize("stream", [StringIO, Screen])
def test_waits_and_what_follows_the_pages_are_said(stream):
    shown = stream()
    terminal = Terminal(shown)
    terminal.read(make_lane(rows=10), Step(rows=10))
    terminal.wait(12.4)
    terminal.ask()
    terminal.link()
    for words in ("waiting 12 s", "old names", "linking"):
        assert words in shown.getvalue()
