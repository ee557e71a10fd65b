import numpy as np
import polars as pl
import pytest

from mimicrylab.stats.diagnostics import check_regression

RANDOM = np.random.default_rng(5)
N = 80
X = RANDOM.normal(size=N)
TABLE = pl.DataFrame({"x": X, "z": RANDOM.normal(size=N), "y": X + RANDOM.normal(size=N)})


def find(lines: list, term: str):
    return next(line for line in lines if line.term == term)


def test_unequal_spread_is_seen_and_equal_spread_is_not() -> None:
    fan = TABLE.with_columns(y=pl.col("x") + pl.Series(RANDOM.normal(size=N)) * (pl.col("x") + 3))
    assert find(check_regression(fan, "y", ["x"]), "equal spread of residuals").p < 0.05
    assert find(check_regression(TABLE, "y", ["x"]), "equal spread of residuals").p > 0.05


def test_one_row_that_moves_the_fit_is_told() -> None:
    pulled = TABLE.with_columns(
        x=pl.when(pl.int_range(N) == 0).then(8.0).otherwise("x"),
        y=pl.when(pl.int_range(N) == 0).then(-9.0).otherwise("y"),
    )
    influence = find(check_regression(pulled, "y", ["x"]), "largest Cook's distance")
    assert influence.estimate > 1
    assert "one row alone moves the result" in influence.warnings[0]


def test_variance_inflation_is_that_of_two_correlated_predictors() -> None:
    close = TABLE.with_columns(z=pl.col("x") + 0.1 * pl.col("z"))
    inflation = find(check_regression(close, "y", ["x", "z"]), "variance inflation of z")
    r = np.corrcoef(close["x"], close["z"])[0, 1]
    assert inflation.estimate == pytest.approx(1 / (1 - r * r))
    assert inflation.warnings


def test_nothing_is_said_where_nothing_can_be_fitted() -> None:
    assert check_regression(TABLE.with_columns(z=pl.col("x") * 2), "y", ["x", "z"]) == []
    assert check_regression(TABLE.with_columns(y=pl.lit(1.0)), "y", ["x"]) == []
    assert check_regression(TABLE.head(2), "y", ["x"]) == []
