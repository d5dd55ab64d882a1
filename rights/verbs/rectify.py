"""Correct a fact of an artifact, or let the Hub's value in again."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from rights.effects import close_rectification, rectify
from rights.effects.rectification import LISTS
from rights.models import Rectification
from rights.verbs.acting import Options, Say, add_case, agent, refusals_told

HELP = "correct a fact of an artifact, whatever harvests bring; --close lets the Hub's value in again"


def add_arguments(parser: ArgumentParser) -> None:
    """Which fact of which artifact, and its value."""
    add_case(parser)
    parser.add_argument("artifact", type=int, help="key of the artifact, as in its page's address")
    parser.add_argument("field", choices=Rectification.FieldName.values)
    parser.add_argument("value", nargs="*", help="the corrected value; several for a list, none for an empty one")
    parser.add_argument("--close", action="store_true", help="end the rectification of this field")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Do it now."""
    by = agent(options["by"]) or 0
    with refusals_told():
        if options["close"]:
            close_rectification(rectification=_in_force(options), by=by, at=at)
            say(_("Closed: the Hub's value is shown again."))
            return
        field, words = options["field"], options["value"]
        rectify(
            artifact_key=options["artifact"],
            field=field,
            value=list(words) if field in LISTS else " ".join(words),
            reference=options["reference"],
            by=by,
            at=at,
        )
        say(_("Corrected."))


def _in_force(options: Options) -> Rectification:
    named = {"artifact_key": options["artifact"], "field": options["field"]}
    found = Rectification.objects.in_force().filter(**named).first()
    if found is None:
        raise CommandError(_("This field is not corrected. Nothing was changed."))
    return found
