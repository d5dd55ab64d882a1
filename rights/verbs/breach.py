"""Draw up the extract for a breach of data."""

import csv
import io
import json
from argparse import ArgumentParser
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lineage.exports.text import inert
from lineage.models import Consultation, Disclosure
from rights import breach
from rights.breach import Extent
from rights.verbs.acting import Options, Say, add_case, agent

HELP = "say whose data an export held or an account read: accounts, fields, dates and counts, as JSON or CSV"


def add_arguments(parser: ArgumentParser) -> None:
    """Which breach, and in which form."""
    add_case(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--export", type=int, metavar="KEY", help="key of the entry in the ledger of exports")
    what.add_argument(
        "--consultations-of", metavar="USERNAME", help="an account of this site, closed ones too, for --from and --to"
    )
    parser.add_argument("--from", dest="begins", type=_moment, metavar="MOMENT", help="ISO 8601; UTC without an offset")
    parser.add_argument("--to", dest="ends", type=_moment, metavar="MOMENT", help="until before this moment")
    parser.add_argument(
        "--operation", choices=Consultation.Operation.values, default="", help="one kind of read: “api” for a token"
    )
    parser.add_argument("--format", choices=("json", "csv"), default="json", dest="form")


def carry_out(options: Options, *, at: datetime, say: Say) -> None:
    """Print it."""
    extent = _extent(options, by=agent(options["by"]) or 0, at=at)
    say(_lines(extent) if options["form"] == "csv" else json.dumps(breach.as_json(extent), indent=1))


def _extent(options: Options, *, by: int, at: datetime) -> Extent:
    said = {"reference": options["reference"], "by": by, "at": at}
    if options["export"] is not None:
        try:
            return breach.of_export(key=options["export"], **said)
        except Disclosure.DoesNotExist:
            raise CommandError(
                _(
                    "No entry of that key stands in the ledger of exports. Nothing was recorded. "
                    "Look it up in the admin."
                )
            ) from None
    if options["begins"] is None:
        raise CommandError(_("Say from when the reads count (--from). Nothing was recorded."))
    user = _reader(options["consultations_of"])
    ends = options["ends"] or at
    return breach.of_reads(user=user, begins=options["begins"], ends=ends, operation=options["operation"], **said)


def _reader(username: str) -> int:
    """The key of an account of the site, closed or not: one that leaked is closed at once."""
    found = get_user_model()._default_manager.filter(username=username).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(_("No account of this site has that username. Nothing was recorded."))
    return int(found)


def _lines(extent: Extent) -> str:
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(breach.COLUMNS)
    for person in extent.persons:
        lines.writerow(inert(cell) if isinstance(cell, str) else cell for cell in breach.cells(person))
    return text.getvalue()


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
