"""What the statistics are put together from: sums, shares, charts, small cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.statistics.charts import bars, bars_height, columns, every_month
from lineage.statistics.concentration import gini, indicators, share_of_largest
from lineage.statistics.publication import OTHERS, SMALL_CELL, folded
from lineage.statistics.tally import gathered, greatest, in_order


def test_rows_count_in_their_year_and_in_all_years():
    groups = gathered([(0, 2024, "mit", 2), (0, None, "mit", 1), (7, 2025, "", 3)])
    assert groups == {(0, ""): {"mit": 3}, (0, "2024"): {"mit": 2}, (7, ""): {"": 3}, (7, "2025"): {"": 3}}


def test_what_is_not_kept_is_added_up():
    kept = greatest({"a": 1, "b": 5, "c": 1, "d": 2}, kept=2)
    assert (kept.counts, kept.others, kept.labels) == ([("b", 5), ("d", 2)], 2, 4)


def test_generations_stand_in_the_order_of_their_numbers():
    assert [text for text, _ in in_order({"10": 1, "2": 1, "1": 1}).counts] == ["1", "2", "10"]


@pytest.mark.parametrize(
    ("amounts", "expected"), [([], 0), ([0, 0], 0), ([5], 0), ([3, 3, 3], 0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25)]
)
def test_gini(amounts, expected):
    assert gini(amounts) == pytest.approx(expected)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_gini_is_half_the_mean_difference_over_the_mean(amounts):
    mean = sum(amounts) / len(amounts)
    difference = sum(abs(one - other) for one in amounts for other in amounts) / len(amounts) ** 2
    assert gini(amounts) == pytest.approx(difference / (2 * mean) if mean else 0, abs=1e-9)


def test_shares_of_the_largest():
    assert share_of_largest([1, 2, 3, 4], 2) == pytest.approx(0.7)
    assert share_of_largest([1, 2], 10) == 1
    assert share_of_largest([], 10) == 0
    told = dict(indicators([10, *[1] * 90], [0] * 91))
    assert told["accounts"] == 91
    assert told["models_top_10"] == pytest.approx(0.19)
    assert told["models_top_percent"] == pytest.approx(0.10)
    assert told["downloads_gini"] == 0


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 60)), max_size=30, unique_by=lambda cell: cell[0]))
def test_no_small_number_is_published_nor_can_be_worked_out(cells):
    cells = [cell for cell in cells if cell[0] != OTHERS]
    shown = folded(cells)
    assert all(number >= SMALL_CELL for _, number in shown)
    total, told = sum(number for _, number in cells), sum(number for _, number in shown)
    assert told in (0, total)  # nothing is left over to be told by a difference


def test_small_cells_join_the_others():
    assert folded([("a", 30), ("b", 12), ("c", 3)]) == [("a", 30), (OTHERS, 15)]
    assert folded([("a", 30), ("c", 6), ("d", 5)]) == [("a", 30), (OTHERS, 11)]
    assert folded([("a", 30), ("b", 10)]) == [("a", 30), ("b", 10)]
    assert folded([("a", 9)]) == []


def test_bars_are_as_wide_as_their_numbers():
    drawn = bars([("a", 4), ("b" * 60, 1), ("c", 0)])
    assert [bar.width for bar in drawn] == ["100.000%", "25.000%", "0.000%"]
    assert (drawn[1].text[-1], len(drawn[1].text)) == ("…", 34)
    assert all(bar.y + 12 <= bars_height(drawn) for bar in drawn)
    assert bars([("a", 0)])[0].width == "0.000%"


def test_columns_stand_side_by_side_on_the_ground():
    drawn = columns([(str(number), number) for number in range(20)])
    assert all(float(column.y) + float(column.height) == pytest.approx(160) for column in drawn)
    assert sum(bool(column.tick) for column in drawn) <= 4
    assert columns([]) == []


def test_months_without_any_are_drawn_as_such():
    assert every_month([("2023-11", 1), ("2024-02", 2), ("?", 3)]) == [
        ("2023-11", 1),
        ("2023-12", 0),
        ("2024-01", 0),
        ("2024-02", 2),
        ("?", 3),
    ]
    assert every_month([("?", 3)]) == [("?", 3)]
