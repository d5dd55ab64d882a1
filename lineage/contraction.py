"""Which edges stay when elements leave a genealogy: those that went through them, with the time they held. Pure.

A → X → B becomes A → B for as long as both steps held at once, also through several leaving elements in a row. So
everybody else's ancestors and descendants are the same sets as before, at every moment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

EVER = datetime.max.replace(tzinfo=UTC)  # the end of what holds


class Step(NamedTuple):
    """One edge; `held_until` is None while it holds. `rank`: its place in `Certainty`, 0 the surest."""

    source: int
    derived: int
    held_from: datetime
    held_until: datetime | None
    rank: int


class Way(NamedTuple):
    """A stretch of time, until `EVER` while it lasts, in which one could walk, and how sure the weakest step was."""

    begins: datetime
    ends: datetime
    rank: int


Ways = dict[int, list[Way]]  # by the source they come from


def bridges(steps: Iterable[Step], leaving: Collection[int]) -> Iterator[Step]:
    """The edges that take the place of the ways through `leaving`: per pair, stretches of time that do not meet.

    `steps` are the edges that touch an element of `leaving`, present and past. Of several ways at once the surest
    counts.
    """
    entries, within, exits = _sorted_out(steps, frozenset(leaving))
    ways = _reached(entries, within)
    found: dict[tuple[int, int], list[Way]] = defaultdict(list)
    for step in exits:
        for source, before in ways.get(step.source, {}).items():
            if source != step.derived:
                found[source, step.derived] += _joined(before, step)
    for (source, derived), several in found.items():
        for way in _merged(several):
            yield Step(source, derived, way.begins, None if way.ends == EVER else way.ends, way.rank)


def _sorted_out(steps: Iterable[Step], leaving: frozenset[int]) -> tuple[list[Step], dict[int, list[Step]], list[Step]]:
    entries, within, exits = [], defaultdict(list), []
    for step in steps:
        if step.source in leaving and step.derived in leaving:
            within[step.source].append(step)
        elif step.derived in leaving:
            entries.append(step)
        elif step.source in leaving:
            exits.append(step)
    return entries, within, exits


def _reached(entries: Iterable[Step], within: Mapping[int, Sequence[Step]]) -> dict[int, Ways]:
    """For each leaving element, the ways that lead to it from outside. Circles end: nothing is walked on twice."""
    ways: dict[int, Ways] = defaultdict(lambda: defaultdict(list))
    fresh: list[tuple[int, int, Way]] = []
    for step in entries:
        lasts = Way(step.held_from, step.held_until or EVER, step.rank)
        fresh += _added(ways, step.derived, step.source, [lasts])
    while fresh:
        place, source, way = fresh.pop()
        for step in within.get(place, ()):
            fresh += _added(ways, step.derived, source, _joined([way], step))
    return ways


def _added(ways: dict[int, Ways], place: int, source: int, new: Iterable[Way]) -> Iterator[tuple[int, int, Way]]:
    """Keep those of the new ways that tell more than one known already."""
    known = ways[place][source]
    for way in new:
        if way.begins < way.ends and not any(_covers(other, way) for other in known):
            known.append(way)
            yield place, source, way


def _covers(one: Way, other: Way) -> bool:
    return one.begins <= other.begins and one.ends >= other.ends and one.rank <= other.rank


def _joined(ways: Iterable[Way], step: Step) -> list[Way]:
    """The ways, one step longer: they last while both did."""
    ends = step.held_until or EVER
    longer = (Way(max(w.begins, step.held_from), min(w.ends, ends), max(w.rank, step.rank)) for w in ways)
    return [way for way in longer if way.begins < way.ends]


def _merged(ways: Iterable[Way]) -> list[Way]:
    """Stretches that do not meet. Of what lasts until today, only what still lasts says how sure it is."""
    merged: list[list[Way]] = []
    for way in sorted(ways):
        if merged and way.begins <= max(each.ends for each in merged[-1]):
            merged[-1].append(way)
        else:
            merged.append([way])
    return [_as_one(stretch) for stretch in merged]


def _as_one(stretch: Sequence[Way]) -> Way:
    ends = max(way.ends for way in stretch)
    return Way(stretch[0].begins, ends, min(way.rank for way in stretch if way.ends == ends))
