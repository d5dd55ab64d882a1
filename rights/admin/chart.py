"""The picture beside the statistics: two bars a month, drawn on the server; the table beside it says the same."""

from dataclasses import dataclass

from django.utils import dates

from rights.desk.statistics import Year

HEIGHT, WIDTH, GAP = 160, 22, 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where its two bars stand, how high they are, and what they count."""

    label: str
    x: int
    came: int
    went: int
    came_height: int
    went_height: int

    @property
    def came_y(self) -> int:
        """The top of the first bar."""
        return HEIGHT - self.came_height

    @property
    def went_y(self) -> int:
        """The top of the second bar."""
        return HEIGHT - self.went_height

    @property
    def went_x(self) -> int:
        """The left edge of the second bar."""
        return self.x + WIDTH


def bars(told: Year) -> list[Bar]:
    """The twelve months of the picture."""
    most = max((count for month in told.months for count in month), default=0) or 1
    return [
        Bar(
            label=str(dates.MONTHS_AP[number]),
            x=(number - 1) * GAP + 10,
            came=came,
            went=went,
            came_height=round(HEIGHT * came / most),
            went_height=round(HEIGHT * went / most),
        )
        for number, (came, went) in enumerate(told.months, start=1)
    ]
