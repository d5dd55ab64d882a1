"""Grant an objection."""

from argparse import ArgumentParser
from datetime import datetime

from rights.effects import object_to
from rights.verbs.acting import Options, Say, add_effect, effect_of, refusals_told, tell_removed

HELP = "grant an objection: remove an account, and keep it away from every later harvest"


def add_arguments(parser: ArgumentParser) -> None:
    """The account, the case, the agents."""
    add_effect(parser)


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now, and say what left."""
    with refusals_told():
        gone = object_to(**effect_of(options), at=at)
    tell_removed(gone, say)
