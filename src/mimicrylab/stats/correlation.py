"""Correlations over people, with intervals; many at once, sorted and corrected; and what reliability allows.

A correlation between two measures cannot exceed the square root of the product of their reliabilities: a mimicry score
with a split-half reliability of .3 correlates with nothing at .6 in the long run, whatever the truth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.adjustment import Adjustment, adjust_family
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.samples import PERSON, FloatArray, take_columns

CorrelationMethod = Literal["pearson", "spearman", "kendall"]
CORRELATION_METHODS: tuple[CorrelationMethod, ...] = ("pearson", "spearman", "kendall")
PERFECT = 1 - 1e-12
"""A correlation this close to 1 is 1 but for rounding."""

MINIMUM_FOR_INTERVAL = 5
"""People from which Fisher's z and Kendall's variance n - 4 give an interval."""


def correlate(
    table: pl.DataFrame,
    first: str,
    *,
    second: str,
    method: CorrelationMethod = "pearson",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Estimate:
    """Correlate two measures over people.

    Parameters
    ----------
    table
        One row a person; people without both measures are left out and counted.
    method
        ``pearson``: interval by Fisher's z, standard error 1 / sqrt(n - 3); p by t. As R's ``cor.test``.
        ``spearman``: interval by Fisher's z with the variance (1 + r^2 / 2) / (n - 3) of Bonett & Wright (2000); p by t
        (R: ``cor.test(..., method = "spearman", exact = FALSE)``).
        ``kendall``: tau-b, variance .437 / (n - 4) of Fieller, Hartley & Pearson (1957) as Bonett & Wright (2000) use
        it; p by the normal distribution with ties (R: ``exact = FALSE``).

    Returns
    -------
    Estimate
        The correlation; its interval is None below 5 people or where it is 1 or -1.

    Examples
    --------
    >>> table = pl.DataFrame({"EQ": [40.0, 45, 50, 55, 60], "AU12": [0.1, 0.3, 0.2, 0.5, 0.4]})
    >>> round(correlate(table, "AU12", second="EQ").estimate, 2)
    0.8
    """
    if method not in CORRELATION_METHODS:
        raise UnknownNameError("method", method, CORRELATION_METHODS)
    values, warnings = take_columns(table, [first, second], person=person)
    x, y = values[:, 0], values[:, 1]
    n = len(x)
    r, statistic, df, p = _compute(x, y, method=method)
    low, high = bound_correlation(r, n, method=method, level=level)
    name = {"pearson": "Pearson's r", "spearman": "Spearman's rho", "kendall": "Kendall's tau-b"}[method]
    p_by = {"pearson": "p by t", "spearman": "p by t approximation", "kendall": "p by normal approximation with ties"}
    return Estimate(
        f"{first} with {second}",
        first,
        r,
        unit=name,
        ci_low=low,
        ci_high=high,
        ci_level=level,
        statistic=statistic,
        df=df,
        p=p,
        effect_sizes=(EffectSize(name, r, low, high),),
        n=n,
        method=f"{name}, two-sided, {p_by[method]}, interval by Fisher's z",
        warnings=warnings,
    )


def _compute(
    x: FloatArray, y: FloatArray, *, method: CorrelationMethod
) -> tuple[float, Statistic, tuple[float, ...], float | None]:
    n = len(x)
    if method == "kendall":
        test = stats.kendalltau(x, y, method="asymptotic")
        p = float(test.pvalue)
        z = float(np.copysign(stats.norm.isf(p / 2), test.statistic)) if p > 0 else math.nan
        return float(test.statistic), Statistic("z", keep_finite(z)), (), keep_finite(p)
    if method == "spearman":
        x, y = stats.rankdata(x), stats.rankdata(y)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))
    df = float(n - 2)
    if abs(r) >= PERFECT:
        return r, Statistic("t", None), (df,), 0.0
    t = r * math.sqrt(df / (1 - r * r))
    return r, Statistic("t", t), (df,), float(2 * stats.t.sf(abs(t), df))


def bound_correlation(
    r: float, n: int, *, method: CorrelationMethod = "pearson", level: float = DEFAULT_LEVEL
) -> tuple[float | None, float | None]:
    """Return the interval of a correlation by Fisher's z, see ``correlate``."""
    if n < MINIMUM_FOR_INTERVAL or abs(r) >= PERFECT:
        return None, None
    variance = {
        "pearson": 1 / (n - 3),
        "spearman": (1 + r * r / 2) / (n - 3),
        "kendall": 0.437 / (n - 4),
    }[method]
    reach = float(stats.norm.ppf(1 - (1 - level) / 2)) * math.sqrt(variance)
    z = math.atanh(r)
    return math.tanh(z - reach), math.tanh(z + reach)


def correlate_many(
    table: pl.DataFrame,
    measures: Sequence[str],
    *,
    trait: str,
    method: CorrelationMethod = "pearson",
    adjustment: Adjustment = "holm",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> list[Estimate]:
    """Correlate many measures with one trait: sorted from the most positive, p corrected over all of them.

    A measure that cannot be tested (the same for everybody, too few people) stands at the end with a warning.

    Raises
    ------
    InputError
        No measure is named.
    """
    if not measures:
        raise InputError("no measure to correlate", where="measures", expected="at least one column")
    results = []
    for measure in measures:
        try:
            results.append(correlate(table, measure, second=trait, method=method, person=person, level=level))
        except UnknownNameError:
            raise
        except InputError as error:
            reason = error.describe().replace("\n ", ";")
            results.append(Estimate(f"{measure} with {trait}", measure, None, warnings=(reason,)))
    results.sort(key=lambda result: (result.estimate is None, -(result.estimate or 0.0), result.term))
    return adjust_family(results, family=f"correlations with {trait}", method=adjustment)


def limit_correlation(reliability: float, other_reliability: float = 1.0) -> float:
    """Return the largest correlation that two reliabilities allow, sqrt(r_xx r_yy) (Spearman 1904).

    A reliability below 0 counts as 0: such a measure can correlate with nothing.

    Raises
    ------
    InputError
        A reliability is outside -1 to 1.

    Examples
    --------
    >>> round(limit_correlation(0.36, 0.9), 3)
    0.569
    """
    for value in (reliability, other_reliability):
        if not -1 <= value <= 1:
            raise InputError("a reliability lies between -1 and 1", found=f"{value:g}")
    return math.sqrt(max(reliability, 0.0) * max(other_reliability, 0.0))
