"""A raw page as it is to be stored: what is recognised, and the rest parsed. Nothing is written, no lock is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lineage import policy, staging
from lineage.hub import raw
from lineage.hub.oddities import oddity, without_future
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord, Refused
from lineage.models import HarvestLane
from lineage.staging import Recognised
from lineage.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """One page. `recognised` say what they said when they were last stored; `records` are parsed, to be screened.

    `refused` are not stored; `odd`, by the `id()` of a record, are stored without a value. `digests`: what the other
    records will be recognised by, by their `id()`, as long as the policy stands at `state`.
    """

    rows: int
    records: Sequence[HubRecord]
    recognised: Sequence[Recognised]
    refused: Sequence[Refused]
    odd: dict[int, Refused]
    digests: dict[int, bytes]
    state: bytes


def read(lane: HarvestLane, records: Sequence[object], *, at: datetime, recognises: bool = True) -> Reading:
    """Recognise and parse the raw records of a page of this lane. `recognises`: False to parse all of them."""
    kind, state = Kind(lane.kind), policy.current().state()
    marks = raw.recognisable(records, raw.key_of(kind, state))
    known = staging.recognise(marks, kind) if recognises else {}
    left = [place for place in range(len(records)) if place not in known]
    taken: list[HubRecord] = []
    refused: list[Refused] = []
    odd: dict[int, Refused] = {}
    digests: dict[int, bytes] = {}
    for place, record in zip(left, raw.chosen(records, left), strict=True):
        parsed = parse(record, kind)
        if isinstance(parsed, Refused):
            refused.append(parsed)
            continue
        taken.append(without_future(parsed, at=at))
        if found := oddity(record, at=at):
            odd[id(taken[-1])] = found
        elif mark := marks[place]:
            digests[id(taken[-1])] = mark.digest
    return Reading(len(records), taken, list(known.values()), refused, odd, digests, state)
