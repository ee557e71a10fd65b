import numpy as np
import polars as pl
import pytest

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.least_squares import compute_cr1, compute_cr2, compute_hc3, fit_least_squares
from mimicrylab.stats.regression import regress

GENERATOR = np.random.default_rng(3)


def make_rows(people: int = 20, rows: int = 12) -> pl.DataFrame:
    trait = GENERATOR.normal(size=people)
    person = GENERATOR.normal(size=people)
    return pl.DataFrame(
        {
            "participant_id": np.repeat(np.arange(people), rows),
            "trait": np.repeat(trait, rows),
            "y": np.repeat(person, rows) + GENERATOR.normal(size=people * rows),
        }
    )


def test_clusters_of_one_row_give_hc2() -> None:
    x = np.column_stack([np.ones(30), GENERATOR.normal(size=30)])
    fit = fit_least_squares(x, GENERATOR.normal(size=30))
    covariance, df = compute_cr2(fit, np.arange(30))
    scaled = x * (fit.residuals / np.sqrt(1 - fit.leverage))[:, None]
    assert np.allclose(covariance, fit.inverse @ scaled.T @ scaled @ fit.inverse)
    assert np.all(df < 29)
    assert np.all(np.diag(compute_hc3(fit)) > np.diag(covariance))


def test_cr2_of_equal_clusters_is_the_test_of_means() -> None:
    """Second derivation: with a predictor of the person and equal rows, CR2 is HC2 of the people's means."""
    table = make_rows()
    means = table.group_by("participant_id", maintain_order=True).mean()
    x = np.column_stack([np.ones(20), means["trait"].to_numpy()])
    fit = fit_least_squares(x, means["y"].to_numpy())
    scaled = x * (fit.residuals / np.sqrt(1 - fit.leverage))[:, None]
    expected = np.sqrt(np.diag(fit.inverse @ scaled.T @ scaled @ fit.inverse))
    lines = regress(table, "y", predictors=["trait"], cluster="participant_id")[1:]
    assert [line.se for line in lines] == pytest.approx(list(expected))
    assert lines[1].n == 20
    assert "240 rows of 20 clusters" in lines[1].method


def test_stacked_rows_without_clusters_would_be_far_too_sure() -> None:
    table = make_rows()
    naive = regress(table.drop("participant_id"), "y", predictors=["trait"])[2]
    robust = regress(table, "y", predictors=["trait"], cluster="participant_id")[2]
    assert robust.se > 2 * naive.se
    assert robust.df[0] < 20 < naive.df[0]


def test_cr1_counts_clusters() -> None:
    table = make_rows()
    line = regress(table, "y", predictors=["trait"], cluster="participant_id", errors="cr1")[2]
    assert line.df == (19.0,)
    x = np.column_stack([np.ones(240), table["trait"].to_numpy()])
    covariance = compute_cr1(fit_least_squares(x, table["y"].to_numpy()), table["participant_id"].to_numpy())
    assert line.se == pytest.approx(np.sqrt(covariance[1, 1]))


def test_errors_must_fit_the_clusters() -> None:
    table = make_rows()
    with pytest.raises(UnknownNameError, match="cr2"):
        regress(table, "y", predictors=["trait"], cluster="participant_id", errors="hc3")
    with pytest.raises(UnknownNameError, match="hc3"):
        regress(table.drop("participant_id"), "y", predictors=["trait"], errors="cr2")
    with pytest.raises(InputError, match="too few clusters"):
        regress(table.with_columns(group=pl.col("participant_id") % 2), "y", predictors=["trait"], cluster="group")


def test_fewer_clusters_than_the_whole_test_needs_give_no_f() -> None:
    table = make_rows(4).with_columns(pl.Series(f"x{i}", GENERATOR.normal(size=48)) for i in range(4))
    whole = regress(table, "y", predictors=["x0", "x1", "x2", "x3"], cluster="participant_id")[0]
    assert (whole.statistic.value, whole.p) == (None, None)
    assert "fewer clusters" in whole.warnings[0]


def test_a_predictor_of_a_single_person_has_no_robust_error() -> None:
    """Its residual is 0 whatever its value; dividing by 1 - leverage would be dividing by 0."""
    table = pl.DataFrame({"x": [1.0] + [0.0] * 19, "y": GENERATOR.normal(size=20)})
    with pytest.raises(InputError, match="one person alone"):
        regress(table, "y", predictors=["x"])
    assert regress(table, "y", predictors=["x"], errors="classic")[2].se > 0


@pytest.mark.parametrize("value", [float("inf"), "much", [1.0]])
def test_what_is_no_number_is_refused(value: object) -> None:
    table = make_rows().drop("participant_id").with_columns(y=pl.lit(value))
    with pytest.raises(InputError):
        regress(table, "y", predictors=["trait"])
