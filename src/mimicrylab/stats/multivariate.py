"""Several outcomes at once (multivariate regression, MANOVA): first whether there is any effect, then in which outcome.

One F for all outcomes guards against finding something in one of many; the table an outcome says where. With n people,
p outcomes and a predictor of q columns the error df of that F depend on p: 145 people, two arms and 11 action units
give F(11, 133), not F(1, 143).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl
from scipy import linalg, stats

from mimicrylab.errors import InputError
from mimicrylab.stats.adjustment import Adjustment, adjust_family
from mimicrylab.stats.effect_sizes import explain_share
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic
from mimicrylab.stats.model_matrix import build_model_matrix, keep_complete_rows, list_columns, take_numbers
from mimicrylab.stats.regression import StandardErrors, regress
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, check_sample, refuse_repeated_people

MultivariateStatistic = Literal["wilks", "pillai", "hotelling", "roy"]
STATISTIC_NAMES: dict[MultivariateStatistic, str] = {
    "wilks": "Wilks' lambda",
    "pillai": "Pillai's trace",
    "hotelling": "Hotelling-Lawley trace",
    "roy": "Roy's largest root",
}
COLLINEARITY = 1e-9


def compare_outcomes(
    table: pl.DataFrame,
    outcomes: Sequence[str],
    *,
    predictors: Sequence[str],
    references: Mapping[str, str] | None = None,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Test each predictor's effect on all outcomes together (MANOVA, multivariate regression).

    Parameters
    ----------
    table
        One row a person; people without every value are left out and counted.
    outcomes
        Two or more columns of numbers.
    predictors, references
        As in ``regression.regress``. Each predictor is tested beside all others (its columns against none); with a
        product in the model the test of ``a`` is that at 0, or the reference level, of ``b``.

    Returns
    -------
    list of Estimate
        For each predictor Wilks' lambda (the one to report), Pillai's trace (safest where spreads differ between
        groups), Hotelling-Lawley trace and Roy's largest root, each with Rao's, Pillai's, Hotelling's F and Roy's upper
        bound as in R's ``summary.manova``. With one column a predictor all four F are the same and exact. Partial eta
        squared is 1 - lambda^(1/s), V/s, T/(T + s), theta/(1 + theta) with s = min(outcomes, columns); its interval
        comes from the noncentral F where s = 1 and is not given elsewhere.

    Raises
    ------
    RefusedError
        A person has several rows.
    InputError
        Fewer than two outcomes, one that does not vary or follows from the others, too few people.

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a", "b"] * 4, "AU6": [1.0, 2, 2, 3, 1, 4, 3, 3],
    ...                       "AU12": [2.0, 3, 1, 4, 2, 2, 5, 4]})
    >>> wilks = compare_outcomes(table, ["AU6", "AU12"], predictors=["arm"])[0]
    >>> round(wilks.estimate, 3), wilks.df
    (0.603, (2.0, 5.0))
    """
    refuse_repeated_people(table, person=person)
    complete, warnings = keep_complete_rows(table, [*outcomes, *list_columns(predictors)])
    values = _take_outcomes(complete, outcomes)
    matrix = build_model_matrix(complete, predictors, references=references)
    df_residual = complete.height - matrix.values.shape[1]
    if df_residual < len(outcomes):
        raise InputError(
            "fewer people than this many outcomes need",
            expected=f"at least {len(outcomes) + matrix.values.shape[1]}",
            found=str(complete.height),
            do="fewer outcomes, or a composite",
        )
    coefficients, error, inverse = _fit(matrix.values, values)
    _refuse_dependence(error, outcomes)
    results = []
    for predictor in predictors:
        columns = matrix.find_columns(predictor)
        b = coefficients[columns]
        hypothesis = b.T @ np.linalg.solve(inverse[np.ix_(columns, columns)], b)
        roots = np.maximum(linalg.eigh(hypothesis, error, eigvals_only=True), 0.0)
        for kind in STATISTIC_NAMES:
            results.append(
                replace(
                    _test_roots(roots, kind, columns=len(columns), df_residual=df_residual, level=level),
                    analysis=f"{', '.join(outcomes)} on {', '.join(predictors)}",
                    term=predictor,
                    n=complete.height,
                    warnings=warnings,
                )
            )
    return results


def regress_outcomes(
    table: pl.DataFrame,
    outcomes: Sequence[str],
    *,
    predictors: Sequence[str],
    references: Mapping[str, str] | None = None,
    errors: StandardErrors = "hc3",
    adjustment: Adjustment = "holm",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Return the table an outcome that belongs to ``compare_outcomes``: every coefficient of every outcome.

    The same complete people as in the test of all. Terms read ``AU12: arm[b]``; intercepts are left out. p is corrected
    over the outcomes, a family for each coefficient. ``errors`` as in ``regression.regress``; ``classic`` repeats
    published tables.
    """
    complete, warnings = keep_complete_rows(
        table, [*outcomes, *list_columns(predictors), *([person] if person in table.columns else [])]
    )
    _take_outcomes(complete, outcomes)
    lines = []
    for outcome in outcomes:
        fitted = regress(
            complete,
            outcome,
            predictors=predictors,
            references=references,
            errors=errors,
            unit=unit,
            person=person,
            level=level,
        )
        lines.append([replace(line, warnings=(*warnings, *line.warnings)) for line in fitted[2:]])
    families = [
        adjust_family(list(family), family=f"{family[0].term} over outcomes", method=adjustment)
        for family in zip(*lines, strict=True)
    ]
    return [
        replace(line, term=f"{outcome}: {line.term}")
        for outcome, row in zip(outcomes, zip(*families, strict=True), strict=True)
        for line in row
    ]


def _take_outcomes(table: pl.DataFrame, outcomes: Sequence[str]) -> FloatArray:
    if len(set(outcomes)) < max(len(outcomes), 2):
        raise InputError("several different outcomes are needed", where="outcomes", found=", ".join(outcomes) or "none")
    values = take_numbers(table, outcomes)
    for name, column in zip(outcomes, values.T, strict=True):
        check_sample(Sample(name, column))
    return values


def _fit(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    q, r = np.linalg.qr(x)
    coefficients = np.linalg.solve(r, q.T @ y)
    residuals = y - x @ coefficients
    root = np.linalg.inv(r)
    return coefficients, residuals.T @ residuals, root @ root.T


def _refuse_dependence(error: FloatArray, outcomes: Sequence[str]) -> None:
    sizes = np.sqrt(np.diag(error))
    if sizes.min() == 0 or np.linalg.eigvalsh(error / np.outer(sizes, sizes))[0] < COLLINEARITY:
        raise InputError(
            "an outcome follows from the others or from the predictors",
            where="outcomes",
            found=", ".join(outcomes),
            do="leave out composites whose parts are outcomes, too",
        )


def _test_roots(
    roots: FloatArray, kind: MultivariateStatistic, *, columns: int, df_residual: int, level: float
) -> Estimate:
    """Return one of the four statistics of the roots of E^-1 H, with its F, df, p and partial eta squared."""
    p, q, v = len(roots), columns, df_residual
    s = min(p, q)
    m, n = (abs(p - q) - 1) / 2, (v - p - 1) / 2
    if kind == "wilks":
        value = float(np.exp(-np.log1p(roots).sum()))
        spread = p * p + q * q - 5
        t = math.sqrt((p * p * q * q - 4) / spread) if spread > 0 else 1.0
        df = float(p * q), (v - (p - q + 1) / 2) * t - (p * q - 2) / 2
        share = 1 - value ** (1 / s)
        f = (value ** (-1 / t) - 1) * df[1] / df[0]
    elif kind == "pillai":
        value = float((roots / (1 + roots)).sum())
        df = s * (2 * m + s + 1), s * (2 * n + s + 1)
        share = value / s
        f = value / (s - value) * df[1] / df[0]
    elif kind == "hotelling":
        value = float(roots.sum())
        df = s * (2 * m + s + 1), 2 * (s * n + 1)
        share = value / (value + s)
        f = value / s * df[1] / df[0]
    else:
        value = float(roots.max())
        widest = max(p, q)
        df = float(widest), float(v - widest + q)
        share = value / (1 + value)
        f = value * df[1] / df[0]
    effect = replace(explain_share(f, *df, level=level), value=share)
    bound = ", F is an upper bound" if kind == "roy" and s > 1 else ""
    return Estimate(
        "",
        "",
        value,
        unit=STATISTIC_NAMES[kind],
        ci_level=level,
        statistic=Statistic("F", f),
        df=df,
        p=float(stats.f.sf(f, *df)),
        effect_sizes=(effect if s == 1 else replace(effect, ci_low=None, ci_high=None),),
        method=f"multivariate regression, {STATISTIC_NAMES[kind]}{bound}",
    )
