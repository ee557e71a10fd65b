"""What a regression assumes, looked at: residuals (Shapiro-Wilk, Breusch-Pagan), influence, variance inflation.

They describe; they do not choose the model. HC3 needs no equal spread, and many people need no normal residuals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import Estimate, Statistic, keep_finite
from mimicrylab.stats.least_squares import LeastSquares, fit_least_squares
from mimicrylab.stats.model_matrix import build_model_matrix, keep_complete_rows, list_columns, take_numbers
from mimicrylab.stats.regression import VIF_LIMIT, compute_inflation
from mimicrylab.stats.samples import is_constant

COOK_LIMIT = 1.0
"""Cook's distance above which one row alone moves the fit (Cook & Weisberg 1982)."""


def check_regression(
    table: pl.DataFrame, outcome: str, terms: Sequence[str], *, references: Mapping[str, str] | None = None
) -> list[Estimate]:
    """Return the diagnostics of a least-squares fit; none where it cannot be fitted.

    Returns
    -------
    list of Estimate
        ``normality of residuals`` (Shapiro-Wilk's W), ``equal spread of residuals`` (Breusch & Pagan 1979, studentised
        by Koenker 1981: n R squared of the squared residuals on the predictors, chi-squared; R: ``lmtest::bptest``),
        ``largest Cook's distance`` (R: ``cooks.distance``), and ``variance inflation of x`` of each predictor (R:
        ``car::vif``).
    """
    complete, _ = keep_complete_rows(table, [outcome, *list_columns(terms)])
    try:
        y = take_numbers(complete, [outcome])[:, 0]
        matrix = build_model_matrix(complete, terms, references=references)
    except InputError:
        return []
    if is_constant(y):
        return []
    fit = fit_least_squares(matrix.values, y)
    if is_constant(fit.residuals):
        return []
    inflation = compute_inflation(matrix) if len(matrix.names) > 2 else {}
    return [
        _check_normality(fit),
        _check_spread(fit),
        _find_influence(fit),
        *(
            Estimate(
                "",
                f"variance inflation of {name}",
                keep_finite(value),
                n=fit.n,
                method="1 / (1 - R squared on the other predictors)",
                warnings=("it goes together with the others: its coefficient is mostly noise",)
                if value > VIF_LIMIT
                else (),
            )
            for name, value in inflation.items()
            if ":" not in name
        ),
    ]


def _check_normality(fit: LeastSquares) -> Estimate:
    test = stats.shapiro(fit.residuals)
    return Estimate(
        "",
        "normality of residuals",
        float(test.statistic),
        unit="W",
        statistic=Statistic("W", float(test.statistic)),
        p=keep_finite(test.pvalue),
        n=fit.n,
        method="Shapiro-Wilk test",
    )


def _check_spread(fit: LeastSquares) -> Estimate:
    squared = fit.residuals**2
    chi2 = fit.n * fit_least_squares(fit.design, squared).r_squared
    df = float(fit.design.shape[1] - 1)
    return Estimate(
        "",
        "equal spread of residuals",
        None,
        statistic=Statistic("chi2", keep_finite(chi2)),
        df=(df,),
        p=keep_finite(stats.chi2.sf(chi2, df)),
        n=fit.n,
        method="Breusch-Pagan test, studentised",
    )


def _find_influence(fit: LeastSquares) -> Estimate:
    left = np.maximum(1 - fit.leverage, 1e-12)
    variance = float(fit.residuals @ fit.residuals) / fit.df
    distances = fit.residuals**2 * fit.leverage / (fit.design.shape[1] * variance * left**2)
    largest = float(distances.max())
    return Estimate(
        "",
        "largest Cook's distance",
        keep_finite(largest),
        n=fit.n,
        method="Cook's distance",
        warnings=("one row alone moves the result: look at it",) if largest > COOK_LIMIT else (),
    )
