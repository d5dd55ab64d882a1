"""The verbs of “manage.py rights”: a module each, and its line here."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from rights.verbs import (
    breach,
    doubts,
    erase,
    find,
    lift,
    notice,
    object_to,
    package,
    preview,
    purge,
    record_of_processing,
    rectify,
    replay,
    reseal_journal,
    restrict,
    rotate_key,
    scrub,
    verify_certificate,
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
    "breach": breach,
    "doubts": doubts,
    "erase": erase,
    "find": find,
    "lift": lift,
    "notice": notice,
    "object": object_to,
    "package": package,
    "preview": preview,
    "purge": purge,
    "record-of-processing": record_of_processing,
    "replay": replay,
    "reseal-journal": reseal_journal,
    "rectify": rectify,
    "restrict": restrict,
    "rotate-key": rotate_key,
    "scrub": scrub,
    "verify-certificate": verify_certificate,
    "verify-journal": verify_journal,
}
