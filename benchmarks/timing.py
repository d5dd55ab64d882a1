"""How measurements are taken and told: medians, in one run, as ratios to this project's own figure."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

MOST_SECONDS, MOST_RUNS = 10.0, 15


@dataclass(frozen=True)
class Figure:
    """One line of a table: who did what, in how many `seconds` (the median), or why there is none."""

    table: str
    subject: str
    of: str
    seconds: float | None
    note: str = ""
    is_own: bool = False


def timed(work: Callable[[], object]) -> float:
    """The median seconds of up to 15 runs, fewer where they take long together; the first one warms up."""
    work()
    taken: list[float] = []
    while len(taken) < MOST_RUNS and sum(taken) < MOST_SECONDS:
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def once(work: Callable[[], object]) -> float:
    """The seconds of one run."""
    start = perf_counter()
    work()
    return perf_counter() - start
