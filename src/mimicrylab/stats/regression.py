"""Ordinary least squares over people, with standard errors that unequal spread does not spoil.

HC3 (MacKinnon & White 1985; Long & Ervin 2000) is the default: it costs little where the spread is equal and is right
where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import UnknownNameError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.model_matrix import ModelMatrix, build_model_matrix, list_columns
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, check_sample, find_column, refuse_repeated_people

StandardErrors = Literal["hc3", "classic"]
STANDARD_ERRORS: dict[StandardErrors, str] = {"hc3": "HC3 standard errors", "classic": "classic standard errors"}
VIF_LIMIT = 10.0
"""Variance inflation above which a coefficient is mostly noise (a rule of thumb, Marquardt 1970)."""


def regress(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    references: Mapping[str, str] | None = None,
    errors: StandardErrors = "hc3",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Regress an outcome on predictors by ordinary least squares.

    Parameters
    ----------
    table
        One row a person; people without every value are left out and counted.
    predictors
        Columns; ``"a:b"`` is a product. Words are treatment-coded, see ``model_matrix``.
    references
        Column -> reference level.
    errors
        ``hc3`` (default; R: ``car::hccm(model, type = "hc3")``) or ``classic`` (R: ``summary(lm(...))``).

    Returns
    -------
    list of Estimate
        First the whole model (R squared, F test of all predictors; by Wald's test with HC3), then a line a coefficient:
        b with its interval, t and p. Partial R squared, t^2 / (t^2 + df) from classic errors, is the effect size.

    Raises
    ------
    RefusedError
        A person has several rows: they are not independent.
    InputError
        Too few people, an outcome or predictor without variation, predictors that determine each other.

    Examples
    --------
    >>> table = pl.DataFrame({"EQ": [40.0, 45, 50, 55, 60], "AU12": [0.1, 0.3, 0.2, 0.5, 0.4]})
    >>> [round(line.estimate, 3) for line in regress(table, "AU12", predictors=["EQ"])]
    [0.64, -0.5, 0.016]
    """
    if errors not in STANDARD_ERRORS:
        raise UnknownNameError("kind of standard errors", errors, STANDARD_ERRORS)
    refuse_repeated_people(table, person=person)
    used = [outcome, *list_columns(predictors)]
    numbers = table.select([find_column(table, name) for name in used])
    complete = numbers.with_columns(pl.selectors.float().fill_nan(None)).drop_nulls()
    y = complete[outcome].cast(pl.Float64).to_numpy()
    check_sample(Sample(outcome, y))
    matrix = build_model_matrix(complete, predictors, references=references)
    fit = _fit(matrix.values, y)
    covariance = _compute_hc3(matrix.values, fit) if errors == "hc3" else fit.classic
    missing = numbers.height - complete.height
    warnings = (f"{missing} people without every value left out",) if missing else ()
    analysis = f"{outcome} on {', '.join(predictors)}"
    whole = _describe_model(analysis, fit, covariance, errors=errors, warnings=(*warnings, *_warn_inflation(matrix)))
    return [whole, *_describe_coefficients(analysis, matrix, fit, covariance, errors=errors, unit=unit, level=level)]


@dataclass(frozen=True)
class _Fit:
    """A least-squares fit: coefficients, residuals, leverages, (X'X)^-1, residual df and R squared."""

    coefficients: FloatArray
    residuals: FloatArray
    leverage: FloatArray
    inverse: FloatArray
    df: int
    r_squared: float

    @property
    def n(self) -> int:
        return len(self.residuals)

    @property
    def classic(self) -> FloatArray:
        return np.asarray(self.inverse * float(self.residuals @ self.residuals) / self.df)


def _fit(x: FloatArray, y: FloatArray) -> _Fit:
    q, r = np.linalg.qr(x)
    coefficients = np.linalg.solve(r, q.T @ y)
    residuals = y - x @ coefficients
    inverse_root = np.linalg.inv(r)
    return _Fit(
        coefficients,
        residuals,
        (q**2).sum(axis=1),
        inverse_root @ inverse_root.T,
        len(y) - x.shape[1],
        1 - float(residuals @ residuals) / float(((y - y.mean()) ** 2).sum()),
    )


def _compute_hc3(x: FloatArray, fit: _Fit) -> FloatArray:
    scaled = x * (fit.residuals / (1 - fit.leverage))[:, None]
    return np.asarray(fit.inverse @ (scaled.T @ scaled) @ fit.inverse)


def _describe_model(
    analysis: str, fit: _Fit, covariance: FloatArray, *, errors: StandardErrors, warnings: tuple[str, ...]
) -> Estimate:
    slopes = fit.coefficients[1:]
    f = float(slopes @ np.linalg.solve(covariance[1:, 1:], slopes)) / len(slopes)
    df = float(len(slopes)), float(fit.df)
    adjusted = 1 - (1 - fit.r_squared) * (fit.n - 1) / fit.df
    return Estimate(
        analysis,
        "R squared",
        fit.r_squared,
        unit="share of variance",
        statistic=Statistic("F", keep_finite(f)),
        df=df,
        p=keep_finite(stats.f.sf(f, *df)),
        effect_sizes=(EffectSize("R squared", fit.r_squared), EffectSize("adjusted R squared", adjusted)),
        n=fit.n,
        method=f"ordinary least squares, {STANDARD_ERRORS[errors]}"
        + (", Wald test of all predictors" if errors == "hc3" else ", F test of all predictors"),
        warnings=warnings,
    )


def _describe_coefficients(
    analysis: str,
    matrix: ModelMatrix,
    fit: _Fit,
    covariance: FloatArray,
    *,
    errors: StandardErrors,
    unit: str,
    level: float,
) -> list[Estimate]:
    reach = float(stats.t.ppf(1 - (1 - level) / 2, fit.df))
    results = []
    for index, name in enumerate(matrix.names):
        b, se = float(fit.coefficients[index]), float(np.sqrt(covariance[index, index]))
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
                df=(float(fit.df),),
                p=float(2 * stats.t.sf(abs(b / se), fit.df)),
                effect_sizes=(EffectSize("partial R squared", partial),) if index else (),
                n=fit.n,
                method=f"ordinary least squares, {STANDARD_ERRORS[errors]}",
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
