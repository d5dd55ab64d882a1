"""What a purge removes and what it leaves, read from the register: a later table cannot be forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from rights.purging import places
from rights.register import TABLES, Retention

# Whether rows of this period leave with the project. What stays is proof, or leaves by its own period within days.
LEAVES: Mapping[Retention, bool] = {
    Retention.PROJECT: True,
    Retention.NEXT_LISTING: True,
    Retention.QUARANTINE: True,
    Retention.PACKAGE: True,
    Retention.VISIT: True,
    Retention.SESSION: True,
    Retention.DRAFT: True,
    Retention.EXCLUSION: True,
    Retention.READS: False,  # keys and dates, without names: who read what, 12 months
    Retention.EXPORT: False,  # by it, recipients are found who must destroy their copies
    Retention.COOL_OFF: False,
    Retention.ACCOUNT: False,
    Retention.PROOF: False,
    Retention.CASE: False,
    Retention.REFERRAL: False,  # a letter to us; it leads to no record
    Retention.ALWAYS: False,
}


@dataclass(frozen=True, slots=True)
class Extent:
    """In numbers: rows of each table that leave and that stay, and what lies in each place outside the database."""

    leaving: Mapping[str, int]
    staying: Mapping[str, int]
    places: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows leave."""
        return sum(self.leaving.values())

    def stored(self) -> dict[str, dict[str, int]]:
        """As JSON holds it."""
        return {"leaving": dict(self.leaving), "staying": dict(self.staying), "places": dict(self.places)}


def extent() -> Extent:
    """Count it. Changes nothing."""
    return Extent(_counted(leaving=True), _counted(leaving=False), places.found())


def tables(*, leaving: bool) -> list[type[models.Model]]:
    """The tables whose rows leave, or those whose rows stay."""
    return [apps.get_model(rows.model) for rows in TABLES if LEAVES[rows.retention] is leaving]


def _counted(*, leaving: bool) -> dict[str, int]:
    count: Callable[[type[models.Model]], int] = lambda model: model._base_manager.count()  # noqa: E731
    nobodys = {rows.model for rows in TABLES if rows.retention == Retention.ALWAYS}
    return {model._meta.label: count(model) for model in tables(leaving=leaving) if model._meta.label not in nobodys}
