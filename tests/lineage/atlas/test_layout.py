"""Where members stand: in the ring of their generation, in the sector of their parent, no two in one place."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.atlas.layout import rings


def family(sizes, seed=0):
    """Parents and depths of a family with so many members a generation, parents at random in the one above."""
    dice = np.random.default_rng(seed)
    parents, depths, above = [np.zeros(1, dtype=np.int64)], [np.zeros(1, dtype=np.int64)], (0, 1)
    for depth, size in enumerate(sizes, start=1):
        parents.append(dice.integers(*above, size))
        depths.append(np.full(size, depth))
        above = (above[1], above[1] + size)
    return np.concatenate(parents), np.concatenate(depths)


def below_by_hand(parents):
    counts = [0] * len(parents)
    for member in range(len(parents) - 1, 0, -1):
        at = member
        while at:
            at = int(parents[at])
            counts[at] += 1
    return counts


@given(st.lists(st.integers(1, 12), max_size=6), st.integers(0, 99))
def test_generations_lie_one_outside_the_other_and_nobody_hides_another(sizes, seed):
    parents, depths = family(sizes, seed)
    x, y, below = rings(parents, depths)
    radius = np.hypot(x, y)
    for depth in range(len(sizes)):
        assert radius[depths == depth].max() < radius[depths == depth + 1].min()
    assert len(set(zip(x.tolist(), y.tolist(), strict=True))) == len(x)
    assert below.tolist() == below_by_hand(parents)
    assert (x[0], y[0]) == (0, 0)


def test_children_stand_in_the_sector_of_their_parent():
    parents, depths = family([4, 40, 200], seed=3)
    x, y, _ = rings(parents, depths)
    angle = np.arctan2(y, x) % (2 * np.pi)
    spans = [np.sort(angle[(depths == 2) & (parents == parent)]) for parent in np.flatnonzero(depths == 1)]
    bounds = sorted((span[0], span[-1]) for span in spans if len(span))
    assert all(first[1] < second[0] for first, second in pairwise(bounds))


@pytest.mark.parametrize("sizes", [[1] * 1000, [100_000], [1, 100_000]])
def test_long_lines_and_wide_generations_have_finite_places(sizes):
    x, y, below = rings(*family(sizes))
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    assert below[0] == sum(sizes)


def test_nobody_stands_nowhere():
    x, y, below = rings(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    assert len(x) == len(y) == len(below) == 0
