"""Who publishes what a trace found: the sheet that stays inside."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lineage.models import Artifact, Author
from lineage.tracing import Trace
from lineage.vocabulary import AccountKind

BATCH = 5_000  # keys of one query
ORDER = (AccountKind.ORGANISATION, AccountKind.PERSON, AccountKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Publisher:
    """An account and what it publishes of the trace. `downloads`: of these artifacts, in the last 30 days.

    `author` is None for what the Hub never listed: it has no account that we know.
    """

    author: Author | None
    kind: AccountKind
    artifacts: int
    downloads: int


def publishers(trace: Trace) -> list[Publisher]:
    """One entry an account: organisations first, then persons, then unknown; the most downloaded first in each."""
    found = dict(_counted(trace))
    known = Author.objects.in_bulk([key for key in found if key])
    listed = [
        Publisher(known.get(key), _kind(known.get(key)), artifacts, downloads)
        for key, (artifacts, downloads) in found.items()
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


def _counted(trace: Trace) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each author's key (0 for none) how many artifacts, and their downloads."""
    owners = np.zeros(len(trace), dtype=np.int64)
    by_key = np.argsort(trace.keys)
    for start in range(0, len(trace), BATCH):
        places = by_key[start : start + BATCH]
        keys = trace.keys[places]
        rows = Artifact.objects.shown().filter(pk__in=keys.tolist()).exclude(author=None)
        for key, owner in rows.values_list("pk", "author_id"):
            owners[places[np.searchsorted(keys, key)]] = owner
    names, where = np.unique(owners, return_inverse=True)
    downloads = np.zeros(len(names), dtype=np.int64)
    np.add.at(downloads, where, trace.graph.downloads[trace.steps.nodes])
    for name, artifacts, sum_of in zip(names.tolist(), np.bincount(where).tolist(), downloads.tolist(), strict=True):
        yield name, (artifacts, sum_of)
