"""What the terminal shows while a harvest goes on: a bar with rows, rate and time left, or a line a lane."""

import sys
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _
from tqdm import tqdm

from lineage.labels import label
from lineage.lanes import Step
from lineage.models import Artifact, HarvestLane
from lineage.vocabulary import Kind


class Terminal:
    """Shows progress on `stream`: a bar on a terminal; elsewhere one line when a lane ends, and each wait."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._bar: tqdm | None = None  # type: ignore[type-arg]
        self._lane: int | None = None

    def read(self, lane: HarvestLane, step: Step) -> None:
        if self._stream.isatty():
            self._show(lane)
        elif step.lane_done:
            self._say(_("{what}: {rows} records read").format(what=_name(lane), rows=lane.rows))

    def wait(self, seconds: float) -> None:
        self._say(_("waiting {seconds} s, as the source asks or after a failure").format(seconds=round(seconds) or 1))

    def ask(self) -> None:
        self.close()
        self._say(_("asking the Hub what old names mean"))

    def link(self) -> None:
        self.close()
        self._say(_("linking the genealogy"))

    def close(self) -> None:
        """Leave the bar as it stands. May be called twice."""
        if self._bar is not None:
            self._bar.close()
        self._bar = self._lane = None

    def _show(self, lane: HarvestLane) -> None:
        if self._lane != lane.pk:
            self.close()
            self._lane = lane.pk
            self._bar = tqdm(
                desc=_name(lane), total=_expected(lane), unit=_(" rows"), file=self._stream, dynamic_ncols=True
            )
        if self._bar is not None:
            self._bar.update(lane.rows - self._bar.n)

    def _say(self, words: str) -> None:
        if self._bar is not None:
            self._bar.write(words, file=self._stream)
        else:
            self._stream.write(words + "\n")
            self._stream.flush()


def _name(lane: HarvestLane) -> str:
    kind = str(label(Kind(lane.kind)))
    part = f" · {lane.from_row}…" if lane.from_row or lane.to_row else ""
    return f"{kind} · {Path(lane.path).name}{part}" if lane.path else kind


def _expected(lane: HarvestLane) -> int | None:
    """Rows to come: as the source says, or as many as are listed in the base, since the Hub's list gives no total."""
    known = lane.rows_total or Artifact.objects.listed().of_kind(Kind(lane.kind)).count() or None
    limit = lane.run.options.get("limit")
    return min(limit, known or limit) if limit is not None else known
