"""Overwrite what deleted rows left in the database's files."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights import scrubbing
from rights.verbs.acting import Options, Say

HELP = "overwrite what deleted rows left in the database's files"


def add_arguments(parser: ArgumentParser) -> None:
    """How thoroughly."""
    parser.add_argument(
        "--whole", action="store_true", help="PostgreSQL: write tables and log anew; the tables are locked meanwhile"
    )


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now."""
    if not scrubbing.scrub(whole=options["whole"]):
        raise CommandError(
            _(
                "The files were not scrubbed to the end: somebody else uses the database, or its role does not own the "
                "tables. Try again later, as the role that owns them."
            )
        )
    say(_("Done."))
