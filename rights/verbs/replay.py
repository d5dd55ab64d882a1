"""Carry out again, after a restore, what the restored backup does not know."""

from argparse import ArgumentParser
from datetime import datetime

from django.utils.translation import gettext as _

from rights.replay import replay
from rights.verbs.acting import Options, Say, refusals_told

HELP = "after a restore: carry out again what the backup does not know, from the ledger of effects"
FROM_THE_SERVER = 0  # nobody signs in while the site is shut


def add_arguments(parser: ArgumentParser) -> None:
    """One option."""
    parser.add_argument(
        "--uncertain", action="store_true", help="also the last act, where nobody knows whether it was committed"
    )


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now, and say what is left to people."""
    with refusals_told():
        done = replay(by=FROM_THE_SERVER, at=at, with_uncertain=options["uncertain"])
    said = _("Carried out again: {effects} effects; journal entries written down again: {acts}.")
    say(said.format(effects=done.effects, acts=done.acts))
    if done.unmet:
        say(
            _("Not in this base, to be corrected again after the next harvest: journal entries {numbers}.").format(
                numbers=_numbers(done.unmet)
            )
        )
    if done.words_only:
        say(
            _("In the journal again, but to be looked at by hand (cases, notices, periods): entries {numbers}.").format(
                numbers=_numbers(done.words_only)
            )
        )
    if done.uncertain and not options["uncertain"]:
        say(
            _(
                "Act {number} was begun, and nobody knows whether it was committed before the site stopped. "
                "Repeat with --uncertain to carry it out."
            ).format(number=done.uncertain)
        )


def _numbers(entries: list[int]) -> str:
    return ", ".join(map(str, entries))
