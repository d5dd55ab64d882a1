"""Say what an effect on an account would touch, and change nothing."""

from argparse import ArgumentParser
from datetime import datetime

from django.utils.translation import gettext as _

from rights.effects import preview
from rights.verbs.acting import Options, Say, account_of, add_account, refusals_told

HELP = "say what an effect on an account would touch; changes nothing"


def add_arguments(parser: ArgumentParser) -> None:
    """The account."""
    add_account(parser)


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Count it."""
    with refusals_told():
        seen = preview(account_of(options), at=at)
    say(str(seen))
    for name, count in seen.lines():
        say(f"{name}: {count}")
    if seen.needs_second:
        say(_("A second agent has to confirm."))
