"""`manage.py harvest watch`: what a harvest under way has read, lane by lane, until it ends."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lineage.labels import label
from lineage.models import HarvestLane, HarvestRun
from lineage.models.run import OPEN_STATES
from lineage.vocabulary import Kind

UP_AND_CLEAR = "\x1b[{lines}F\x1b[J"  # back to the first of so many lines, and clear what is below
SECONDS = 1.0


def watch(
    run: HarvestRun, stream: TextIO, *, clock: Callable[[], datetime], sleep: Callable[[float], None]
) -> HarvestRun:
    """Show the run until it ends; returns it as it ended.

    On a terminal the lines are renewed in their place; elsewhere they are written again only when something changed.
    """
    first, shown = {lane.pk: lane.rows for lane in run.lanes.all()}, ""
    began = clock()
    while True:
        run.refresh_from_db()
        lines = list(_lines(run, first, clock() - began, at=clock()))
        text = "".join(f"{line}\n" for line in lines)
        if text != shown:
            if shown and stream.isatty():
                stream.write(UP_AND_CLEAR.format(lines=shown.count("\n")))
            stream.write(text)
            stream.flush()
            shown = text
        if run.state not in OPEN_STATES:
            return run
        sleep(SECONDS)


def _lines(run: HarvestRun, first: dict[int, int], watched: timedelta, *, at: datetime) -> Iterator[str]:
    yield _("Harvest {number}: {state}").format(number=run.pk, state=run.get_state_display())
    for lane in run.lanes.order_by("pk"):
        rate = (lane.rows - first.get(lane.pk, 0)) / max(watched.total_seconds(), SECONDS)
        yield "  " + ", ".join(_words(lane, rate, at=at))
    if run.message:
        yield run.message


def _words(lane: HarvestLane, rate: float, *, at: datetime) -> Iterator[str]:
    of_all = _("{rows} of {total} records") if lane.rows_total else _("{rows} records")
    yield f"{_name(lane)}: " + of_all.format(rows=lane.rows, total=lane.rows_total)
    yield _("{pages} pages").format(pages=lane.pages)
    if lane.done:
        yield _("read to its end") if lane.read_whole else _("not read to its end")
    elif lane.not_before and lane.not_before > at:
        yield _("waits until {moment}").format(moment=localtime(lane.not_before).strftime("%H:%M:%S"))
    elif lane.attempts:
        yield _("failed attempts at this page: {number}").format(number=lane.attempts)
    elif rate >= 1:
        yield _("{rate} a second").format(rate=round(rate))
        if lane.rows_total:
            yield _("{time} left").format(time=timedelta(seconds=round((lane.rows_total - lane.rows) / rate)))


def _name(lane: HarvestLane) -> str:
    kind = str(label(Kind(lane.kind)))
    part = f" · {lane.from_row}…" if lane.from_row or lane.to_row else ""
    return f"{kind} · {Path(lane.path).name}{part}" if lane.path else kind
