"""Numbers as printed, and the values that may stand behind them."""

import math

import numpy as np
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.recheck.printed import Interval, find_range, read_printed, write_interval, write_number


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("47", 46.5, 47.5), (".050", 0.0495, 0.0505), ("-3.35", -3.355, -3.345), ("−.83", -0.835, -0.825),
     ("67.9%", 0.6785, 0.6795), ("0", -0.5, 0.5), ("1.5e-3", 0.00145, 0.00155), ("= .05", 0.045, 0.055)],
)  # fmt: skip
def test_a_rounded_number_is_within_half_of_its_last_digit(text: str, low: float, high: float) -> None:
    found = read_printed(text).interval("rounded")
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "low", "high"), [("47", 46.5, 48), ("-3.35", -3.36, -3.345), ("0.0", -0.1, 0.1)]
)  # fmt: skip
def test_a_number_may_also_be_cut_off_towards_zero(text: str, low: float, high: float) -> None:
    found = read_printed(text).interval("either")
    assert (found.low, found.high) == pytest.approx((low, high))


def test_below_is_below() -> None:
    assert read_printed("< .001").interval("either") == Interval(-math.inf, 0.001)
    assert read_printed(">.99").interval("rounded") == Interval(0.99, math.inf)


@pytest.mark.parametrize("text", ["", "n.s.", "1,5", "1.2.3", "--3", "5 %%", "."])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a printed number"):
        read_printed(text)


@pytest.mark.parametrize("text", ["1e300", "1e-300"])
def test_what_no_paper_prints_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no number that a paper prints"):
        read_printed(text)


def test_a_range_holds_what_the_function_does_inside_too() -> None:
    assert find_range(np.square, Interval(-2, 1)) == Interval(0, 4)
    rng = np.random.default_rng(1)
    box = Interval(1.0, 2.0), Interval(-0.5, 0.5), Interval(3.0, 4.0)
    found = find_range(lambda a, b, c: b / np.sqrt(a * c), *box)
    inside = [rng.uniform(each.low, each.high, 1000) for each in box]
    values = inside[1] / np.sqrt(inside[0] * inside[2])
    assert found.low <= values.min()
    assert values.max() <= found.high


def test_touching_intervals_overlap_whatever_binary_numbers_do() -> None:
    assert Interval(0.1 + 0.2, 1).overlaps(Interval(0, 0.3))
    assert not Interval(0.30001, 1).overlaps(Interval(0, 0.3))
    assert Interval(0, 1).intersect(Interval(2, 3)) is None
    assert Interval(0, 2).intersect(Interval(1, 3)) == Interval(1, 2)


def test_numbers_are_written_as_apa_does() -> None:
    assert write_number(-0.001, bounded=True) == ".00"
    assert write_number(12.345, decimals=1) == "12.3"
    assert write_interval(Interval(-math.inf, 3), decimals=0) == "minus infinity to 3"
