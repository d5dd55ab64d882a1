"""Who in a restored base is meant by fingerprints: every stored name is asked, since none stands in the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from lineage.hub.texts import LISTS, TEXTS, accounts_named, texts_in, words
from lineage.models import Alias, AliasVerdict, Artifact, NameInquiry
from lineage.remains import remains
from rights import keyring
from rights.effects.holdings import Holdings, holdings
from rights.effects.sweep import stored_names
from rights.effects.wording import has_shape
from rights.fingerprints import Key
from rights.suppressions import QUERY_SIZE


@dataclass
class Recognised:
    """Which accounts' names and which artifacts' keys bear each of the fingerprints that were looked for.

    `as_words`: accounts whose bare name is enough.
    """

    accounts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    as_words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    artifacts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def meet(self, name: str, key: Key, wanted: Collection[str]) -> None:
        """Keep an account's name where one of its fingerprints under this key is wanted."""
        for marks, mark in ((self.accounts, key.of_account(name)), (self.as_words, key.of_word(name))):
            if mark in wanted:
                marks[mark].add(name)

    def holdings(self, marks: Iterable[str], keys: Collection[int]) -> Holdings:
        """What this base holds of them: the `keys` that it has, and whatever bears one of the `marks`."""
        marks = list(marks)
        accounts = {name for mark in marks for name in self.accounts.get(mark, ())}
        found = {key for mark in marks for key in self.artifacts.get(mark, ())} | set(keys)
        for account in accounts:
            found |= holdings(account).remains.keys
        as_words = {name for mark in marks for name in self.as_words.get(mark, ())}
        gone = remains(dict(_stored(found)), accounts, as_words)
        hub_ids = dict(_stored(gone.keys)).values()
        return Holdings(frozenset(accounts), gone, frozenset(hub_id for hub_id in hub_ids if hub_id))


def recognised(marks: Collection[str]) -> Recognised:
    """Look for these fingerprints in everything that is stored, under every key there is."""
    found, wanted = Recognised(), set(marks)
    if not wanted:
        return found
    names = {name for name in [*stored_names(), *_further_owners()] if name}
    for key in keyring.active():
        for name in names:
            found.meet(name, key, wanted)
        for number, *facts in _facts():
            for mark in wanted.intersection(_marks_of(key, *facts)):
                found.artifacts[mark].add(number)
    return found


def _marks_of(key: Key, hub_id: str, kind: str, repo_id: str) -> list[str]:
    named = [key.of_name(kind, repo_id), key.of_others(kind, repo_id)]
    return [*named, *([key.of_repository(hub_id)] if hub_id else [])]


def _stored(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """Those of these keys that this base has, with their `_id`."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), QUERY_SIZE):
        some = Artifact.objects.filter(pk__in=ordered[start : start + QUERY_SIZE])
        yield from some.values_list("pk", "hub_id")


def _facts() -> Iterator[tuple[int, str, str, str]]:
    return Artifact.objects.values_list("pk", "hub_id", "kind", "repo_id").iterator()


def _further_owners() -> Iterator[str]:
    """Owners in old names, in names asked about, in verdicts; and whoever is named in a free text."""
    for model in (Alias, NameInquiry, AliasVerdict):
        names = model._default_manager.filter(name__contains="/").values_list("name", flat=True)
        yield from (name.partition("/")[0] for name in names.iterator())
    for facts in Artifact.objects.values_list(*TEXTS, *LISTS).iterator():
        for text in texts_in(facts):
            yield from accounts_named(text)
            yield from filter(has_shape, words(text))
