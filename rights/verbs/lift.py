"""Lift a restriction, in two steps."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights.effects import announce_lifting, lift
from rights.models import Restriction
from rights.verbs.acting import Options, Say, add_case, agent, refusals_told

HELP = "lift a case's restriction; first with --notice-sent, once the person was told"


def add_arguments(parser: ArgumentParser) -> None:
    """The case, and which of the two steps."""
    add_case(parser)
    parser.add_argument(
        "--notice-sent", action="store_true", help="note that the person was told, and lift nothing yet"
    )


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Take the step asked for."""
    restriction = Restriction.objects.in_force().filter(reference=options["reference"]).first()
    if restriction is None:
        raise CommandError(_("No restriction is in force for this case. Nothing was changed."))
    by = agent(options["by"]) or 0
    with refusals_told():
        if options["notice_sent"]:
            announce_lifting(restriction=restriction, by=by, at=at)
            say(_("Noted that the person was told."))
        else:
            say(_("Lifted: {count} artifacts shown again.").format(count=lift(restriction=restriction, by=by, at=at)))
