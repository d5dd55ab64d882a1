"""The verbs of “manage.py rights”: a module each, and its line here."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from rights.verbs import (
    erase,
    find,
    lift,
    object_to,
    preview,
    record_of_processing,
    rectify,
    reseal_journal,
    restrict,
    rotate_key,
    scrub,
    verify_journal,
)


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
    "erase": erase,
    "find": find,
    "lift": lift,
    "object": object_to,
    "preview": preview,
    "record-of-processing": record_of_processing,
    "reseal-journal": reseal_journal,
    "rectify": rectify,
    "restrict": restrict,
    "rotate-key": rotate_key,
    "scrub": scrub,
    "verify-journal": verify_journal,
}
