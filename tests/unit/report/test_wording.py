"""Numbers as APA style writes them."""

from __future__ import annotations

import math

import pytest

from mimicrylab.report.wording import (
    choose_decimals,
    describe_baseline,
    format_bounded,
    format_degrees,
    format_interval,
    format_number,
    format_p,
    format_share,
    join_words,
    shorten_unit,
    state_p,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-3.367, "−3.37"), (1234.5, "1,234.50"), (0.0, "0.00"), (-0.001, "0.00"), (None, "–"), (math.nan, "–")],
)
def test_number_has_a_real_minus_and_no_negative_zero(value: float | None, text: str) -> None:
    assert format_number(value) == text


def test_sign_is_written_for_both_directions_but_not_for_zero() -> None:
    assert [format_number(value, sign=True) for value in (0.4, -0.4, 0.0)] == ["+0.40", "−0.40", "0.00"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.354, ".35"), (-0.08, "−.08"), (1.0, "1.00"), (-1.0, "−1.00"), (0.0, ".00"), (None, "–")]
)
def test_what_cannot_exceed_one_has_no_leading_zero(value: float | None, text: str) -> None:
    assert format_bounded(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0012, ".001"), (0.00099, "< .001"), (0.05, ".050"), (0.0416, ".042"), (1.0, "> .999"), (None, "–")],
)
def test_p_has_three_decimals_within_its_bounds(p: float | None, text: str) -> None:
    assert format_p(p) == text


def test_stated_p_has_an_italic_symbol_and_escapes_its_sign() -> None:
    assert str(state_p(0.0416)) == "<i>p</i>\xa0=\xa0.042"
    assert str(state_p(0.0001)) == "<i>p</i>\xa0&lt;\xa0.001"


def test_interval_and_degrees_of_freedom() -> None:
    assert format_interval(-0.03, 0.131, bounded=True) == "[−.03, .13]"
    assert format_interval(None, 1.0) == "–"
    assert [format_degrees(df) for df in (49.0, 31.284, None)] == ["49", "31.28", "–"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.977, "97.7%"), (1.0, "100.0%"), (0.9999, "> 99.9%"), (0.0, "0.0%"), (0.0001, "< 0.1%"), (None, "–")],
)
def test_share_never_rounds_to_all_or_nothing(share: float | None, text: str) -> None:
    assert format_share(share) == text


def test_decimals_show_three_digits_of_the_largest_value() -> None:
    columns = [[47.9, 10.8], [0.5, None], [0.02, -0.001], [250.0], [1e-9], [math.nan]]
    assert [choose_decimals(column) for column in columns] == [1, 3, 4, 0, 4, 2]


def test_words_and_units() -> None:
    assert [join_words(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert shorten_unit("0-100") == "0–100"
    assert describe_baseline("log_ratio [-1, 0)", "ln ratio") == "Ratio to baseline (ln ratio)"
