"""Seal the journal entries that were committed while the seals could not be written."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rights import journal

HELP = "seal journal entries whose seal was lost, once it is known why; an entry says that it was done"
FROM_THE_SERVER = 0  # nobody signs in at the command line


def add_arguments(parser: ArgumentParser) -> None:
    """None."""


def carry_out(options: Mapping[str, Any], *, at: datetime, say: Callable[[str], object]) -> None:
    """Seal them, and say how many they were."""
    count = journal.reseal(by=FROM_THE_SERVER, at=at)
    say(_("Journal entries sealed: {count}").format(count=count))
