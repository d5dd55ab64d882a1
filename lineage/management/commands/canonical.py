"""`manage.py canonical`: print the genealogy in its canonical form, to compare two bases."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from lineage import canonical


class Command(BaseCommand):
    help = str(_("Print listed artifacts, their authors, edges and aliases as sorted JSON lines."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--digest", action="store_true", help=str(_("Print only the SHA-256 of the lines.")))

    def handle(self, **options: Any) -> None:
        if options["digest"]:
            self.stdout.write(canonical.digest())
            return
        for line in canonical.lines():
            self.stdout.write(line)
