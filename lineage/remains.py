"""Everything that goes when artifacts and accounts leave: found, not changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Q, QuerySet

from lineage.hub.texts import Naming
from lineage.models import Alias, AliasVerdict, Artifact, Author, Mention, NameInquiry

BATCH = 400  # keys or names in one query: SQLite bounds the number of parameters

Name = tuple[str, str]  # kind and repository id
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Remains:
    """Everything that goes when artifacts and accounts leave.

    `keys`: the artifacts, with those whose name is known to mean one of them. `names`: their names and old names,
    without those that mean something else by now. `accounts`: whose every name goes, in whatever case. `as_words`:
    those of them whose bare name, as a word of somebody else's text, means nobody else.
    """

    keys: frozenset[int]
    names: frozenset[Name]
    accounts: frozenset[str]
    as_words: frozenset[str] = frozenset()

    @property
    def naming(self) -> Naming:
        """Whether a free text names one of the accounts, or what leaves under another account's name."""
        folded = {account.lower() for account in self.accounts}
        further = (text for _kind, text in self.names if "/" in text and text.partition("/")[0].lower() not in folded)
        return Naming(self.accounts, self.as_words, frozenset(further))

    def mentions(self) -> "QuerySet[Mention]":
        """What other artifacts say of them."""
        return self._named(Mention.objects.exclude(artifact__in=self.keys), "target_kind", "target")

    def aliases(self) -> "QuerySet[Alias]":
        """Old names of theirs, and names of theirs that mean something else."""
        return Alias.objects.filter(artifact__in=self.keys) | self._named(Alias.objects.all(), "kind", "name")

    def inquiries(self) -> "QuerySet[NameInquiry]":
        return NameInquiry.objects.filter(artifact__in=self.keys) | self._named(
            NameInquiry.objects.all(), "kind", "name"
        )

    def verdicts(self) -> "QuerySet[AliasVerdict]":
        return self._named(AliasVerdict.objects.all(), "kind", "name")

    def authors(self) -> "QuerySet[Author]":
        return Author.objects.filter(any_of(Q(name__iexact=account) for account in self.accounts))

    def _named(self, rows: "QuerySet[Item]", kind: str, name: str) -> "QuerySet[Item]":  # type: ignore[type-var]
        by_kind: dict[str, list[str]] = defaultdict(list)
        for of_kind, text in self.names:
            by_kind[of_kind].append(text)
        exact = (Q(**{kind: of_kind, f"{name}__in": texts}) for of_kind, texts in by_kind.items())
        owned = (Q(**{f"{name}__istartswith": f"{account}/"}) for account in self.accounts)
        return rows.filter(any_of([*exact, *owned]))


def remains(artifacts: Collection[int], accounts: Collection[str] = (), as_words: Collection[str] = ()) -> Remains:
    """Everything that `amendments.contract` would remove; changes nothing."""
    keys = frozenset(artifacts)
    while True:
        more = {
            key
            for some in portions(sorted(keys))
            for key in Artifact.objects.filter(superseded_by__in=some).values_list("pk", flat=True)
        }
        if more <= keys:
            break
        keys |= more
    return Remains(keys, frozenset(_names(keys)), frozenset(accounts), frozenset(as_words))


def _names(keys: frozenset[int]) -> set[Name]:
    """The names and old names of these artifacts, without those that another one bears or that mean another one."""
    names: set[Name] = set()
    for some in portions(sorted(keys)):
        names |= set(Artifact.objects.filter(pk__in=some).values_list("kind", "repo_id"))
        names |= set(Alias.objects.filter(artifact__in=some).values_list("kind", "name"))
        names |= set(NameInquiry.objects.filter(artifact__in=some).values_list("kind", "name"))
    taken: set[Name] = set()
    for texts in portions(sorted({text for _, text in names})):
        others = Artifact.objects.current().named(texts).values_list("pk", "kind", "repo_id")
        taken |= {(kind, text) for key, kind, text in others if key not in keys}
        live = Alias.objects.live().filter(name__in=texts).values_list("artifact", "kind", "name")
        taken |= {(kind, text) for key, kind, text in live if key not in keys}
    return names - taken


def any_of(conditions: Iterable[Q]) -> Q:
    """Where one of them holds; nowhere without any."""
    return reduce(or_, conditions, Q(pk__in=[]))


def portions(items: list[Item]) -> Iterator[list[Item]]:
    """The items in lists short enough for one query."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
