"""A raw page as it is to be stored: what is recognised, and the rest parsed. Nothing is written, no lock is held."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lineage import policy, staging
from lineage.hub import raw
from lineage.hub.oddities import oddity, without_future
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord, Refused
from lineage.staging import Recognised
from lineage.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """One page of `rows` raw records, read while the policy stood at `state`.

    `recognised` say what they said when they were last stored; `records` are parsed, to be screened, and beside each
    stand what is `odd` about it, if anything, and the digest that its raw record will be recognised by, or b"".
    `refused` are not stored.
    """

    rows: int
    state: bytes
    recognised: Sequence[Recognised]
    records: list[HubRecord] = field(default_factory=list)
    odd: list[Refused | None] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read(records: Sequence[object], kind: Kind, *, at: datetime, recognises: bool = True) -> Reading:
    """Recognise and parse the raw records of a page. `recognises`: False to parse all of them."""
    state = policy.current().state()
    marks = raw.recognisable(records, raw.key_of(kind, state))
    known = staging.recognise(marks, kind) if recognises else {}
    left = [place for place in range(len(records)) if place not in known]
    page = Reading(len(records), state, list(known.values()))
    for place, record in zip(left, raw.chosen(records, left), strict=True):
        parsed = parse(record, kind)
        if isinstance(parsed, Refused):
            page.refused.append(parsed)
            continue
        odd, mark = oddity(record, at=at), marks[place]
        page.records.append(without_future(parsed, at=at))
        page.odd.append(odd)
        page.digests.append(mark.digest if mark and not odd else b"")
    return page
