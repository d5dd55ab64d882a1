"""The verbs of “manage.py rights”: a module each, and its line here."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from rights.verbs import record_of_processing


class Verb(Protocol):
    """What such a module holds. `HELP` says in a line what it does."""

    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare its options."""
        ...

    def carry_out(self, options: Mapping[str, Any], *, at: datetime, say: Callable[[str], object]) -> None:
        """Do it. Raises CommandError with words for staff where it cannot be done."""
        ...


VERBS: Mapping[str, Verb] = {
    "record-of-processing": record_of_processing,
}
