"""The suppression list: what is on it, what is put on it, what met it."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from lineage.models import Author
from rights import keyring
from rights.fingerprints import Key
from rights.keyring import KeysMissing
from rights.models import Suppression
from rights.period import legal_date

REVIEWED_AFTER = timedelta(days=3 * 365)
Item = TypeVar("Item")
QUERY_SIZE = 500  # fingerprints in one query: SQLite bounds the number of parameters
Subject, Ground = Suppression.Subject, Suppression.Ground
KEPT = [
    column.attname for column in Suppression._meta.concrete_fields if column.attname not in ("id", "hits")
]  # what an entry is, wherever it stands
WEIGHT = {Ground.RESTRICTION: 0, Ground.OBJECTION: 1, Ground.ERASURE: 1}  # the heavier ground stands


@dataclass(frozen=True, slots=True)
class Names:
    """What is to be recognised: accounts, repositories by their `_id`, full ids as (kind, repository id).

    `as_words`: accounts whose bare name is one of them in any free text. `others`: full ids of other people's
    repositories that hold an erased name.
    """

    accounts: frozenset[str] = frozenset()
    hub_ids: frozenset[str] = frozenset()
    repo_ids: frozenset[tuple[str, str]] = frozenset()
    as_words: frozenset[str] = frozenset()
    others: frozenset[tuple[str, str]] = frozenset()

    def under(self, key: Key) -> Iterator[tuple[str, str]]:
        """Each of them as (subject, fingerprint)."""
        yield from ((Subject.ACCOUNT, key.of_account(name)) for name in sorted(self.accounts))
        yield from ((Subject.REPOSITORY, key.of_repository(hub_id)) for hub_id in sorted(self.hub_ids))
        yield from ((Subject.NAME, key.of_name(*name)) for name in sorted(self.repo_ids))
        yield from ((Subject.WORD, key.of_word(name)) for name in sorted(self.as_words))
        yield from ((Subject.OTHERS, key.of_others(*name)) for name in sorted(self.others))


@dataclass
class Listed:
    """The list as one batch meets it: who is asked about is remembered, and what was met is counted."""

    keys: tuple[Key, ...]
    rows: dict[str, Suppression]
    met: Counter[int] = field(default_factory=Counter)
    _asked: dict[tuple[str, ...], Suppression | None] = field(default_factory=dict)

    def account(self, name: str) -> Suppression | None:
        """The entry of this account; None for an empty name."""
        return self._find("account", name) if name else None

    def repository(self, hub_id: str) -> Suppression | None:
        """The entry of the repository with this `_id`; None where the `_id` is not known."""
        return self._find("repository", hub_id) if hub_id else None

    def name(self, kind: str, repo_id: str) -> Suppression | None:
        """The entry of this full repository id."""
        return self._find("name", kind, repo_id)

    def others(self, kind: str, repo_id: str) -> Suppression | None:
        """The entry of this full id of somebody else's repository."""
        return self._find("others", kind, repo_id)

    def called(self, kind: str, repo_id: str) -> Suppression | None:
        """The entry of whatever is called so: an old name of a listed account, or somebody else's that holds one."""
        return self.name(kind, repo_id) or self.others(kind, repo_id)

    def word(self, name: str) -> Suppression | None:
        """The entry of an account's bare name, where it stands as a word."""
        return self._find("word", name) if self.knows_words else None

    @cached_property
    def knows_words(self) -> bool:
        """Whether any account is known by its bare name: most often none is, and no text has to be taken apart."""
        return any(row.subject == Subject.WORD for row in self.rows.values())

    def meet(self, entry: Suppression) -> None:
        """Count that something was left out because of this entry."""
        self.met[entry.pk] += 1

    def _find(self, *asked: str) -> Suppression | None:
        if asked not in self._asked:
            found = (self.rows.get(getattr(key, f"of_{asked[0]}")(*asked[1:])) for key in reversed(self.keys))
            self._asked[asked] = next((row for row in found if row is not None), None)
        return self._asked[asked]

    def twins(self) -> list[Suppression]:
        """What was met under a former key, once more under the newest."""
        newest, twins = self.keys[-1], []
        for (what, *said), row in self._asked.items():
            if row is not None and row.key_id != newest.key_id:
                fingerprint = getattr(newest, f"of_{what}")(*said)
                twins.append(_copy(row, key_id=newest.key_id, fingerprint=fingerprint))
        return twins


def read_list() -> Listed:
    """The whole list. Raises KeysMissing where entries stand on it whose key is not in the key file."""
    rows = {row.fingerprint: row for row in Suppression.objects.order_by("pk")}
    keys = keyring.active() if rows else ()
    _check(keys, rows.values())
    return Listed(keys, rows)


def outline() -> list[tuple[str, ...]]:
    """What recognises whom on which ground: it changes whenever the list may meet a record otherwise."""
    return list(Suppression.objects.order_by("pk").values_list("subject", "key_id", "fingerprint", "ground"))


def unreadable() -> str | None:
    """Why the list cannot be read, in words for staff; None where it can."""
    try:
        in_use = set(Suppression.objects.values_list("key_id", flat=True).distinct())
        if in_use:
            _check_ids({key.key_id for key in keyring.active()}, in_use)
    except KeysMissing as missing:
        return str(missing)
    return None


def suppress(
    names: Names,
    *,
    ground: str,
    reference: str,
    at: datetime,
    also_for: Collection[str] = (),
    learned: bool = False,
    swept: bool = True,
) -> int:
    """Put names on the list under the newest key, which is made where there was none ever. Returns how many were new.

    What is listed already keeps its entry; a heavier ground replaces a lighter one, and a second restriction shares the
    entry of the first. `also_for`: further cases that ask for the same. Raises KeysMissing.
    """
    listed = read_list()
    keys = listed.keys or keyring.active() or (keyring.rotate(),)
    known = [row for key in keys for _subject, mark in names.under(key) if (row := listed.rows.get(mark))]
    lighter = [row.pk for row in known if WEIGHT[Ground(row.ground)] < WEIGHT[Ground(ground)]]
    for some in _portions(lighter):
        Suppression.objects.filter(pk__in=some).update(ground=ground, reference=reference, also_for=[])
    if ground == Ground.RESTRICTION:
        _share(known, [reference, *also_for])
    newest = _newest_author()
    fresh = [
        Suppression(
            entry=secrets.token_hex(16),
            subject=subject,
            key_id=keys[-1].key_id,
            fingerprint=fingerprint,
            ground=ground,
            reference=reference,
            also_for=list(also_for),
            since=at,
            review_on=review_day(at),
            newest_author=newest,
            learned=learned,
            swept=swept,
        )
        for subject, fingerprint in names.under(keys[-1])
        if fingerprint not in listed.rows
    ]
    Suppression.objects.bulk_create(fresh, batch_size=QUERY_SIZE, ignore_conflicts=True)
    return len(fresh)


def _share(rows: Iterable[Suppression], references: list[str]) -> None:
    """Let these cases restrict what others restrict already."""
    for row in rows:
        more = [reference for reference in references if reference not in row.references]
        if more and row.ground == Ground.RESTRICTION:
            row.also_for = [*row.also_for, *more]
            row.save(update_fields=["also_for"])


def entries_of(names: Names) -> list[Suppression]:
    """The entries that any of these meets, twins included. Raises KeysMissing."""
    listed = read_list()
    marks = {mark for key in listed.keys for _subject, mark in names.under(key)}
    return [row for mark, row in listed.rows.items() if mark in marks]


def restricted_by(names: Names) -> set[str]:
    """The cases that restrict any of these. Raises KeysMissing."""
    restricting = (row for row in entries_of(names) if row.ground == Ground.RESTRICTION)
    return {reference for row in restricting for reference in row.references}


def withdraw(*, reference: str) -> None:
    """Take off the list what only this case restricts; what another case restricts as well stays for that one."""
    for row in Suppression.objects.restricting().exclude(also_for=[]):
        left = [other for other in row.references if other != reference]
        row.reference, row.also_for = left[0], left[1:]
        row.save(update_fields=["reference", "also_for"])
    Suppression.objects.restricting().filter(reference=reference).delete()


def release(names: Names, *, ground: str) -> int:
    """Take names off the list where they stand there on this ground, under every key. Returns how many rows left."""
    marks = [mark for key in keyring.active() for _subject, mark in names.under(key)]
    released = 0
    for some in _portions(marks):
        gone, _tables = Suppression.objects.filter(fingerprint__in=some, ground=ground).delete()
        released += gone
    return released


def note(listed: Listed) -> None:
    """Keep what a batch met: its hits, and the twins of entries under former keys."""
    met = sorted(listed.met)
    for some in _portions(met):
        # In one order, so that two pages that met the same entries wait for one another instead of dying.
        list(Suppression.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
        for key in some:
            Suppression.objects.filter(pk=key).update(hits=F("hits") + listed.met[key])
    if met:
        Suppression.objects.bulk_create(listed.twins(), ignore_conflicts=True)


def find_account(name: str) -> "QuerySet[Suppression]":
    """The entries of an account that somebody typed: “did you erase me?”.

    Raises KeysMissing where the list cannot be read: “no” would be wrong then.
    """
    why = unreadable()
    if why is not None:
        raise KeysMissing(why)
    return Suppression.objects.filter(fingerprint__in=[key.of_account(name) for key in keyring.active()])


def only_under(key_id: str) -> int:
    """How many things only this key can recognise: what retiring it would lose."""
    elsewhere = Suppression.objects.exclude(key_id=key_id).values("entry")
    return Suppression.objects.filter(key_id=key_id).exclude(entry__in=elsewhere).count()


def review_day(at: datetime) -> date:
    """The day on which an entry made at `at` is to be looked at again."""
    return legal_date(at) + REVIEWED_AFTER


def rows_of(names: Names) -> list[dict[str, object]]:
    """The entries of these names under every key, as `put_back` takes them."""
    marks = [mark for key in keyring.active() for _subject, mark in names.under(key)]
    return [
        values
        for some in _portions(marks)
        for values in Suppression.objects.filter(fingerprint__in=some).order_by("pk").values(*KEPT)
    ]


def put_back(rows: Iterable[Mapping[str, Any]]) -> None:
    """Let these entries stand as they stood; but for those whose key was retired since, which recognise nobody.

    An account that this base has yet to store is none that was known before.
    """
    active, newest = {key.key_id for key in keyring.active()}, _newest_author()
    for row in rows:
        if row["key_id"] in active:
            told_apart = {name: row[name] for name in ("key_id", "fingerprint")}
            stood = {name: row[name] for name in KEPT}
            stood["newest_author"] = min(row["newest_author"], newest)
            Suppression.objects.update_or_create(**told_apart, defaults=stood)


def _newest_author() -> int:
    return Author.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _copy(row: Suppression, *, key_id: str, fingerprint: str) -> Suppression:
    names = [column.attname for column in Suppression._meta.concrete_fields if not column.primary_key]
    return Suppression(
        **{name: getattr(row, name) for name in names} | {"key_id": key_id, "fingerprint": fingerprint, "hits": 0}
    )


def _check(keys: Iterable[Key], rows: Iterable[Suppression]) -> None:
    _check_ids({key.key_id for key in keys}, {row.key_id for row in rows})


def _check_ids(present: set[str], in_use: set[str]) -> None:
    if in_use - present:
        raise KeysMissing(
            _(
                "A key of the suppression list is missing from its file (SUPPRESSION_KEYS): erased persons would come "
                "back. Nothing was changed. Put back the copy that is kept apart from the database."
            )
        )


def _portions(items: "list[Item]") -> "Iterator[list[Item]]":
    for start in range(0, len(items), QUERY_SIZE):
        yield items[start : start + QUERY_SIZE]
