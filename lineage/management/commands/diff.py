"""`manage.py diff`: what appeared, left or changed parent under an artifact between two harvests."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from lineage import consultations, history
from lineage.consultations import ON_SERVER
from lineage.exports.text import as_of, definition_of
from lineage.management.commands.trace import WEAKEST, origin_of
from lineage.models import Consultation, HarvestRun
from lineage.naming import STAFF_ON_SERVER, names_by_key
from lineage.tracing import Filters
from lineage.vocabulary import Certainty, Direction, Kind, Relation

MARKS = {"appeared": "+", "left": "-", "reparented": "~", "unlisted": "!"}


class Command(BaseCommand):
    help = (
        "List what changed under a model or dataset between two harvests: “+” appeared, “-” left, “~” changed parent, "
        "“!” left the Hub's catalogue and is still in the trace. RUN is the number of a harvest that was linked in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("before", type=int, metavar="RUN", help="number of the earlier harvest")
        parser.add_argument("after", type=int, metavar="RUN", help="number of the later harvest")
        parser.add_argument("kind", choices=[kind.value for kind in Kind])
        parser.add_argument("repo_id", help="its id on the Hub, today's or an old one")
        parser.add_argument("--direction", choices=[way.value for way in Direction], default=Direction.DOWNSTREAM.value)
        parser.add_argument("--relation", action="append", default=[], choices=[word.value for word in Relation])
        parser.add_argument("--certainty", choices=[word.value for word in WEAKEST], default=Certainty.DECLARED.value)
        parser.add_argument("--json", action="store_true", help="one object of JSON, for machines")

    def handle(self, **options: Any) -> None:
        found = history.changes(
            origin_of(Kind(options["kind"]), options["repo_id"]),
            before=_run(options["before"]),
            after=_run(options["after"]),
            direction=Direction(options["direction"]),
            filters=Filters(
                relations=frozenset(map(Relation, options["relation"])), certainty=Certainty(options["certainty"])
            ),
        )
        names = _named(found)
        lists = {word: [names[key] for key in keys.tolist()] for word, keys in found.lists().items()}
        if options["json"]:
            runs = {"before": as_of(found.before), "after": as_of(found.after)}
            self.stdout.write(json.dumps(runs | lists))
            return
        for word, repo_ids in lists.items():
            for repo_id in sorted(repo_ids):
                self.stdout.write(f"{MARKS[word]} {repo_id}")
        self.stdout.write(_total(found))


def _run(number: int) -> HarvestRun:
    run = HarvestRun.objects.ended_well().filter(pk=number).first()
    if run is not None:
        return run
    latest = ", ".join(str(key) for key in HarvestRun.objects.ended_well().values_list("pk", flat=True)[:10])
    raise CommandError(
        _("No harvest of the number {number} was linked in. Nothing was compared. The latest are: {latest}.").format(
            number=number, latest=latest or "–"
        )
    )


def _named(found: history.Changes) -> dict[int, str]:
    """The names of all that is listed; recorded as a read."""
    origin = found.after.origin.pk
    keys = {key for keys in found.lists().values() for key in keys.tolist()}
    consultations.record(
        by=ON_SERVER,
        operation=Consultation.Operation.TRACE,
        at=timezone.now(),
        reference=f"artifact:{origin}",
        definition=definition_of(found.after) | {"since": as_of(found.before)},
        artifacts={origin, *keys},
    )
    return names_by_key(keys, STAFF_ON_SERVER)


def _total(found: history.Changes) -> str:
    counts = {word: len(keys) for word, keys in found.lists().items()}
    return _(
        "{appeared} appeared, {left} left, {reparented} changed parent, {unlisted} left the Hub's catalogue."
    ).format(**counts)
