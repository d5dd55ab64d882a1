"""Who publishes what a trace found: the sheet that stays inside."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.models import Artifact, Author
from lineage.tracing import Trace
from lineage.vocabulary import AccountKind

BATCH = 5_000  # keys of one query
NAMED = 5  # artifacts of one account
ORDER = (AccountKind.ORGANISATION, AccountKind.PERSON, AccountKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Publisher:
    """An account and what it publishes of the trace: how many `artifacts`, and the keys of the most downloaded.

    `downloads`: of all these artifacts, in the last 30 days. `author` is None for what the Hub never listed: it has no
    account that we know.
    """

    author: Author | None
    kind: AccountKind
    artifacts: int
    downloads: int
    greatest: tuple[int, ...]

    @property
    def others(self) -> int:
        """How many artifacts are not among the greatest."""
        return self.artifacts - len(self.greatest)


def publishers(trace: Trace) -> list[Publisher]:
    """One entry an account: organisations first, then persons, then unknown; the most downloaded first in each."""
    downloads, keys = trace.graph.downloads[trace.steps.nodes], trace.keys
    found = dict(_grouped(_owners(trace), downloads))
    known = Author.objects.in_bulk([key for key in found if key])
    listed = [
        Publisher(
            known.get(key),
            _kind(known.get(key)),
            artifacts=len(places),
            downloads=int(downloads[places].sum()),
            greatest=tuple(keys[places[:NAMED]].tolist()),
        )
        for key, places in found.items()
    ]
    return sorted(listed, key=lambda entry: (ORDER.index(entry.kind), -entry.downloads, -entry.artifacts, _key(entry)))


def accounts(listed: Iterable[Publisher]) -> dict[AccountKind, int]:
    """How many accounts there are of each kind; what has none is not counted."""
    counted = Counter(entry.kind for entry in listed if entry.author)
    return {kind: counted[kind] for kind in ORDER}


def _kind(author: Author | None) -> AccountKind:
    return AccountKind(author.kind) if author else AccountKind.UNKNOWN


def _key(entry: Publisher) -> int:
    return entry.author.pk if entry.author else 0


def _owners(trace: Trace) -> NDArray[np.int64]:
    """The key of each hop's author, 0 for none."""
    owners = np.zeros(len(trace), dtype=np.int64)
    by_key = np.argsort(trace.keys)
    for start in range(0, len(trace), BATCH):
        places = by_key[start : start + BATCH]
        keys = trace.keys[places]
        rows = Artifact.objects.shown().filter(pk__in=keys.tolist()).exclude(author=None)
        for key, owner in rows.values_list("pk", "author_id"):
            owners[places[np.searchsorted(keys, key)]] = owner
    return owners


def _grouped(owners: NDArray[np.int64], downloads: NDArray[Any]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """For each author's key the places of its hops, the most downloaded first."""
    ranked = np.lexsort((-downloads, owners))
    starts = np.flatnonzero(np.diff(owners[ranked], prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(ranked)]):
        yield int(owners[ranked[start]]), ranked[start:end]
