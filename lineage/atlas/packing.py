"""A map as bytes: little-endian arrays one after the other, 20 bytes a member, as frontend/map.js reads them.

u32 members | f32 x | f32 y | u32 parents | u32 keys | u16 months | u8 sizes | u8 relations
"""

import numpy as np

from lineage.atlas import Atlas

GREATEST_KEY = 2**32 - 1
GREATEST_SIZE = 255
SIZE_STEP = 12  # a tenfold number of downloads is worth about this times 2.3


class TooGreat(Exception):
    """A key that the map's four bytes do not hold."""


def packed(atlas: Atlas) -> bytes:
    """The bytes of a map. Raises TooGreat."""
    if len(atlas) and int(atlas.keys.max()) > GREATEST_KEY:
        raise TooGreat
    sizes = np.minimum(np.log1p(np.maximum(atlas.downloads, 0)) * SIZE_STEP, GREATEST_SIZE)
    columns = (
        np.array([len(atlas)], dtype="<u4"),
        atlas.x.astype("<f4"),
        atlas.y.astype("<f4"),
        atlas.parents.astype("<u4"),
        atlas.keys.astype("<u4"),
        atlas.months.astype("<u2"),
        sizes.astype("u1"),
        atlas.relations,
    )
    return b"".join(column.tobytes() for column in columns)
