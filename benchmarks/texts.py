"""Columns of made-up texts, whole arrays at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

pa: Any = pyarrow  # its stubs refuse much that it takes
pc: Any = pyarrow.compute
Texts = Any  # a pyarrow array of strings
Numbers = NDArray[Any]


def texts(values: object) -> Texts:
    """An array of strings of anything that has elements: numbers are written out."""
    array = pa.array(values)
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def joined(*parts: Texts | str) -> Texts:
    """The texts of one row, one after the other, for each row."""
    return pc.binary_join_element_wise(*parts, "")


def drawn(dice: np.random.Generator, words: Sequence[str], count: int, weights: Sequence[float] = ()) -> Texts:
    """So many words drawn by weight; all alike without weights."""
    share = np.array(weights or [1.0] * len(words))
    places = dice.choice(len(words), count, p=share / share.sum()).astype(np.int32)
    return pa.DictionaryArray.from_arrays(places, pa.array(list(words))).cast(pa.string())


def chosen(condition: Numbers, yes: Texts | str, no: Texts | str) -> Texts:
    """`yes` where the condition holds, `no` elsewhere."""
    return pc.if_else(pa.array(condition), yes, no)


def lists(rows: int, *some: tuple[Numbers, Texts]) -> Any:
    """For each of so many rows the list of its texts; each of `some` is row numbers and their texts."""
    places = np.concatenate([place for place, _text in some])
    order = np.argsort(places, kind="stable")
    values = pa.concat_arrays([_plain(text) for _place, text in some]).take(pa.array(order))
    ends = np.cumsum(np.bincount(places, minlength=rows))
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], ends]).astype(np.int32)), values)


def json_lists(some: Any) -> Texts:
    """Each list of texts as a JSON array. The texts hold nothing that JSON would escape."""
    inside = pc.binary_join(some, '", "')
    empty = pc.equal(pc.list_value_length(some), 0)
    return pc.if_else(empty, "[]", joined('["', inside, '"]'))


def _plain(text: Texts) -> Texts:
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
