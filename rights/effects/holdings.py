"""What the base holds of an account, and whether an effect on it may be."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from lineage.hub.names import is_repo_id
from lineage.models import Alias, Artifact
from lineage.remains import Remains, remains
from lineage.vocabulary import AccountKind, AliasOrigin, Presence
from rights.effects.wording import is_unmistakable
from rights.fingerprints import folded
from rights.suppressions import Names

LONGEST_REFERENCE = 64


class EffectRefused(Exception):
    """The effect cannot be, or not so. Nothing was changed. The words are for staff and hold no name from the Hub."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held of one account. `accounts`: its name, and names it bore before that nobody bears today.

    `is_of_others`: not an account's, but a repository of somebody else whose name holds an erased one.
    """

    accounts: frozenset[str]
    remains: Remains
    hub_ids: frozenset[str]
    is_of_others: bool = False

    @property
    def names(self) -> Names:
        """What the suppression list must recognise; of somebody else's repository only its name."""
        if self.is_of_others:
            return Names(others=self.remains.names)
        own = {(kind, name) for kind, name in self.remains.names if _owner(name) not in self._folded}
        return Names(self.accounts, self.hub_ids, frozenset(own), self.remains.as_words)

    @property
    def _folded(self) -> set[str]:
        return {folded(account) for account in self.accounts}


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
    gone = remains(keys, accounts, as_words=[each for each in accounts if is_unmistakable(each)])
    hub_ids = Artifact.objects.filter(pk__in=gone.keys).exclude(hub_id="").values_list("hub_id", flat=True)
    return Holdings(accounts, gone, frozenset(hub_ids))


def of_somebody_else(artifact_key: int) -> Holdings:
    """What is held of one artifact, whose name holds an erased one and whose account stays."""
    return Holdings(frozenset(), remains([artifact_key]), frozenset(), is_of_others=True)


def check(held: Holdings, *, reference: str) -> None:
    """Raise EffectRefused for an organisation, and for a missing reference."""
    if held.remains.authors().filter(kind=AccountKind.ORGANISATION).exists():
        raise EffectRefused(
            _(
                "An organisation's account has no such rights. Nothing was changed. "
                "Correct its kind if it is a person's."
            )
        )
    if not reference or len(reference) > LONGEST_REFERENCE:
        raise EffectRefused(_("An effect needs the opaque reference of its case. Nothing was changed."))


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
