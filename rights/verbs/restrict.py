"""Restrict the processing of an account."""

from argparse import ArgumentParser
from datetime import datetime

from django.utils.translation import gettext as _

from rights.effects import restrict
from rights.verbs.acting import Options, Say, add_effect, effect_of, refusals_told

HELP = "store an account's elements and show them to nobody"


def add_arguments(parser: ArgumentParser) -> None:
    """The account, the case, the agents."""
    add_effect(parser)


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now."""
    with refusals_told():
        restriction = restrict(**effect_of(options), at=at)
    say(_("Restricted: {count} artifacts withheld.").format(count=len(restriction.artifact_keys)))
