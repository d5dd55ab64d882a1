"""The journal of acts and its only writer: each entry holds the hash of all before it, and is sealed outside the base.

So an entry that is changed, removed, added or moved behind the site's back is found, the last ones too.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from rights import ledger, seals
from rights.ledger import LedgerFault, Line
from rights.models import JournalEntry
from rights.seals import Seal

KEPT_YEARS = 5  # the same in the trigger that refuses earlier deletions
RETIRED = "journal_retired"
RESEALED = "journal_resealed"
UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, DataError)  # what no entry written here gives rise to
LOCK = (0x72696768, 2)  # one writer at a time, on PostgreSQL; SQLite has only one


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found: the number of entries, the last seal, and the first `fault` in words, if any."""

    entries: int
    head: Seal | None
    fault: str | None = None


@transaction.atomic
def enter(
    *,
    act: str,
    by: int,
    at: datetime,
    reference: str,
    details: Mapping[str, int | str],
    redo: Mapping[str, Any] | None = None,
) -> None:
    """Write one act in the caller's own transaction. `by`: key of the agent's account; no name in `details`.

    `redo`: what it takes to do it again after an older backup was restored (`rights.replay`); the ledger has it before
    the act is committed. Raises LedgerFault where the ledger cannot be written, or the database lacks what it holds.
    """
    _lock()
    if behind():
        raise LedgerFault(refusal_to_open())
    last = JournalEntry.objects.order_by("number").last()
    entry = JournalEntry(
        number=last.number + 1 if last else 1, at=at, act=act, by_key=by, reference=reference, details=dict(details)
    )
    entry.chain = chained(entry, last.chain if last else "")
    entry.save(force_insert=True)
    ledger.intend(Line(entry.number, at.isoformat(), act, by, reference, entry.details, entry.chain, redo))
    transaction.on_commit(partial(seals.add, [_seal(entry)]))


def behind() -> bool:
    """Whether acts were sealed that the database lacks: an older backup was restored, or entries were removed."""
    last = seals.last()
    return last is not None and not JournalEntry.objects.filter(number=last.number, chain=last.chain).exists()


def refusal_to_open() -> str:
    """What to do about it, for staff."""
    return _(
        "The database lacks acts that were carried out: it was restored from an older backup. Nothing is shown, "
        "changed or harvested until they are carried out again: run “manage.py rights replay”."
    )


@transaction.atomic
def take_back(line: Line) -> None:
    """Write an entry down again as the ledger has it. Raises LedgerFault where it does not follow from the last one."""
    _lock()
    last = JournalEntry.objects.order_by("number").last()
    entry = entry_of(line)
    if entry.number != (last.number if last else 0) + 1 or entry.chain != chained(entry, last.chain if last else ""):
        raise LedgerFault(
            _("Journal entry {number} does not follow from the one before it.").format(number=entry.number)
        )
    entry.save(force_insert=True)
    if _seal(entry) not in seals.read():
        transaction.on_commit(partial(seals.add, [_seal(entry)]))


def entry_of(line: Line) -> JournalEntry:
    """The entry that a line of the ledger tells of, not stored."""
    said = {"act": line.act, "by_key": line.by, "reference": line.reference, "details": dict(line.details)}
    return JournalEntry(number=line.number, at=line.moment, chain=line.chain, **said)


def chained(entry: JournalEntry, before: str) -> str:
    """The chain of an entry after the chain `before` it: SHA-256 over both, in hexadecimal."""
    said = [entry.number, entry.at.astimezone(UTC).isoformat(), entry.act, entry.by_key, entry.reference, entry.details]
    return hashlib.sha256(f"{before}\n{json.dumps(said, sort_keys=True)}".encode()).hexdigest()


@transaction.atomic
def verify(*, known: Iterable[Seal] = ()) -> Verified:
    """Compare every entry with the one before it, with its seal, and with seals `known` from elsewhere."""
    _lock()
    sealed = [*seals.read(), *known]
    try:
        start = _retired()
        entries = list(JournalEntry.objects.order_by("number"))
        fault = _broken(entries, start) or _unlike(entries, start, sealed)
    except UNREADABLE:
        return Verified(JournalEntry.objects.count(), None, _("A journal entry cannot be read: it was changed."))
    return Verified(len(entries), _seal(entries[-1]) if entries else None, fault)


@transaction.atomic
def retire(*, by: int, at: datetime) -> int:
    """Delete the entries whose five years are over, from the first on. Returns how many.

    An entry of its own says where the journal begins from then on, so that the chain still holds.
    """
    _lock()
    kept = JournalEntry.objects.filter(at__gte=kept_since(at)).order_by("number").first()
    old = JournalEntry.objects.filter(number__lt=kept.number) if kept else JournalEntry.objects.all()
    last = old.order_by("number").last()
    if last is None:
        return 0
    enter(act=RETIRED, by=by, at=at, reference="", details={"through": last.number, "chain": last.chain})
    deleted, _tables = JournalEntry.objects.filter(number__lte=last.number).delete()
    return deleted


@transaction.atomic
def reseal(*, by: int, at: datetime) -> int:
    """Seal what was committed while the seals could not be written. Returns how many entries; an entry says so."""
    _lock()
    sealed = {seal.number for seal in seals.read()}
    missing = [_seal(entry) for entry in JournalEntry.objects.order_by("number") if entry.number not in sealed]
    if missing:
        transaction.on_commit(partial(seals.add, missing))
        numbers = {"entries": len(missing), "first": missing[0].number, "last": missing[-1].number}
        enter(act=RESEALED, by=by, at=at, reference="", details=numbers)
    return len(missing)


def kept_since(at: datetime) -> datetime:
    """The moment five years before `at`, which no entry outlives; 28 February for 29 February."""
    try:
        return at.replace(year=at.year - KEPT_YEARS)
    except ValueError:
        return at.replace(year=at.year - KEPT_YEARS, day=28)


def _retired() -> Seal:
    """Through which entry the journal was retired, and the chain there; (0, "") for a journal that is whole."""
    word = JournalEntry.objects.filter(act=RETIRED).order_by("number").last()
    return Seal(int(word.details["through"]), str(word.details["chain"])) if word else Seal(0, "")


def _broken(entries: list[JournalEntry], start: Seal) -> str | None:
    """The first entry that does not follow from the one before it."""
    number, chain = start.number, start.chain
    for entry in entries:
        number += 1
        if entry.number != number:
            return _("Journal entry {number} is missing, or one was added.").format(number=number)
        chain = chained(entry, chain)
        if entry.chain != chain:
            return _("Journal entry {number} was changed, or one before it.").format(number=number)
    return None


def _unlike(entries: list[JournalEntry], start: Seal, sealed: list[Seal]) -> str | None:
    """The first difference between the entries and their seals."""
    stands = {entry.number: entry.chain for entry in entries}
    for seal in sorted(seal for seal in sealed if seal.number > start.number):
        if seal.number not in stands:
            return _("Journal entry {number} was sealed and is gone: the end of the journal is missing.").format(
                number=seal.number
            )
        if stands[seal.number] != seal.chain:
            return _("Journal entry {number} is not the one that was sealed.").format(number=seal.number)
    bare = sorted(stands.keys() - {seal.number for seal in sealed})
    if not bare:
        return None
    return _(
        "Journal entry {number} was never sealed: it was written past this site, or the site stopped just then. Once "
        "you know which, “manage.py rights reseal-journal” seals it."
    ).format(number=bare[0])


def _seal(entry: JournalEntry) -> Seal:
    return Seal(entry.number, entry.chain)


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", LOCK)
