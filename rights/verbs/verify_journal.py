"""Verify the journal against its chain and its seals."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights import journal, seals
from rights.seals import Seal

HELP = "verify the journal: nothing changed, removed, added or cut off; exit status 1 where something was"


def add_arguments(parser: ArgumentParser) -> None:
    """Heads that somebody kept elsewhere, as often as wanted."""
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        type=_seal,
        metavar="NUMBER:CHAIN",
        help="a head printed earlier by this command and kept elsewhere: the journal must still hold it",
    )


def carry_out(options: Mapping[str, Any], *, at: datetime, say: Callable[[str], object]) -> None:
    """Print the present head of a sound journal. Raises CommandError with the first fault of another."""
    found = journal.verify(known=options["head"])
    if found.fault:
        raise CommandError(found.fault)
    say(_("The journal is sound. Entries: {entries}").format(entries=found.entries))
    if found.head:
        say(_("Head, to be kept elsewhere: {head}").format(head=found.head))


def _seal(text: str) -> Seal:
    try:
        return seals.parse(text)
    except ValueError:
        raise ArgumentTypeError(_("A head reads NUMBER:CHAIN, as this command printed it.")) from None
