"""Where the parts of a chart stand, as the texts of SVG attributes. Pure: no Django, no style, nothing inline.

Widths are in per cent, so that a chart fills any screen and its letters keep their size.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

BARS = 12  # drawn; the table has all
BAR_HEIGHT, BAR_STEP, TEXT_RISE = 12, 38, 6
LONGEST_TEXT = 34  # letters that fit on a phone beside the number
COLUMNS_HEIGHT, AXIS_HEIGHT = 160, 24
MOST_TICKS = 4  # dates: on a phone no more have room
FEWEST_PLACES = 12  # so that a single column is no wall
MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its text above it at `text_y`, itself at `y`, `width` like "42.5%"."""

    text: str
    number: float
    text_y: int
    y: int
    width: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column from the ground up: `x`, `width` in per cent; `y`, `height` in pixels; `tick`: its label."""

    text: str
    number: float
    x: str
    width: str
    y: str
    height: str
    tick: str
    tick_x: str


def bars(cells: Sequence[tuple[str, float]]) -> list[Bar]:
    """Horizontal bars of the first cells, the longest as wide as the chart."""
    shown = cells[:BARS]
    greatest = max((number for _text, number in shown), default=0) or 1
    return [
        Bar(
            text=_cut(text),
            number=number,
            text_y=place * BAR_STEP + BAR_STEP - BAR_HEIGHT - TEXT_RISE,
            y=place * BAR_STEP + BAR_STEP - BAR_HEIGHT,
            width=_percent(number / greatest),
        )
        for place, (text, number) in enumerate(shown)
    ]


def bars_height(drawn: Sequence[Bar]) -> int:
    """Of the whole chart, in pixels."""
    return len(drawn) * BAR_STEP + 2


def columns(cells: Sequence[tuple[str, float]]) -> list[Column]:
    """Columns side by side, the highest as high as the chart; words under some of them, where they fit."""
    greatest = max((number for _text, number in cells), default=0) or 1
    step = 1 / max(len(cells), FEWEST_PLACES)
    every = -(-len(cells) // MOST_TICKS) or 1
    drawn = []
    for place, (text, number) in enumerate(cells):
        height = COLUMNS_HEIGHT * number / greatest
        drawn.append(
            Column(
                text=text,
                number=number,
                x=_percent(place * step),
                width=_percent(step * 0.8),
                y=f"{COLUMNS_HEIGHT - height:.1f}",
                height=f"{height:.1f}",
                tick=text if place % every == 0 and place + every / 2 <= len(cells) else "",
                tick_x=_percent(place * step),
            )
        )
    return drawn


def every_month(cells: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Cells by month, in order, with zero for each month between of which there is none; the others after them."""
    known = {text: number for text, number in cells if MONTH.fullmatch(text)}
    others = [cell for cell in cells if cell[0] not in known]
    if not known:
        return others
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (min(known), max(known)))
    months = [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]
    return [*((month, known.get(month, 0)) for month in months), *others]


def _percent(part: float) -> str:
    return f"{part * 100:.3f}%"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
