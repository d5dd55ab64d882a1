"""“manage.py rights VERB”: what staff do about rights from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from rights.verbs import VERBS


class Command(BaseCommand):
    help = "The rights of the persons concerned: one verb each, “manage.py rights VERB --help” for its options."

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command a verb."""
        verbs = parser.add_subparsers(title="verbs", dest="verb", required=True)
        for name, verb in VERBS.items():
            verb.add_arguments(verbs.add_parser(name, help=verb.HELP))

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Carry it out, now."""
        VERBS[verb].carry_out(options, at=timezone.now(), say=self.stdout.write)
