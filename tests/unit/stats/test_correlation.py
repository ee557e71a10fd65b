import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, RefusedError, UnknownNameError
from mimicrylab.stats.correlation import (
    CORRELATION_METHODS,
    bound_correlation,
    correlate,
    correlate_many,
    limit_correlation,
)

GENERATOR = np.random.default_rng(4)
EQ = GENERATOR.normal(size=60)
PEOPLE = pl.DataFrame(
    {
        "EQ": EQ,
        "up": EQ + 0.5 * GENERATOR.normal(size=60),
        "down": -EQ + GENERATOR.normal(size=60),
        "none": GENERATOR.normal(size=60),
        "flat": np.zeros(60),
    }
)


@pytest.mark.parametrize("method", CORRELATION_METHODS)
def test_perfect_order_is_one_without_an_interval(method: str) -> None:
    table = pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "y": [2.0, 4.0, 6.0, 8.0, 10.0, 12.0]})
    result = correlate(table, "x", second="y", method=method)
    assert result.estimate == pytest.approx(1.0)
    assert result.ci_low is None


@pytest.mark.parametrize("method", CORRELATION_METHODS)
def test_turning_one_round_changes_the_sign_only(method: str) -> None:
    up = correlate(PEOPLE, "down", second="EQ", method=method)
    down = correlate(PEOPLE.with_columns(down=-pl.col("down")), "down", second="EQ", method=method)
    assert down.estimate == pytest.approx(-up.estimate)
    assert down.ci_low == pytest.approx(-up.ci_high)
    assert down.p == pytest.approx(up.p)


def test_ranks_do_not_see_a_monotone_change_of_scale() -> None:
    bent = PEOPLE.with_columns(up=pl.col("up").exp())
    for method in ("spearman", "kendall"):
        one, two = (correlate(table, "up", second="EQ", method=method) for table in (PEOPLE, bent))
        assert one.estimate == pytest.approx(two.estimate)


def test_many_are_sorted_and_corrected_over_all() -> None:
    results = correlate_many(PEOPLE, ["none", "down", "flat", "up"], trait="EQ")
    assert [result.term for result in results] == ["up", "none", "down", "flat"]
    assert results[-1].estimate is None
    assert "same for everybody" in results[-1].warnings[0]
    tested = results[:-1]
    assert all(result.p_adjusted >= result.p for result in tested)
    assert {result.family for result in tested} == {"correlations with EQ (Holm, 3 tests)"}


def test_a_misspelt_measure_is_an_error_and_no_empty_line() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'down'"):
        correlate_many(PEOPLE, ["dwn"], trait="EQ")


def test_people_without_both_are_counted() -> None:
    table = PEOPLE.with_columns(up=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("up"))
    result = correlate(table, "up", second="EQ")
    assert (result.n, result.df) == (57, (55.0,))
    assert result.warnings == ("3 people without every value left out",)


def test_trials_are_refused_as_people() -> None:
    with pytest.raises(RefusedError, match="not independent"):
        correlate(PEOPLE.with_columns(participant_id=pl.int_range(pl.len()) // 2), "up", second="EQ")


def test_no_measures_or_an_unknown_method_are_refused() -> None:
    with pytest.raises(InputError, match="no measure"):
        correlate_many(PEOPLE, [], trait="EQ")
    with pytest.raises(UnknownNameError, match="pearson"):
        correlate(PEOPLE, "up", second="EQ", method="person")


def test_reliability_limits_the_correlation() -> None:
    assert limit_correlation(0.36) == pytest.approx(0.6)
    assert limit_correlation(0.36, 0.81) == pytest.approx(0.54)
    assert limit_correlation(-0.2) == 0
    with pytest.raises(InputError, match="between -1 and 1"):
        limit_correlation(1.2)


def test_interval_of_ranks_is_wider_than_of_values() -> None:
    pearson, spearman = (bound_correlation(0.5, 50, method=method) for method in ("pearson", "spearman"))
    assert spearman[0] < pearson[0] < 0.5 < pearson[1] < spearman[1]
