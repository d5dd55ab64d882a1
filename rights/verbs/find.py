"""Answer “did you erase me?”: the entries of the suppression list that an account's name meets."""

from argparse import ArgumentParser
from datetime import datetime

from django.utils.translation import gettext as _

from lineage.consultations import ON_SERVER
from rights.desk.finding import suppressed
from rights.verbs.acting import Options, Say, account_of, add_account, refusals_told

HELP = "look an account up in the suppression list"


def add_arguments(parser: ArgumentParser) -> None:
    """The account."""
    add_account(parser)


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Say its case, its ground, since when, and what it kept out."""
    with refusals_told():
        found = suppressed(account_of(options), by=ON_SERVER, at=at)
    for entry in found:
        say(f"{entry.reference} {entry.ground} {entry.since:%Y-%m-%d} {entry.review_on} {entry.hits}")
    if not found:
        say(_("Not on the list."))
