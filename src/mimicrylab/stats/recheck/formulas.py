"""What follows from printed numbers, as functions of arrays: t, its df, p, effect sizes, critical values."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special, stats

from mimicrylab.stats.recheck.printed import Array, Interval, find_range

LARGEST_DF = 1e7
"""Beyond this a t distribution is a normal one to more digits than are ever printed."""


def compute_student(mean_1: Array, sd_1: Array, n_1: float, mean_2: Array, sd_2: Array, n_2: float) -> Array:
    """Return t with a pooled variance."""
    pooled = ((n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2) / (n_1 + n_2 - 2)
    return np.asarray((mean_1 - mean_2) / np.sqrt(pooled * (1 / n_1 + 1 / n_2)))


def compute_welch(mean_1: Array, sd_1: Array, n_1: float, mean_2: Array, sd_2: Array, n_2: float) -> Array:
    """Return t with separate variances."""
    return np.asarray((mean_1 - mean_2) / np.sqrt(sd_1**2 / n_1 + sd_2**2 / n_2))


def compute_welch_df(sd_1: Array, n_1: float, sd_2: Array, n_2: float) -> Array:
    """Return Welch and Satterthwaite's degrees of freedom."""
    first, second = sd_1**2 / n_1, sd_2**2 / n_2
    return np.asarray((first + second) ** 2 / (first**2 / (n_1 - 1) + second**2 / (n_2 - 1)))


def bound_welch_df(sd_1: Interval, n_1: int, sd_2: Interval, n_2: int) -> Interval:
    """Return the range of Welch's df; it is highest where the squared errors are as n - 1, which may lie inside."""
    found = find_range(lambda a, b: compute_welch_df(a, n_1, b, n_2), sd_1, sd_2)
    ratio = find_range(lambda a, b: (a**2 / n_1) / (b**2 / n_2), sd_1, sd_2)
    inside = ratio.low <= (n_1 - 1) / (n_2 - 1) <= ratio.high if n_2 > 1 else False
    return Interval(found.low, float(n_1 + n_2 - 2)) if inside else found


def compute_p_of_t(t: Array, df: Array) -> Array:
    """Return the two-sided p of t; df may be infinite."""
    return np.asarray(2 * special.stdtr(np.minimum(df, LARGEST_DF), -np.abs(t)))


def compute_p_of_f(f: Array, df_1: Array, df_2: Array) -> Array:
    """Return the p of F."""
    return np.asarray(special.fdtrc(df_1, np.minimum(df_2, LARGEST_DF), np.maximum(f, 0)))


def compute_p_of_z(z: Array) -> Array:
    """Return the two-sided p of z."""
    return np.asarray(2 * special.ndtr(-np.abs(z)))


def compute_p_of_chi2(chi2: Array, df: Array) -> Array:
    """Return the p of chi squared."""
    return np.asarray(special.chdtrc(df, np.maximum(chi2, 0)))


def find_critical(df: Interval, level: float) -> Interval:
    """Return the critical values of t for an interval of that level."""
    tail = (1 - level) / 2
    values = [float(special.stdtrit(min(each, LARGEST_DF), 1 - tail)) for each in (df.high, df.low)]
    return Interval(*values)


def find_df(critical: Interval, level: float) -> Interval | None:
    """Return the degrees of freedom whose critical values lie in an interval; None where there are none.

    Examples
    --------
    >>> found = find_df(Interval(1.9639, 1.9641), 0.95)
    >>> found is not None and found.low < 586 < found.high
    True
    """
    normal = float(stats.norm.isf((1 - level) / 2))
    if critical.high < normal * (1 - 1e-9):
        return None
    return Interval(_invert(critical.high, level, normal), _invert(critical.low, level, normal))


def _invert(critical: float, level: float, normal: float) -> float:
    if critical <= normal * (1 + 1e-7):
        return math.inf
    tail = (1 - level) / 2

    def miss(log_df: float) -> float:
        return float(special.stdtrit(math.exp(log_df), 1 - tail)) - critical

    low, high = math.log(0.5), math.log(LARGEST_DF)
    if miss(low) < 0:
        return 0.5
    return math.exp(float(optimize.brentq(miss, low, high))) if miss(high) < 0 else math.inf


def list_d_formulas(
    means: tuple[Interval, Interval] | None, sds: tuple[Interval, Interval] | None,
    t: Interval | None, counts: tuple[int, int] | None,
) -> list[Interval]:  # fmt: skip
    """Return the ranges of |d| by the formulas in use: pooled SD, mean of variances, either SD, from t."""
    found: list[Interval] = []
    if means is not None and sds is not None:
        difference = find_range(lambda a, b: a - b, *means)
        if counts is not None:
            n_1, n_2 = counts
            weights = (n_1 - 1) / (n_1 + n_2 - 2), (n_2 - 1) / (n_1 + n_2 - 2)
            found.append(find_range(lambda m, a, b: m / np.sqrt(weights[0] * a**2 + weights[1] * b**2),
                                    difference, *sds))  # fmt: skip
        found.append(find_range(lambda m, a, b: m / np.sqrt((a**2 + b**2) / 2), difference, *sds))
        found += [find_range(lambda m, a: m / a, difference, sd) for sd in sds]
    if t is not None and counts is not None:
        n_1, n_2 = counts
        found.append(find_range(lambda value: value * math.sqrt(1 / n_1 + 1 / n_2), t))
        found.append(find_range(lambda value: 2 * value / math.sqrt(n_1 + n_2 - 2), t))
        found.append(find_range(lambda value: 2 * value / math.sqrt(n_1 + n_2), t))
    return [each.magnitude for each in found]


def correct_small_sample(df: float) -> float:
    """Return the factor from d to Hedges' g, exact."""
    return math.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)
