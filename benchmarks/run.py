"""What `make bench` carries out in an environment of its own: a fresh base, every section, the report."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import graphs, ingestion, interface, pages, report, searches, walks
from benchmarks.base import fresh_base
from benchmarks.hub import hub_of
from benchmarks.timing import Figure

MOST_THRICE = 1_000_000  # models that are harvested by one and by two workers as well


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("models", type=int)
    asked.add_argument("hubs", type=Path)
    asked.add_argument("report", type=Path)
    options = asked.parse_args()
    folder = hub_of(options.models, options.hubs)
    start = time.perf_counter()
    figures = []
    for figure in _sections(folder, options.models):
        report.say(figure)
        figures.append(figure)
    place = report.write(options.report, figures, models=options.models, seconds=time.perf_counter() - start)
    print(f"\nThe report is in {place}")


def _sections(folder: Path, models: int) -> Iterator[Figure]:
    fresh_base()
    yield from ingestion.written(folder)
    if models <= MOST_THRICE:
        yield from ingestion.by_workers(folder, models)
    fresh_base()
    yield from ingestion.harvested(folder, models)
    yield from graphs.figures()
    yield from walks.figures()
    yield from pages.figures()
    yield from searches.figures()
    yield from interface.figures()  # last: it adds a quarter of a million artifacts


if __name__ == "__main__":
    main()
