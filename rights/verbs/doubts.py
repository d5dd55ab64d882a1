"""Names of others that hold an erased pseudonym: list them, and decide about one."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights import doubts
from rights.desk.finding import doubtful
from rights.models import NameDoubt
from rights.verbs.acting import Options, Say, agent, refusals_told

HELP = "names of others that hold an erased pseudonym: list them, keep one, or take its artifact out"


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing to list them; else one of two decisions, and who takes it."""
    decision = parser.add_mutually_exclusive_group()
    decision.add_argument("--keep", type=int, metavar="NUMBER", help="the name is somebody else's, or an everyday word")
    decision.add_argument("--take-out", type=int, metavar="NUMBER", help="the name means the erased person")
    parser.add_argument("--by", metavar="USERNAME", help="the agent who decides")
    parser.add_argument("--second", metavar="USERNAME", help="a second agent who confirms, above the threshold")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """List them, or decide."""
    number = options["keep"] or options["take_out"]
    if number is None:
        for row, name in doubtful(at=at):
            say(f"{row.pk} {row.reference} {name}")
        return
    by, doubt = agent(options["by"]), NameDoubt.objects.filter(pk=number).first()
    if by is None or doubt is None:
        raise CommandError(_("A decision needs the number of a name in doubt, and --by. Nothing was changed."))
    with refusals_told():
        if options["keep"]:
            doubts.keep(doubt=doubt, by=by, at=at)
        else:
            say(str(doubts.preview(doubt, at=at)))
            doubts.take_out(doubt=doubt, by=by, at=at, second=agent(options["second"]))
    say(_("Decided: name in doubt {number}.").format(number=number))
