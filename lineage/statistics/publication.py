"""Totals that may be published: of the whole base, without any artifact, and without a number that a few made."""

from collections.abc import Iterator, Sequence

from lineage.models import Statistic
from lineage.statistics.tally import ALL_PERIODS, WHOLE
from lineage.statistics.telling import NAMING
from lineage.vocabulary import Measure

SMALL_CELL = 10  # a number below this is not published by itself
OTHERS = "others"
Cell = tuple[str, float]


def published() -> Iterator[tuple[Measure, str, str, float]]:
    """Measure, period, label, number: as rows of one table, small cells added up. One query."""
    order = list(Measure)
    rows = Statistic.objects.filter(family_key=WHOLE).order_by("period")
    for row in sorted(rows, key=lambda row: (order.index(Measure(row.measure)), row.period)):
        measure = Measure(row.measure)
        if measure in NAMING:
            continue
        cells = _concentrated(row.counts) if measure == Measure.CONCENTRATION else folded(row.counts, row.others)
        for text, number in cells:
            yield measure, row.period or ALL_PERIODS, text, number


def folded(cells: Sequence[Cell], others: float = 0) -> list[Cell]:
    """The cells of `SMALL_CELL` and more, and the sum of the rest as `OTHERS`.

    Where that sum would itself be small, the next smallest cells join it, so that no small number can be worked out
    from a total. Nothing where all cells together are small.
    """
    ranked = sorted(cells, key=lambda cell: cell[1], reverse=True)
    kept = [cell for cell in ranked if cell[1] >= SMALL_CELL]
    rest = others + sum(number for _text, number in ranked[len(kept) :])
    while 0 < rest < SMALL_CELL and kept:
        rest += kept.pop()[1]
    names = {text for text, _number in kept}
    shown = [(text, number) for text, number in cells if text in names]
    return [*shown, (OTHERS, rest)] if rest >= SMALL_CELL else shown


def _concentrated(cells: Sequence[Cell]) -> list[Cell]:
    """Shares of accounts, where there are enough of them that none can be told from its share."""
    accounts = dict(cells).get("accounts", 0)
    return [tuple(cell) for cell in cells] if accounts >= SMALL_CELL * SMALL_CELL else []  # type: ignore[misc]  # pairs
