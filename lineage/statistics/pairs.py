"""Datasets that one model declares together."""

from collections.abc import Iterator
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from lineage.statistics.tally import Row

MOST_PAIRED = 50  # datasets of one model: one that declares thousands says nothing of any two
BATCH = 10_000


def together(edges: "QuerySet[Any, Any]") -> Iterator[Row]:
    """From edges dataset → model, each model's pairs: labels of two keys, the smaller first. Read in one query."""
    rows = edges.order_by("derived", "source").values_list("derived", "derived__family", "year", "source").distinct()
    for (_model, family, year), lines in groupby(rows.iterator(chunk_size=BATCH), key=itemgetter(0, 1, 2)):
        datasets = sorted({line[3] for line in lines})
        if len(datasets) <= MOST_PAIRED:
            for first, second in combinations(datasets, 2):
                yield family or 0, year, f"{first} {second}", 1
