"""What a decision does to the base, so that no harvest undoes it: each effect is one atomic function with its journal
entry inside, and a preview beside it."""

from rights.effects.erasure import erase, object_to
from rights.effects.holdings import EffectRefused
from rights.effects.keys import retire_key
from rights.effects.previews import Preview, preview
from rights.effects.rectification import close_rectification, rectify
from rights.effects.restriction import announce_lifting, lift, restrict, reveal
from rights.effects.sweep import sweep_learned

__all__ = [
    "EffectRefused",
    "Preview",
    "announce_lifting",
    "close_rectification",
    "erase",
    "lift",
    "object_to",
    "preview",
    "rectify",
    "restrict",
    "retire_key",
    "reveal",
    "sweep_learned",
]
