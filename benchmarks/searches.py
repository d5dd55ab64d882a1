"""The search box: what staff wait for, by how common the typed text is."""

import random
from collections.abc import Iterator
from statistics import quantiles
from time import perf_counter

from benchmarks.timing import Figure
from lineage.models import Artifact
from lineage.naming import STAFF_ON_SERVER
from lineage.search import search

TABLE = "search box"
TIMES = 40


def figures() -> Iterator[Figure]:
    """Medians of many different texts, with the 95th percentile."""
    count = Artifact.objects.count()
    dice = random.Random(2026)  # noqa: S311
    keys = dice.sample(range(1, count + 1), min(4 * TIMES, count))
    names = list(Artifact.objects.filter(pk__in=keys).values_list("repo_id", flat=True))
    asked = {
        "whole names": names[:TIMES],
        "beginnings": [name[: len(name) // 2] for name in names[TIMES : 2 * TIMES]],
        "parts within": [name.rpartition("/")[2][1:] for name in names[2 * TIMES : 3 * TIMES]],
        "words that a twelfth of all names hold": ["atlas", "boreal", "cedar", "delta", "ember"] * 4,
        "nothing that exists": [f"{name[::-1]}zq" for name in names[3 * TIMES :]],
    }
    for name, texts in asked.items():
        taken = sorted(_seconds(text) for text in texts)
        note = f"p95 {quantiles(taken, n=20)[-1] * 1000:.0f} ms"
        yield Figure(TABLE, f"this project, {name}", f"{count:,} names", taken[len(taken) // 2], note, is_own=True)


def _seconds(text: str) -> float:
    start = perf_counter()
    search(text, STAFF_ON_SERVER)
    return perf_counter() - start
