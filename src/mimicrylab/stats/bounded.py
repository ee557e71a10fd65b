"""Outcomes between 0 and 1 with many at the floor: fractional logit, and a two-part model.

A presence rate or a share cannot be below 0 or above 1 and is often exactly 0, so that a straight line and its errors
are wrong at the ends. The fractional logit (Papke & Wooldridge 1996) models the mean and needs nothing else to be
right; the two-part model (Cragg 1971; Duan et al. 1983) asks first whether anything moved, then how much. Frames are
never binomial trials: those of one second know each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import special, stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.least_squares import check_leverage, compute_hc3, fit_least_squares
from mimicrylab.stats.model_matrix import (
    ModelMatrix,
    build_model_matrix,
    keep_complete_rows,
    list_columns,
    take_numbers,
)
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, check_sample, refuse_repeated_people

MAXIMUM_STEPS = 100
ENDLESS = 30.0
"""A linear predictor this far from 0 is a share of exactly 0 or 1: no finite coefficient."""

STEP = 1e-6
"""Of the numerical derivatives of marginal effects."""


def regress_share(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    references: Mapping[str, str] | None = None,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Regress an outcome from 0 to 1 by fractional logit: mean = 1 / (1 + exp(-x b)).

    Parameters
    ----------
    table
        One row a person; people without every value are left out and counted.
    predictors, references
        As in ``regression.regress``.

    Returns
    -------
    list of Estimate
        For each column its log odds b with HC3 errors and t with n - columns df (R: ``glm(family = quasibinomial)``,
        ``sandwich::vcovHC``); then, for each predictor that is in no product, its average marginal effect in the
        outcome's own unit (delta method): what one unit, or the level against the reference, changes on average.

    Raises
    ------
    RefusedError
        A person has several rows.
    InputError
        An outcome outside 0 to 1 or without variation, dependence, or a group that is all 0 or all 1.

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a"] * 4 + ["b"] * 4, "rate": [0.0, 0.1, 0.0, 0.3, 0.2, 0.4, 0.1, 0.5]})
    >>> lines = regress_share(table, "rate", predictors=["arm"])
    >>> [(line.term, round(line.estimate, 3)) for line in lines[1:]]
    [('arm[b]', 1.35), ('average marginal effect of arm[b]', 0.2)]
    """
    y, matrix, warnings = _prepare(table, outcome, predictors, references, person)
    if y.min() < 0 or y.max() > 1:
        raise InputError(
            "the outcome is no share",
            where=f"column {outcome!r}",
            expected="0 to 1",
            found=f"{y.min():g} to {y.max():g}",
            do="divide by the largest value that is possible",
        )
    part = _fit_logit(matrix, y, what=f"column {outcome!r}")
    pattern = Estimate(
        f"{outcome} on {', '.join(predictors)}",
        "",
        None,
        ci_level=level,
        n=len(y),
        method="fractional logit, HC3 standard errors",
        warnings=warnings,
    )
    lines = _describe_part(part, matrix, replace(pattern, unit="log odds"), prefix="", odds=True)
    effects = _find_effects(matrix, part.coefficients, part.covariance, special.expit, df=part.df, pattern=pattern)
    return [*lines, *effects]


def regress_two_parts(
    table: pl.DataFrame,
    outcome: str,
    *,
    predictors: Sequence[str],
    floor: float = 0.0,
    references: Mapping[str, str] | None = None,
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Regress first whether the outcome is above its floor (logit), then how much above (least squares), then both.

    Parameters
    ----------
    floor
        The outcome's lowest value: at or below it nothing moved.

    Returns
    -------
    list of Estimate
        ``any: ...``, log odds of being above the floor; ``amount: ...``, coefficients of the outcome among those above
        it; both with HC3 errors (R: ``glm(y > floor, family = binomial)``, ``lm(subset = y > floor)``); then ``overall:
        ...``, the average marginal effect on the expected outcome, floor + P(any) times the amount above the floor
        (delta method; the parts are uncorrelated), for each predictor that is in no product.

    Raises
    ------
    RefusedError
        A person has several rows.
    InputError
        Nobody, or nearly everybody, at the floor; dependence; a group that is all at the floor or all above.

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a"] * 6 + ["b"] * 6,
    ...                       "AU12": [0.0, 0, 0, 0, 0.2, 0.4, 0.0, 0, 0.3, 0.5, 0.6, 0.8]})
    >>> lines = regress_two_parts(table, "AU12", predictors=["arm"])
    >>> lines[-1].term, round(lines[-1].estimate, 3)
    ('overall: average marginal effect of arm[b]', 0.267)
    """
    y, matrix, warnings = _prepare(table, outcome, predictors, references, person)
    above = y > floor
    columns = len(matrix.names)
    if above.all() or above.sum() <= columns + 1 or (~above).sum() <= columns:
        raise InputError(
            "both parts need people",
            where=f"column {outcome!r}",
            expected=f"more than {columns} at the floor and more than {columns + 1} above",
            found=f"{(~above).sum()} and {above.sum()}",
            do="without a floor use a regression; with hardly anybody above it report the share",
        )
    first = _fit_logit(matrix, above.astype(np.float64), what=f"{outcome!r} above {floor:g}")
    check_sample(Sample(f"{outcome} above {floor:g}", y[above]))
    chosen = matrix.values[above]
    if np.linalg.matrix_rank(chosen) < columns:
        raise InputError("among those above the floor the predictors do not vary", where=f"column {outcome!r}")
    fit = fit_least_squares(chosen, y[above])
    second = _Part(fit.coefficients, compute_hc3(fit), float(fit.df))
    pattern = Estimate(
        f"{outcome} on {', '.join(predictors)}, two parts", "", None, ci_level=level, n=len(y), warnings=warnings
    )
    both = np.zeros((2 * columns, 2 * columns))
    both[:columns, :columns], both[columns:, columns:] = first.covariance, second.covariance

    def expect(linear: FloatArray) -> FloatArray:
        return np.asarray(floor + special.expit(linear[0]) * (linear[1] - floor))

    any_lines = _describe_part(
        first,
        matrix,
        replace(pattern, unit="log odds", method="two-part model, any: logit, HC3 standard errors"),
        prefix="any: ",
        odds=True,
    )
    amount = _describe_part(
        second,
        matrix,
        replace(
            pattern,
            unit=unit,
            n=int(above.sum()),
            method="two-part model, amount: ordinary least squares above the floor, HC3 standard errors",
        ),
        prefix="amount: ",
        odds=False,
    )
    overall = _find_effects(
        matrix,
        np.concatenate([first.coefficients, second.coefficients]),
        both,
        expect,
        df=second.df,
        pattern=replace(pattern, unit=unit, method="two-part model, both parts, delta method"),
        parts=2,
    )
    return [*any_lines, *amount, *(replace(line, term=f"overall: {line.term}") for line in overall)]


@dataclass(frozen=True)
class _Part:
    coefficients: FloatArray
    covariance: FloatArray
    df: float


def _prepare(
    table: pl.DataFrame, outcome: str, predictors: Sequence[str], references: Mapping[str, str] | None, person: str
) -> tuple[FloatArray, ModelMatrix, tuple[str, ...]]:
    refuse_repeated_people(table, person=person)
    complete, warnings = keep_complete_rows(table, [outcome, *list_columns(predictors)])
    y = take_numbers(complete, [outcome])[:, 0]
    check_sample(Sample(outcome, y))
    return y, build_model_matrix(complete, predictors, references=references), warnings


def _fit_logit(matrix: ModelMatrix, y: FloatArray, *, what: str) -> _Part:
    """Return the Bernoulli quasi-likelihood's maximum by Newton steps, with HC3 covariance."""
    x = matrix.values
    b = np.zeros(x.shape[1])
    b[0] = special.logit(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    for _ in range(MAXIMUM_STEPS):
        share = special.expit(x @ b)
        weight = share * (1 - share)
        if weight.max() < 1e-10 or np.abs(x @ b).max() > ENDLESS:
            break
        information = x.T @ (x * weight[:, None])
        step = np.linalg.lstsq(information, x.T @ (y - share), rcond=None)[0]
        b = b + step
        if np.abs(x @ step).max() < 1e-11:
            inverse = np.linalg.inv(information)
            leverage = weight * np.einsum("ij,jk,ik->i", x, inverse, x)
            check_leverage(leverage)
            scores = x * ((y - share) / (1 - leverage))[:, None]
            return _Part(b, inverse @ (scores.T @ scores) @ inverse, float(len(y) - x.shape[1]))
    raise InputError(
        "no finite coefficient: in some group the outcome is 0, or 1, for everybody",
        where=what,
        do="leave that predictor out, or compare shares by Fisher's test",
    )


def _describe_part(part: _Part, matrix: ModelMatrix, pattern: Estimate, *, prefix: str, odds: bool) -> list[Estimate]:
    lines = []
    for place, name in enumerate(matrix.names):
        line = _describe(
            pattern, prefix + name, float(part.coefficients[place]), float(part.covariance[place, place]), part.df
        )
        if odds and place and line.estimate is not None and line.ci_low is not None and line.ci_high is not None:
            with np.errstate(over="ignore"):
                ratio = [keep_finite(np.exp(value)) for value in (line.estimate, line.ci_low, line.ci_high)]
            line = replace(line, effect_sizes=(EffectSize("odds ratio", *ratio),))
        lines.append(line)
    return lines


def _describe(pattern: Estimate, term: str, value: float, variance: float, df: float) -> Estimate:
    se = float(np.sqrt(variance))
    reach = float(stats.t.ppf((1 + pattern.ci_level) / 2, df)) * se
    return replace(
        pattern,
        term=term,
        estimate=value,
        se=se,
        ci_low=value - reach,
        ci_high=value + reach,
        statistic=Statistic("t", value / se),
        df=(df,),
        p=float(2 * stats.t.sf(abs(value / se), df)),
    )


def _find_effects(
    matrix: ModelMatrix,
    coefficients: FloatArray,
    covariance: FloatArray,
    expect: Callable[[FloatArray], FloatArray],
    *,
    df: float,
    pattern: Estimate,
    parts: int = 1,
) -> list[Estimate]:
    """Return the average marginal effect of each column that is in no product."""
    multiplied = {name for source in matrix.sources if ":" in source for name in source.split(":")}
    lines = []
    for place, (name, source) in enumerate(zip(matrix.names, matrix.sources, strict=True)):
        if place == 0 or ":" in source or source in multiplied:
            continue

        def average(b: FloatArray, column: int = place, predictor: str = source) -> float:
            return _average_effect(matrix, b.reshape(parts, -1), expect, column, predictor)

        gradient = np.array(
            [
                (average(coefficients + step) - average(coefficients - step)) / (2 * STEP)
                for step in STEP * np.eye(len(coefficients))
            ]
        )
        variance = float(gradient @ covariance @ gradient)
        lines.append(_describe(pattern, f"average marginal effect of {name}", average(coefficients), variance, df))
    return lines


def _average_effect(
    matrix: ModelMatrix, b: FloatArray, expect: Callable[[FloatArray], FloatArray], column: int, predictor: str
) -> float:
    def predict(x: FloatArray) -> FloatArray:
        return expect(x @ b[0] if len(b) == 1 else np.array([x @ row for row in b]))

    if matrix.names[column] == predictor:
        size = 1e-4 * float(matrix.values[:, column].std())
        high, low = matrix.values.copy(), matrix.values.copy()
        high[:, column] += size
        low[:, column] -= size
        return float((predict(high) - predict(low)).mean()) / (2 * size)
    here, reference = matrix.values.copy(), matrix.values.copy()
    here[:, matrix.find_columns(predictor)] = 0.0
    reference[:, matrix.find_columns(predictor)] = 0.0
    here[:, column] = 1.0
    return float((predict(here) - predict(reference)).mean())
