"""Whose package it is: what is held of the account, under which names, and in which cases it was met before."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from rights import suppressions
from rights.effects.holdings import Holdings, holdings
from rights.models import Rectification, Restriction, Suppression


@dataclass(frozen=True, slots=True)
class Concerned:
    """One account. `authors`: keys of its rows as an author; `references`: the cases that are about it."""

    held: Holdings
    authors: frozenset[int]
    entries: tuple[Suppression, ...]
    references: frozenset[str]

    @property
    def keys(self) -> frozenset[int]:
        """The keys of its artifacts."""
        return self.held.remains.keys


def concerned(account: str, references: Iterable[str] = ()) -> Concerned:
    """Find what is held of the account. `references`: cases known to be this person's, besides those found here.

    Raises EffectRefused for what can be no account, KeysMissing where the suppression list cannot be read.
    """
    held = holdings(account)
    entries = suppressions.entries_of(held.names)
    keys = held.remains.keys
    found = {reference for entry in entries for reference in entry.references} | set(references)
    entries = list(Suppression.objects.filter(Q(pk__in=[entry.pk for entry in entries]) | Q(reference__in=found)))
    found |= {one.reference for one in Restriction.objects.all() if not keys.isdisjoint(one.artifact_keys)}
    found |= set(Rectification.objects.filter(artifact_key__in=keys).values_list("reference", flat=True))
    authors = frozenset(held.remains.authors().values_list("pk", flat=True))
    return Concerned(held, authors, tuple(entries), frozenset(found))
