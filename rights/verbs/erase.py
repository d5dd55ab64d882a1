"""Erase an account."""

from argparse import ArgumentParser
from datetime import datetime

from django.utils.translation import gettext as _

from rights.effects import erase
from rights.verbs.acting import Options, Say, add_effect, effect_of, refusals_told

HELP = "remove an account, and keep it away from every later harvest"


def add_arguments(parser: ArgumentParser) -> None:
    """The account, the case, the agents."""
    add_effect(parser)


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now, and say what left."""
    with refusals_told():
        gone = erase(**effect_of(options), at=at)
    say(
        _(
            "Removed: {artifacts} artifacts, {mentions} mentions by others, {aliases} old names; {bridges} bridges laid."
        ).format(artifacts=gone.artifacts, mentions=gone.mentions, aliases=gone.aliases, bridges=gone.bridges)
    )
