"""The report tells ratios to this project's own figure, row by row of the same size."""

import json

import pytest

from benchmarks.report import write
from benchmarks.timing import Figure

FIGURES = [
    Figure("walks", "this project", "100", 0.5, is_own=True),
    Figure("walks", "peer", "100", 1.5, "found 99"),
    Figure("walks", "this project", "1,000", 2.0, is_own=True),
    Figure("walks", "peer", "1,000", 1.0),
    Figure("walks", "absent peer", "", None, "no compiler"),
]


@pytest.fixture
def report(tmp_path):
    return write(tmp_path, FIGURES, models=10, seconds=60)


def test_ratios_are_to_the_own_figure_of_the_same_size(report):
    rows = [line for line in report.read_text().splitlines() if line.startswith(("| this", "| peer", "| absent"))]
    assert [row.split("|")[4].strip() for row in rows] == ["1.00", "3.00", "1.00", "0.50", ""]
    assert "no compiler" in rows[-1]


def test_machines_read_the_same_figures(report):
    read = json.loads(report.with_suffix(".json").read_text())
    assert [figure["seconds"] for figure in read["figures"]] == [0.5, 1.5, 2.0, 1.0, None]
