"""Counts by family, period and label, as they are gathered and as they are kept. Pure: no Django here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WHOLE = 0  # the family key of what counts every family
ALL_PERIODS = ""
LABELS_KEPT = 50  # of one measure; the sum of the others is kept

Group = tuple[int, str]  # family key, period
Row = tuple[int, int | None, str, int]  # family key, year (None: not known), label, number


@dataclass(frozen=True, slots=True)
class Kept:
    """The counts of one group, greatest first, then by label; `others`: the sum of those beyond `LABELS_KEPT`."""

    counts: list[tuple[str, float]]
    others: int = 0
    labels: int = 0


def gathered(rows: Iterable[Row]) -> Mapping[Group, Counter[str]]:
    """The rows added up, each in its year and in all periods together."""
    groups: dict[Group, Counter[str]] = defaultdict(Counter)
    for family, year, label, number in rows:
        groups[family, ALL_PERIODS][label] += number
        if year is not None:
            groups[family, str(year)][label] += number
    return groups


def greatest(counter: Mapping[str, int], kept: int = LABELS_KEPT) -> Kept:
    """The labels with the greatest counts."""
    ranked = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    return Kept(list(ranked[:kept]), sum(number for _label, number in ranked[kept:]), len(ranked))


def in_order(counter: Mapping[str, int]) -> Kept:
    """All labels, in their own order: months, generations."""
    ranked = sorted(counter.items(), key=lambda pair: (len(pair[0]), pair[0]))
    return Kept(list(ranked), 0, len(ranked))
