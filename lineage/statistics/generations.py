"""How many generations each member of a family stands below its root, along the main sources."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from lineage.models import Artifact
from lineage.statistics.tally import Row

BATCH = 50_000


def depths(counted: "QuerySet[Any, Any]") -> Iterator[Row]:
    """One row for each of the `counted` artifacts that belongs to a family. Two queries."""
    line = np.fromiter(
        Artifact.objects.exclude(parent=None).values_list("pk", "parent").iterator(chunk_size=BATCH),
        dtype=np.dtype([("key", "<i8"), ("parent", "<i8")]),
    )
    keys = np.unique(np.concatenate([line["key"], line["parent"]]))
    above = np.arange(len(keys))
    above[np.searchsorted(keys, line["key"])] = np.searchsorted(keys, line["parent"])
    below = _steps(above)
    members = counted.exclude(family=None).values_list("pk", "family", "year")
    for key, family, year in members.iterator(chunk_size=BATCH):
        place = int(np.searchsorted(keys, key))
        is_there = place < len(keys) and keys[place] == key
        yield family, year, str(int(below[place]) if is_there else 0), 1


def _steps(above: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far each place is from the one at the top of its line, which is above itself. Lines have no circles."""
    steps: NDArray[np.int64] = (above != np.arange(len(above))).astype(np.int64)
    for _ in range(len(above).bit_length() + 1):
        further = above[above]
        steps = steps + steps[above]
        if np.array_equal(further, above):
            break
        above = further
    return steps
