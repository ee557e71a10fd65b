"""Ordinary least squares over people, with standard errors that unequal spread does not spoil.

HC3 (MacKinnon & White 1985; Long & Ervin 2000) is the default: it costs little where the spread is equal and is right
where it is not. Several rows of a person need ``cluster``; the errors are then CR2, see ``least_squares``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.least_squares import (
    IntArray,
    LeastSquares,
    compute_cr1,
    compute_cr2,
    compute_hc3,
    fit_least_squares,
)
from mimicrylab.stats.model_matrix import (
    ModelMatrix,
    build_model_matrix,
    keep_complete_rows,
    list_columns,
    take_numbers,
)
from mimicrylab.stats.samples import (
    MINIMUM_PEOPLE,
    PERSON,
    FloatArray,
    Sample,
    check_sample,
    refuse_repeated_people,
)

StandardErrors = Literal["hc3", "classic", "cr1", "cr2"]
STANDARD_ERRORS: dict[StandardErrors, str] = {
    "hc3": "HC3 standard errors",
    "classic": "classic standard errors",
    "cr1": "CR1 cluster-robust standard errors",
    "cr2": "CR2 cluster-robust standard errors",
}
CLUSTERED: tuple[StandardErrors, ...] = ("cr1", "cr2")
VIF_LIMIT = 10.0
"""Variance inflation above which a coefficient is mostly noise (a rule of thumb, Marquardt 1970)."""


def regress(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    references: Mapping[str, str] | None = None,
    errors: StandardErrors | None = None,
    cluster: str | None = None,
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Regress an outcome on predictors by ordinary least squares.

    Parameters
    ----------
    table
        One row a person (several with ``cluster``); rows without every value are left out and counted.
    predictors
        Columns; ``"a:b"`` is a product. Words are treatment-coded, see ``model_matrix``.
    references
        Column -> reference level.
    errors
        ``hc3`` (default; R: ``car::hccm(model, type = "hc3")``) or ``classic`` (R: ``summary(lm(...))``). With
        ``cluster``: ``cr2`` (default; R: ``sandwich::vcovCL(model, ~ person, type = "HC2")``; df of
        Bell & McCaffrey 2002, printed with each coefficient) or ``cr1`` (R: ``vcovCL(model, ~ person)``; df = clusters
        - 1).
    cluster
        The column whose rows go together, mostly ``participant_id``. A predictor that differs within people is then
        estimated from both kinds of difference; a within-person contrast or a mixed model keeps them apart.

    Returns
    -------
    list of Estimate
        First the whole model (R squared, F test of all predictors; by Wald's test with HC3), then a line a coefficient:
        b with its interval, t and p. Partial R squared, t^2 / (t^2 + df) from classic errors, is the effect size.

    Raises
    ------
    RefusedError
        A person has several rows and no cluster is named: they are not independent.
    UnknownNameError
        A column, a reference or a kind of standard errors that does not exist or does not fit.
    InputError
        Too few people, an outcome or predictor without variation, predictors that determine each other.

    Examples
    --------
    >>> table = pl.DataFrame({"EQ": [40.0, 45, 50, 55, 60], "AU12": [0.1, 0.3, 0.2, 0.5, 0.4]})
    >>> [round(line.estimate, 3) for line in regress(table, "AU12", predictors=["EQ"])]
    [0.64, -0.5, 0.016]
    """
    choices = [kind for kind in STANDARD_ERRORS if (kind in CLUSTERED) == (cluster is not None)]
    kind: StandardErrors = errors or ("hc3" if cluster is None else "cr2")
    if kind not in choices:
        raise UnknownNameError(
            "kind of standard errors", kind, choices, do="clustered ones need cluster, and only they"
        )
    if cluster is None:
        refuse_repeated_people(table, person=person)
    used = [outcome, *list_columns(predictors), *([cluster] if cluster else [])]
    complete, _ = keep_complete_rows(table, used)
    y = take_numbers(complete, [outcome])[:, 0]
    check_sample(Sample(outcome, y))
    matrix = build_model_matrix(complete, predictors, references=references)
    fit = fit_least_squares(matrix.values, y)
    spread = _compute_spread(fit, kind, _number_clusters(complete, cluster) if cluster else None)
    missing = table.height - complete.height
    warnings = (f"{missing} {'rows' if cluster else 'people'} without every value left out",) if missing else ()
    analysis = f"{outcome} on {', '.join(predictors)}"
    whole = _describe_model(analysis, fit, spread, warnings=(*warnings, *_warn_inflation(matrix)))
    return [whole, *_describe_coefficients(analysis, matrix, fit, spread, unit=unit, level=level)]


@dataclass(frozen=True)
class _Spread:
    """Covariance of the coefficients, df of each and of the whole model's test, number of independent units."""

    covariance: FloatArray
    df: FloatArray
    model_df: float
    units: int
    method: str
    robust: bool


def _number_clusters(table: pl.DataFrame, cluster: str) -> IntArray:
    numbers = table[cluster].rank("dense").cast(pl.Int64).to_numpy() - 1
    count = int(numbers.max()) + 1
    if count < MINIMUM_PEOPLE:
        raise InputError(
            "too few clusters", where=f"column {cluster!r}", expected=f"at least {MINIMUM_PEOPLE}", found=str(count)
        )
    return np.asarray(numbers)


def _compute_spread(fit: LeastSquares, kind: StandardErrors, clusters: IntArray | None) -> _Spread:
    columns = len(fit.coefficients)
    method = f"ordinary least squares, {STANDARD_ERRORS[kind]}"
    if clusters is None:
        covariance = compute_hc3(fit) if kind == "hc3" else fit.classic
        return _Spread(covariance, np.full(columns, float(fit.df)), float(fit.df), fit.n, method, kind == "hc3")
    units = int(clusters.max()) + 1
    if kind == "cr1":
        covariance, df = compute_cr1(fit, clusters), np.full(columns, units - 1.0)
    else:
        covariance, df = compute_cr2(fit, clusters)
        method += ", df of Bell & McCaffrey"
    return _Spread(covariance, df, units - 1.0, units, f"{method}, {fit.n} rows of {units} clusters", True)


def _describe_model(analysis: str, fit: LeastSquares, spread: _Spread, *, warnings: tuple[str, ...]) -> Estimate:
    slopes = fit.coefficients[1:]
    df = float(len(slopes)), spread.model_df
    f: float | None = None
    if spread.units > len(slopes) + 1:
        f = keep_finite(slopes @ np.linalg.solve(spread.covariance[1:, 1:], slopes) / len(slopes))
    else:
        warnings = (*warnings, "fewer clusters than the test of all predictors needs: no F")
    adjusted = 1 - (1 - fit.r_squared) * (fit.n - 1) / fit.df
    return Estimate(
        analysis,
        "R squared",
        fit.r_squared,
        unit="share of variance",
        statistic=Statistic("F", f),
        df=df,
        p=None if f is None else keep_finite(stats.f.sf(f, *df)),
        effect_sizes=(EffectSize("R squared", fit.r_squared), EffectSize("adjusted R squared", adjusted)),
        n=spread.units,
        method=spread.method + (", Wald test of all predictors" if spread.robust else ", F test of all predictors"),
        warnings=warnings,
    )


def _describe_coefficients(
    analysis: str, matrix: ModelMatrix, fit: LeastSquares, spread: _Spread, *, unit: str, level: float
) -> list[Estimate]:
    results = []
    for index, name in enumerate(matrix.names):
        b, se = float(fit.coefficients[index]), float(np.sqrt(spread.covariance[index, index]))
        df = float(spread.df[index])
        reach = float(stats.t.ppf(1 - (1 - level) / 2, df))
        classic_t = b / float(np.sqrt(fit.classic[index, index]))
        partial = classic_t**2 / (classic_t**2 + fit.df)
        results.append(
            Estimate(
                analysis,
                name,
                b,
                unit=unit,
                se=se,
                ci_low=b - reach * se,
                ci_high=b + reach * se,
                ci_level=level,
                statistic=Statistic("t", b / se),
                df=(df,),
                p=float(2 * stats.t.sf(abs(b / se), df)),
                effect_sizes=(EffectSize("partial R squared", partial),) if index else (),
                n=spread.units,
                method=spread.method,
            )
        )
    return results


def compute_inflation(matrix: ModelMatrix) -> dict[str, float]:
    """Return the variance inflation factor of each column but the intercept, 1 / (1 - R squared on the others)."""
    slopes = matrix.values[:, 1:]
    if slopes.shape[1] < 2:
        return dict.fromkeys(matrix.names[1:], 1.0)
    inverse = np.linalg.inv(np.corrcoef(slopes, rowvar=False))
    return {name: float(inverse[i, i]) for i, name in enumerate(matrix.names[1:])}


def _warn_inflation(matrix: ModelMatrix) -> tuple[str, ...]:
    high = {name: vif for name, vif in compute_inflation(matrix).items() if vif > VIF_LIMIT and ":" not in name}
    if not high:
        return ()
    listed = ", ".join(f"{name} {vif:.0f}" for name, vif in high.items())
    return (f"predictors go together closely (variance inflation {listed}): their coefficients are mostly noise",)
