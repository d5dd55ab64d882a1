"""Verify the certificate of a purge against the journal."""

import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights import purging
from rights.verbs.acting import Options, Say

HELP = "verify the certificate of a purge against the journal; exit status 1 where it does not hold"


def add_arguments(parser: ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", type=Path, help="the certificate, as JSON")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Say which entry of the journal vouches for it."""
    try:
        certificate = json.loads(options["file"].read_text(encoding="utf-8"))
    except (OSError, ValueError):
        words = _(
            "The certificate cannot be read. Nothing was checked. Give the file that “rights purge confirm” printed."
        )
        raise CommandError(words) from None
    found = purging.certified(certificate)
    if found.fault:
        raise CommandError(found.fault)
    say(_("The certificate holds: journal entry {number} vouches for it.").format(number=found.entry))
