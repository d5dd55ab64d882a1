"""The report: Markdown for readers, JSON for machines, and a line for whoever waits at the terminal."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import django
from django.db import connection

from benchmarks.timing import Figure


def say(figure: Figure) -> None:
    """One measured line, as soon as it is there."""
    print(f"{figure.table:28} {figure.subject:55} {figure.of:22} {_figure(figure):>12}  {figure.note}", flush=True)


def write(folder: Path, figures: Sequence[Figure], *, models: int, seconds: float) -> Path:
    """Write both reports of one run and return the readable one."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{models}-{connection.vendor}.md"
    place.write_text("\n".join([*_head(models, seconds), *_tables(figures), ""]), encoding="utf-8")
    machine = {"machine": _machine(), "models": models, "figures": [asdict(figure) for figure in figures]}
    place.with_suffix(".json").write_text(json.dumps(machine, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return place


def _head(models: int, seconds: float) -> list[str]:
    return [
        f"# {models:,} models on {connection.vendor}",
        "",
        f"{datetime.now(UTC):%d %B %Y}, {_machine()}. One run of {seconds / 60:.0f} minutes on one machine: ratios within "
        "it are to be trusted, absolute figures to about a tenth. Medians; “ratio” is to this project's own figure, above 1: slower.",
    ]


def _machine() -> str:
    versions = f"Python {platform.python_version()}, Django {django.get_version()}"
    load = f"load {os.getloadavg()[2]:.1f} over the last quarter of an hour"
    return f"{platform.machine()}, {os.cpu_count()} cores, {versions}, {connection.vendor}, {load}"


def _tables(figures: Sequence[Figure]) -> list[str]:
    lines: list[str] = []
    for table, some in groupby(figures, key=lambda figure: figure.table):
        rows = list(some)
        lines += ["", f"## {table}", "", "| | of | time | ratio | |", "|---|---|---|---|---|"]
        lines += [_row(figure, _own(rows, figure)) for figure in rows]
    return lines


def _row(figure: Figure, own: float | None) -> str:
    ratio = f"{figure.seconds / own:,.2f}" if figure.seconds and own else ""
    return f"| {figure.subject} | {figure.of} | {_figure(figure)} | {ratio} | {figure.note} |"


def _own(rows: Sequence[Figure], figure: Figure) -> float | None:
    return next((row.seconds for row in rows if row.is_own and row.of == figure.of), None)


def _figure(figure: Figure) -> str:
    if figure.seconds is None:
        return "—"
    return f"{figure.seconds:,.1f} s" if figure.seconds >= 10 else f"{figure.seconds * 1000:,.2f} ms"
