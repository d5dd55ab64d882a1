"""The certificate of a purge: numbers, date, persons and the journal's head, vouched for by an entry of the journal."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from rights import journal
from rights.models import JournalEntry, Purge
from rights.purging.extent import Extent

PURGED = "purged"
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Certified:
    """What a verification found: the number of the entry that vouches for it, or the `fault` in words."""

    entry: int
    fault: str | None = None


def drawn_up(purge: Purge, removed: Extent, *, by: int, at: datetime, head: str) -> dict[str, Any]:
    """The certificate, with the digest over all of it. `head`: the journal's head before the purge, NUMBER:CHAIN."""
    said = {
        "certificate": "purge of the project",
        "asked_by": purge.asked_by_key,
        "asked_at": _moment(purge.asked_at),
        "confirmed_by": by,
        "confirmed_at": _moment(at),
        "removed": {"tables": dict(removed.leaving), "places": dict(removed.places)},
        "kept_until_its_own_period_ends": dict(removed.staying),
        "journal_head": head,
    }
    return said | {DIGEST: digest(said)}


def certified(certificate: object) -> Certified:
    """Verify a certificate against itself and against the journal, which has to be sound."""
    if not isinstance(certificate, Mapping) or DIGEST not in certificate:
        return Certified(0, _("This is no certificate of a purge."))
    if digest(certificate) != certificate[DIGEST]:
        return Certified(0, _("The certificate was changed: its digest is not that of its words."))
    entry = _voucher(certificate)
    if entry is None:
        return Certified(0, _("No entry of the journal vouches for this certificate."))
    if fault := journal.verify().fault:
        return Certified(entry.number, fault)
    return Certified(entry.number)


def digest(certificate: Mapping[str, Any]) -> str:
    """SHA-256 of everything in it but the digest, in one spelling."""
    said = {name: value for name, value in certificate.items() if name != DIGEST}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _voucher(certificate: Mapping[str, Any]) -> JournalEntry | None:
    """The entry made with the purge: right after the head, by the same persons, with this digest."""
    number = str(certificate.get("journal_head", "")).partition(":")[0]
    entry = JournalEntry.objects.filter(act=PURGED, number=int(number or 0) + 1).first() if number.isdigit() else None
    if entry is None or entry.details.get(DIGEST) != certificate[DIGEST]:
        return None
    return entry if entry.by_key == certificate.get("confirmed_by") else None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
