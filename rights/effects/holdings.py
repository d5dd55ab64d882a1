"""What the base holds of an account, and what an effect on it would touch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lineage.amendments import Remains, remains
from lineage.hub.names import is_repo_id
from lineage.models import Alias, Artifact, Derivation
from lineage.tracing import trace_from
from lineage.vocabulary import AccountKind, AliasOrigin, Presence
from rights.fingerprints import folded
from rights.suppressions import Names

LONGEST_REFERENCE = 64


class EffectRefused(Exception):
    """The effect cannot be, or not so. Nothing was changed. The words are for staff and hold no name from the Hub."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held of one account. `accounts`: its name, and names it bore before that nobody bears today."""

    accounts: frozenset[str]
    remains: Remains
    hub_ids: frozenset[str]

    @property
    def names(self) -> Names:
        """What the suppression list must recognise."""
        own = {(kind, name) for kind, name in self.remains.names if _owner(name) not in self._folded}
        return Names(self.accounts, self.hub_ids, frozenset(own))

    @property
    def _folded(self) -> set[str]:
        return {folded(account) for account in self.accounts}


@dataclass(frozen=True, slots=True)
class Preview:
    """What an effect would touch, in rows. `others`: other people's artifacts made from this account's, in any step."""

    artifacts: int
    authors: int
    aliases: int
    mentions: int
    edges: int
    others: int
    needs_second: bool

    def counts(self) -> dict[str, int | str]:
        """The numbers, for the journal."""
        names = ("artifacts", "authors", "aliases", "mentions", "edges", "others")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        return ngettext(
            "1 account, {artifacts} artifacts, {mentions} mentions by others, {others} descendant of others",
            "1 account, {artifacts} artifacts, {mentions} mentions by others, {others} descendants of others",
            self.others,
        ).format(artifacts=self.artifacts, mentions=self.mentions, others=self.others)


def holdings(account: str) -> Holdings:
    """What is held of the account of this name, in whatever case. Raises EffectRefused for what can be no account."""
    name = account.strip()
    if "/" in name or not is_repo_id(name):
        raise EffectRefused(_("This can be no account of the Hub. Nothing was changed. Give the account's name alone."))
    keys = _keys(name)
    former = _former_names(keys, name)
    for each in former:
        keys |= _keys(each)
    accounts = frozenset({name, *former})
    gone = remains(keys, accounts)
    hub_ids = Artifact.objects.filter(pk__in=gone.keys).exclude(hub_id="").values_list("hub_id", flat=True)
    return Holdings(accounts, gone, frozenset(hub_ids))


def preview(account: str) -> Preview:
    """What an effect on this account would touch. Changes nothing. Raises EffectRefused as `holdings` does."""
    return measured(holdings(account))


def measured(held: Holdings) -> Preview:
    """What an effect on these holdings would touch."""
    gone = held.remains
    touching = Derivation.objects.filter(Q(source__in=gone.keys) | Q(derived__in=gone.keys))
    others = _descendants(gone.keys)
    return Preview(
        artifacts=len(gone.keys),
        authors=gone.authors().count(),
        aliases=gone.aliases().count(),
        mentions=gone.mentions().count(),
        edges=touching.count(),
        others=others,
        needs_second=others >= settings.RIGHTS_SECOND_APPROVAL,
    )


def check(held: Holdings, seen: Preview, *, reference: str, by: int, second: int | None) -> None:
    """Raise EffectRefused for an organisation, a missing reference, and a great impact without a second agent."""
    if held.remains.authors().filter(kind=AccountKind.ORGANISATION).exists():
        raise EffectRefused(
            _(
                "An organisation's account has no such rights. Nothing was changed. Correct its kind if it is a person's."
            )
        )
    if not reference or len(reference) > LONGEST_REFERENCE:
        raise EffectRefused(_("An effect needs the opaque reference of its case. Nothing was changed."))
    if seen.needs_second and second in (None, by):
        raise EffectRefused(
            _(
                "{impact}: above the threshold (RIGHTS_SECOND_APPROVAL), a second agent has to confirm. "
                "Nothing was changed."
            ).format(impact=seen)
        )


def _keys(account: str) -> set[int]:
    """The artifacts of an account: by the owner part of their id, and by their author."""
    owned = Q(owner__iexact=account) | Q(author__name__iexact=account)
    return set(Artifact.objects.filter(owned).values_list("pk", flat=True))


def _former_names(keys: Iterable[int], account: str) -> set[str]:
    """Owners of names that these artifacts left by a rename, where nobody bears the account's name today."""
    left = Alias.objects.filter(artifact__in=keys, origin=AliasOrigin.RENAME).values_list("name", flat=True)
    owners = {name.partition("/")[0] for name in left if "/" in name}
    return {owner for owner in owners if folded(owner) != folded(account) and not _is_borne(owner, keys)}


def _is_borne(owner: str, keys: Iterable[int]) -> bool:
    """Whether others that the Hub listed are of this owner. An account that owns nothing any more was renamed."""
    owned = Q(owner__iexact=owner) | Q(author__name__iexact=owner)
    others = Artifact.objects.current().filter(owned).exclude(pk__in=keys)
    return others.exclude(presence=Presence.MENTIONED).exists()


def _owner(name: str) -> str:
    owner, slash, _rest = name.partition("/")
    return folded(owner) if slash else ""


def _descendants(keys: frozenset[int]) -> int:
    """How many artifacts of others a trace finds downstream of these."""
    reached = [np.fromiter(keys, dtype=np.int64), *_reached(keys)]
    return len(np.unique(np.concatenate(reached))) - len(keys)


def _reached(keys: frozenset[int]) -> Iterator["np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    fertile = Derivation.objects.holding().filter(source__in=keys).values("source")
    for artifact in Artifact.objects.filter(pk__in=fertile):
        yield trace_from(artifact).keys
