"""Primary parents and families: one line of descent for each artifact, without circles."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from lineage.linking.desk import Desk, Integers
from lineage.linking.nodes import batches
from lineage.models import Artifact

# Between artifacts of one kind, never on a guess: the first in the card's own order, else in code-point order.
ONLY_SOURCES = """
SELECT derived_id AS c0, MIN(source_id) AS c1 FROM link_kin GROUP BY derived_id HAVING COUNT(*) = 1
"""
KIN = """
SELECT source_id, derived_id, MIN(position) AS position
FROM link_claim WHERE is_kin = 1 GROUP BY source_id, derived_id HAVING MIN(rank) < 3
"""
CHOSEN_SOURCES = """
SELECT derived_id AS c0, source_id AS c1
FROM (SELECT k.derived_id, k.source_id, ROW_NUMBER() OVER (
          PARTITION BY k.derived_id
          ORDER BY CASE WHEN k.position IS NULL THEN 1 ELSE 0 END, k.position, a.repo_id COLLATE "C") AS place
      FROM link_kin k JOIN lineage_artifact a ON a.id = k.source_id
      WHERE k.derived_id IN (SELECT derived_id FROM link_kin GROUP BY derived_id HAVING COUNT(*) > 1)) choice
WHERE place = 1
"""
STORED = """
SELECT id AS c0, COALESCE(parent_id, 0) AS c1, COALESCE(family_id, 0) AS c2, CASE WHEN cycle_broken THEN 1 ELSE 0 END AS c3
FROM lineage_artifact WHERE parent_id IS NOT NULL OR family_id IS NOT NULL OR cycle_broken
"""
PLACE = """
UPDATE lineage_artifact SET parent_id = NULLIF(p.parent, 0), family_id = NULLIF(p.family, 0), cycle_broken = (p.broken = 1)
FROM link_place p WHERE p.artifact_id = lineage_artifact.id
"""


class Forest(NamedTuple):
    """Each artifact that has a parent or children, in rising order of key; 0 for no parent.

    `broken`: its parent was left out because the line of parents came back to it.
    """

    keys: Integers
    parents: Integers
    roots: Integers
    broken: Integers


def renew_families(desk: Desk) -> tuple[int, int]:
    """Bring parents, families and broken cycles up to `link_claim`.

    Returns how many artifacts changed their place and how many cycles stand broken.
    """
    desk.table("link_kin", KIN, key="derived_id")
    pairs = np.concatenate([desk.integers(ONLY_SOURCES, 2), desk.integers(CHOSEN_SOURCES, 2)])
    forest = grow(pairs[:, 0], pairs[:, 1], smallest=_smallest_name)
    wanted = np.stack([forest.keys, forest.parents, forest.roots, forest.broken], axis=1)
    changed = _differences(desk.integers(STORED, 4), wanted)
    if len(changed):
        desk.store("link_place", ["artifact_id", "parent", "family", "broken"], changed, key="artifact_id")
        desk.run(PLACE)
    return len(changed), int(forest.broken.sum())


def grow(children: Integers, parents: Integers, *, smallest: Callable[[Sequence[int]], int]) -> Forest:
    """The forest in which each of `children`, all different, hangs under the parent beside it.

    Of a circle, the member that `smallest` picks loses its parent and becomes a root.
    """
    keys = np.unique(np.concatenate([children, parents]))
    above = np.arange(len(keys))
    above[np.searchsorted(keys, children)] = np.searchsorted(keys, parents)
    broken = np.zeros(len(keys), dtype=np.int64)
    for circle in _circles(above):
        chosen = int(np.searchsorted(keys, smallest(keys[circle].tolist())))
        above[chosen], broken[chosen] = chosen, 1
    is_root = above == np.arange(len(keys))
    return Forest(keys, np.where(is_root, 0, keys[above]), keys[_ends(above)], broken)


def _ends(above: Integers) -> Integers:
    """Where each line of parents leads: a root, or somewhere on a circle."""
    for _ in range(len(above).bit_length() + 1):
        further = above[above]
        if np.array_equal(further, above):
            break
        above = further
    return above


def _circles(above: Integers) -> list[list[int]]:
    """The circles among the lines of parents: after more steps than there are nodes, only roots and circles are left."""
    left = np.unique(_ends(above))
    on_circle = set(left[above[left] != left].tolist())
    circles: list[list[int]] = []
    while on_circle:
        walked = [on_circle.pop()]
        while (after := int(above[walked[-1]])) in on_circle:
            on_circle.remove(after)
            walked.append(after)
        circles.append(walked)
    return circles


def _differences(stored: Integers, wanted: Integers) -> Integers:
    """The rows of `wanted` that are not stored so, and a row of zeros for each key that is stored and not wanted."""
    stored = stored[np.argsort(stored[:, 0])]
    places = np.minimum(np.searchsorted(stored[:, 0], wanted[:, 0]), max(len(stored) - 1, 0))
    same = (stored[places] == wanted).all(axis=1) if len(stored) else np.zeros(len(wanted), dtype=bool)
    left_over = np.setdiff1d(stored[:, 0], wanted[:, 0], assume_unique=True)
    blank = np.zeros((len(left_over), stored.shape[1]), dtype=np.int64)
    blank[:, 0] = left_over
    return np.concatenate([wanted[~same], blank])


def _smallest_name(keys: Sequence[int]) -> int:
    """The artifact whose repository id comes first in code-point order."""
    names: list[tuple[str, int]] = []
    for batch in batches(keys):
        names += Artifact.objects.filter(pk__in=batch).values_list("repo_id", "pk")
    return min(names)[1]
