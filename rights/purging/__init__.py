"""The end of the project: all that was harvested leaves, with a certificate; proofs stay for as long as they must."""

from rights.purging.certificates import Certified, certified
from rights.purging.copies import Copies, copies, tell
from rights.purging.effect import PurgeRefused, again, ask, clear_up, confirm, refusal
from rights.purging.extent import Extent, extent
from rights.purging.places import clear

__all__ = [
    "Certified",
    "Copies",
    "Extent",
    "PurgeRefused",
    "again",
    "ask",
    "certified",
    "clear",
    "clear_up",
    "confirm",
    "copies",
    "extent",
    "refusal",
    "tell",
]
