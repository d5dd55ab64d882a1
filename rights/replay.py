"""After a restore: every act that the ledger has and the database does not, carried out again before the site opens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rights import exclusion, journal, ledger, purging, scrubbing, seals
from rights.effects.again import NotThere, carry_out_again, marks_in
from rights.effects.recognition import Recognised, recognised
from rights.ledger import LedgerFault, Line
from rights.models import JournalEntry, Suppression
from rights.seals import Seal
from rights.stored import put_back

REPLAYED = "replayed"
PURGE, ROWS = "purge", "rows"  # what a line may ask for besides the effects on persons


@dataclass
class Replayed:
    """What came of it. `unmet`: journal numbers of corrections whose artifact this base does not hold;
    `words_only`: those of acts that are in the journal again, and whose other traces were in the lost part of the base.
    """

    acts: int = 0
    effects: int = 0
    unmet: list[int] = field(default_factory=list)
    words_only: list[int] = field(default_factory=list)
    uncertain: int | None = None


def replay(*, by: int, at: datetime, with_uncertain: bool = False) -> Replayed:
    """Carry out again what is missing, act by act: stopped midway, it resumes; run twice, it changes nothing.

    `with_uncertain`: the last act too, where the site stopped in its midst and nobody knows whether it was committed.
    Raises LedgerFault where the ledger does not reach back as far as this database.
    """
    missing, uncertain = _missing()
    result = Replayed(uncertain=uncertain.number if uncertain else None)
    if uncertain and with_uncertain:
        missing.append(uncertain)
    if not missing:
        return result
    _forget_retired_keys(missing)
    moot = _before_a_purge(missing)
    known = recognised({mark for line in missing[moot:] if line.redo for mark in marks_in(line.redo)})
    for place, line in enumerate(missing):
        _once_more(line, known, result, is_moot=place < moot)
    counts: dict[str, int | str] = {"acts": result.acts, "effects": result.effects, "unmet": len(result.unmet)}
    journal.enter(act=REPLAYED, by=by, at=at, reference="", details=counts)
    if any(_is_purge(line) for line in missing):
        purging.clear_up()
    scrubbing.scrub()
    return result


def _before_a_purge(lines: list[Line]) -> int:
    """How many acts were followed by a purge: nothing of what they did is left, and the keys they need are gone."""
    return max((place for place, line in enumerate(lines) if _is_purge(line)), default=0)


def _is_purge(line: Line) -> bool:
    return bool(line.redo and line.redo["do"] == PURGE)


def _forget_retired_keys(lines: list[Line]) -> None:
    """First: while entries stand whose key is gone, the suppression list cannot be read."""
    retired = [line.redo["key_id"] for line in lines if line.redo and "key_id" in line.redo]
    Suppression.objects.filter(key_id__in=retired).delete()


@transaction.atomic
def _once_more(line: Line, known: Recognised, result: Replayed, *, is_moot: bool) -> None:
    exclusion.alone()
    journal.take_back(line)
    result.acts += 1
    if line.redo is None:
        result.words_only.append(line.number)
    elif not is_moot or line.redo["do"] == ROWS:
        _effect(line.redo, line, known, result)


def _effect(redo: Mapping[str, Any], line: Line, known: Recognised, result: Replayed) -> None:
    try:
        with transaction.atomic():
            if redo["do"] == PURGE:
                purging.again(at=line.moment)
            elif redo["do"] != ROWS:
                carry_out_again(redo, reference=line.reference, at=line.moment, known=known)
            put_back(redo.get("rows", ()))
        result.effects += 1
    except NotThere:
        result.unmet.append(line.number)


def _missing() -> tuple[list[Line], Line | None]:
    """The committed acts after the database's last one, in order, and the one of which nobody knows."""
    last = JournalEntry.objects.order_by("number").last()
    head = Seal(last.number, last.chain) if last else Seal(0, "")
    lines, sealed = ledger.read(), seals.read()
    goal = max(sealed, default=head)
    found = list(_following(head, lines, set(sealed)))
    end = Seal(found[-1].number, found[-1].chain) if found else head
    if end.number < goal.number or (end.number == goal.number and end != goal):
        raise LedgerFault(
            _(
                "The ledger of effects (EFFECTS_LEDGER) does not hold act {number}, which the journal's seals know: it "
                "is not whole, or the backup is older than it reaches. Nothing was changed. "
                "Restore a later backup, or put the ledger back."
            ).format(number=min(end.number + 1, goal.number))
        )
    tail = [line for line in lines if line.number == end.number + 1 and _follows(line, end)]
    return found, tail[-1] if tail else None


def _following(head: Seal, lines: list[Line], sealed: set[Seal]) -> Iterator[Line]:
    """From `head` on, the acts that were sealed, or that a later one was built on."""
    while True:
        after = [line for line in lines if line.number == head.number + 1 and _follows(line, head)]
        certain = [line for line in after if Seal(line.number, line.chain) in sealed or _is_built_on(line, lines)]
        if not certain:
            return
        yield certain[-1]
        head = Seal(certain[-1].number, certain[-1].chain)


def _is_built_on(line: Line, lines: list[Line]) -> bool:
    return any(_follows(later, Seal(line.number, line.chain)) for later in lines if later.number == line.number + 1)


def _follows(line: Line, before: Seal) -> bool:
    return journal.chained(journal.entry_of(line), before.chain) == line.chain
