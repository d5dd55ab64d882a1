"""Where the members of a tree stand: generations in rings, each member in the sector of its parent. Pure.

The area of a ring follows how many stand in it, so that a generation of a hundred thousand is as airy as one of ten.
Takes time linear in the members but for one sort a generation.
"""

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0.6180339887498949  # multiples of it fill a ring evenly, whatever their number
THINNEST = 1.5  # a ring, in the unit in which a member has an area of one
SKELETON = 0.15  # how far into its ring a member with children stands


def rings(
    parents: NDArray[np.int64], depths: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """x, y, and how many members stand below each one.

    `parents`: places in these arrays, the root's own for the root, which comes first; members are in the order of their
    `depths`.
    """
    size = len(parents)
    if not size:
        none = np.empty(0, dtype=np.float32)
        return none, none, np.empty(0, dtype=np.int64)
    bounds = np.flatnonzero(np.diff(depths, prepend=-1))
    levels = [slice(start, end) for start, end in zip(bounds, [*bounds[1:], size], strict=True)]
    below = np.zeros(size, dtype=np.int64)
    leaves = np.zeros(size, dtype=np.int64)
    for level in reversed(levels[1:]):
        leaves[level] = np.maximum(leaves[level], 1)
        np.add.at(below, parents[level], below[level] + 1)
        np.add.at(leaves, parents[level], leaves[level])
    start, width = np.zeros(size), np.full(size, 2 * np.pi)
    radius, outer = np.zeros(size), 1.0
    for level in levels[1:]:
        _share_out(level, parents, leaves, start, width)
        inner, outer = outer, max(outer + THINNEST, float(np.sqrt(outer**2 + (level.stop - level.start))))
        depth = np.where(below[level] > 0, SKELETON, np.arange(level.stop - level.start) * GOLDEN % 1)
        radius[level] = np.sqrt(inner**2 + (SKELETON + (1 - SKELETON) * depth) * (outer**2 - inner**2))
    angle = start + width / 2
    return (radius * np.cos(angle)).astype(np.float32), (radius * np.sin(angle)).astype(np.float32), below


def _share_out(
    level: slice,
    parents: NDArray[np.int64],
    leaves: NDArray[np.int64],
    start: NDArray[np.float64],
    width: NDArray[np.float64],
) -> None:
    """Give each member of a generation its part of its parent's sector, by its leaves; the fullest first."""
    mine, weight = parents[level], leaves[level].astype(np.float64)
    order = np.lexsort((-weight, mine))
    before = np.cumsum(weight[order]) - weight[order]
    firsts = np.flatnonzero(np.diff(mine[order], prepend=-1))
    sizes = np.diff([*firsts, len(order)])
    offset = before - np.repeat(before[firsts], sizes)
    of_parent = width[mine[order]] / leaves[mine[order]]
    start_of, width_of = np.empty(len(order)), np.empty(len(order))
    start_of[order] = start[mine[order]] + offset * of_parent
    width_of[order] = weight[order] * of_parent
    start[level], width[level] = start_of, width_of
