"""The extract for a breach of data: which persons, which fields, in which reads, when.

From the ledgers and the register. For the notification of Arts 33 and 34 GDPR: what an export held, or what an account
read in a stretch of time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from lineage import consultations, disclosures
from lineage.consultations import ON_SERVER, keys_in
from lineage.labels import ELEMENT_NOT_SHOWN
from lineage.models import Artifact, Author, Consultation, Disclosure
from lineage.vocabulary import AccountKind
from rights import journal
from rights.models import Restriction, RightsCase
from rights.register import REGISTER, Category

GENEALOGY = (Category.HUB_ACCOUNT, Category.REPOSITORY, Category.LINEAGE)  # what reads and exports show
OF_CASES = (Category.CASES, Category.CORRESPONDENCE)  # what the page of a case shows besides
QUERY_SIZE = 500
ACT = "breach_extract"


@dataclass(frozen=True, slots=True)
class Person:
    """One account concerned. `artifacts`: how many of its repositories were shown; `first`, `last`: when.

    Of a restricted account the name is not given but the `cases` that restrict it, through which it is written to.
    """

    account: str
    kind: str
    artifacts: int
    first: datetime
    last: datetime
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """What was exposed. `gone`: how many artifacts were shown that are no longer held, so that nobody can be named.

    `cases`: the references of rights cases whose pages were read: their writers are concerned as well.
    """

    persons: tuple[Person, ...]
    cases: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    reads: int
    artifacts: int
    gone: int
    first: datetime | None
    last: datetime | None

    @property
    def organisations(self) -> int:
        """How many of the accounts are organisations, of whom nobody is to be told as a person."""
        return sum(person.kind == AccountKind.ORGANISATION for person in self.persons)


@dataclass(frozen=True, slots=True)
class Read:
    """One read or export: when, and the keys of the artifacts, authors and rights cases that it showed."""

    at: datetime
    artifacts: frozenset[int] = frozenset()
    authors: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()


@transaction.atomic
def of_export(*, key: int, reference: str, by: int, at: datetime) -> Extent:
    """What an entry of the ledger of exports held. Raises Disclosure.DoesNotExist. Recorded as a read and as an act."""
    entry = Disclosure.objects.get(pk=key)
    shown = [Read(entry.at, frozenset(disclosures.shown_keys(entry)))]
    return _recorded(shown, {"breach": "export", "entry": key}, reference=reference, by=by, at=at)


@transaction.atomic
def of_reads(
    *, user: int, begins: datetime, ends: datetime, reference: str, by: int, at: datetime, operation: str = ""
) -> Extent:
    """What an account of this site (key) read from `begins` until before `ends`, by one kind of read or by all.

    For a token that leaked: its account, its time, and `operation` "api". Recorded as a read and as an act.
    """
    reads = Consultation.objects.filter(user_key=user, at__gte=begins, at__lt=ends).order_by("at", "pk")
    if operation:
        reads = reads.filter(operation=operation)
    shown = [_of_consultation(read) for read in reads.iterator()]
    return _recorded(shown, {"breach": "reads", "user": user}, reference=reference, by=by, at=at)


def fields(*, with_cases: bool = False) -> dict[str, tuple[str, ...]]:
    """The personal fields that reads or exports may have shown, by table, as the register has them."""
    shown = (*GENEALOGY, *OF_CASES) if with_cases else GENEALOGY
    found: dict[str, list[str]] = {}
    for field in REGISTER.values():
        if field.entry.category in shown:
            found.setdefault(field.model, []).append(field.name)
    return {model: tuple(names) for model, names in found.items()}


def as_json(extent: Extent) -> dict[str, Any]:
    """The extract as JSON holds it."""
    return {
        "reads": extent.reads,
        "first": extent.first.isoformat() if extent.first else None,
        "last": extent.last.isoformat() if extent.last else None,
        "artifacts": extent.artifacts,
        "artifacts_no_longer_held": extent.gone,
        "accounts": len(extent.persons),
        "organisations": extent.organisations,
        "cases_read": list(extent.cases),
        "fields": {model: list(names) for model, names in extent.fields.items()},
        "persons": [dict(zip(COLUMNS, cells(person), strict=True)) for person in extent.persons],
    }


COLUMNS = ("account", "kind", "artifacts", "first", "last", "cases")


def cells(person: Person) -> tuple[str, str, int, str, str, str]:
    """One account as the cells of `COLUMNS`."""
    when = person.first.isoformat(), person.last.isoformat()
    return person.account, person.kind, person.artifacts, *when, " ".join(person.cases)


def _of_consultation(read: Consultation) -> Read:
    what, _colon, key = read.reference.partition(":")
    cited = {what: frozenset({int(key)})} if key.isdigit() else {}
    none = frozenset[int]()
    return Read(
        read.at,
        artifacts=cited.get("artifact", none).union(keys_in(read.shown)),
        authors=cited.get("author", none).union(read.definition.get("authors", ())),
        cases=cited.get("case", none).union(read.definition.get("cases", ())),
    )


def _recorded(shown: list[Read], definition: dict[str, object], *, reference: str, by: int, at: datetime) -> Extent:
    """The extent of what was shown; that somebody drew it up is a read of its own, and an act."""
    extent = _extent(shown)
    cases = _all(read.cases for read in shown)
    consultations.record(
        by=get_user_model()._default_manager.get(pk=by) if by else ON_SERVER,
        operation=Consultation.Operation.EXPORT,
        at=at,
        purpose=reference,
        artifacts=_all(read.artifacts for read in shown),
        definition={
            **definition,
            "authors": sorted(_all(read.authors for read in shown)),
            **({"cases": sorted(cases)} if cases else {}),
        },
    )
    details: dict[str, int | str] = {"accounts": len(extent.persons), "reads": extent.reads, "gone": extent.gone}
    journal.enter(act=ACT, by=by, at=at, reference=reference, details=details | {"cases": len(cases)})
    return extent


def _extent(shown: list[Read]) -> Extent:
    everything = _all(read.artifacts for read in shown)
    cases = _all(read.cases for read in shown)
    owners = _owners(everything)
    moments = [read.at for read in shown]
    return Extent(
        persons=_persons(shown, owners),
        cases=tuple(sorted(RightsCase.objects.filter(pk__in=cases).values_list("reference", flat=True))),
        fields=fields(with_cases=bool(cases)),
        reads=len(shown),
        artifacts=len(everything),
        gone=len(everything) - len(owners),
        first=min(moments, default=None),
        last=max(moments, default=None),
    )


def _persons(shown: list[Read], owners: Mapping[int, str]) -> tuple[Person, ...]:
    """Each account that these reads showed, by itself or by what it owns."""
    names = Author.objects.in_bulk(list(_all(read.authors for read in shown)))
    seen: dict[str, list[datetime]] = {}
    for read in shown:
        met = {owners.get(key, "") for key in read.artifacts} | {
            names[key].name for key in read.authors if key in names
        }
        for account in met - {""}:
            seen.setdefault(account, []).append(read.at)
    kinds, counts, restricting = _kinds(seen), Counter(owners.values()), _restricting(seen)
    return tuple(
        Person(
            str(ELEMENT_NOT_SHOWN) if account in restricting else account,
            kinds.get(account, AccountKind.UNKNOWN),
            counts[account],
            min(when),
            max(when),
            tuple(sorted(restricting.get(account, ()))),
        )
        for account, when in sorted(seen.items())
    )


def _restricting(accounts: Iterable[str]) -> dict[str, set[str]]:
    """The cases that restrict any of these accounts, by account."""
    found: dict[str, set[str]] = {}
    for restriction in Restriction.objects.in_force():
        for account in set(_owners(restriction.artifact_keys).values()) & set(accounts):
            found.setdefault(account, set()).add(restriction.reference)
    return found


def _all(keys: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*keys)


def _owners(keys: Iterable[int]) -> dict[int, str]:
    """The account of each artifact that is still held; "" for an old id without one."""
    found: dict[int, str] = {}
    for some in _portions(sorted(keys)):
        rows = Artifact.objects.filter(pk__in=some).values_list("pk", "author__name", "owner")
        found |= {key: author or owner for key, author, owner in rows}
    return found


def _kinds(accounts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _portions(sorted(accounts)):
        found |= dict(Author.objects.filter(name__in=some).values_list("name", "kind"))
    return found


def _portions(items: list[Any]) -> Iterator[list[Any]]:
    return (items[start : start + QUERY_SIZE] for start in range(0, len(items), QUERY_SIZE))
