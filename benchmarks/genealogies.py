"""Made-up genealogies of any size, with families of known sizes."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.graph.arrays import EDGE_ROW, NODE_ROW, Graph, arranged, assembled

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]  # sources, derived


def genealogy(size: int, families: Sequence[int]) -> tuple[Graph, list[int]]:
    """A graph of `size` nodes, and the keys of the roots of its families; keys are node numbers.

    The members of a family lie scattered over all numbers, as names do. What belongs to no family is in pairs.
    """
    dice = np.random.default_rng(2026)
    scattered = dice.permutation(size)
    bounds = np.cumsum([0, *families])
    members = [scattered[start:end] for start, end in pairwise(bounds)]
    rest = scattered[bounds[-1] :]
    half = len(rest) // 2
    pairs = [*(_family(some, dice) for some in members), (rest[:half], rest[half : 2 * half])]
    nodes = np.zeros(size, dtype=NODE_ROW)
    nodes["key"] = np.arange(size)
    nodes["downloads"] = dice.integers(0, 10**6, size)
    return assembled(arranged(nodes, _edges(pairs, dice)), generation=1), [int(some[0]) for some in members]


def _family(members: NDArray[np.int64], dice: np.random.Generator) -> Pairs:
    """Each member but the first hangs under an earlier one, early ones having far more, as on the Hub."""
    places = np.arange(1, len(members))
    above = (places * dice.random(len(places)) ** 3).astype(np.int64)
    return members[above], members[places]


def _edges(pairs: Sequence[Pairs], dice: np.random.Generator) -> NDArray[Any]:
    edges = np.zeros(sum(len(sources) for sources, _derived in pairs), dtype=EDGE_ROW)
    edges["source"] = np.concatenate([sources for sources, _derived in pairs])
    edges["derived"] = np.concatenate([derived for _sources, derived in pairs])
    edges["relation"] = dice.integers(0, 4, len(edges))
    edges["certainty"] = dice.integers(1, 3, len(edges))
    return edges
