"""Standardised differences and rank-biserial correlations, with their intervals.

Intervals of d and g come from the noncentral t distribution (Steiger & Fouladi 1997), with the standardiser and
degrees of freedom of the test they stand beside: pooled SD for Student, the average SD for Welch (Delacre et al.
2021), the SD of the differences for pairs (d_z). Hedges' g is d times the exact correction (gamma functions), not
the approximation 1 - 3/(4 df - 1).
"""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special, stats

from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, keep_finite
from mimicrylab.stats.samples import FloatArray

MAXIMUM_STEPS = 60
"""Doublings of the bracket around a noncentrality before the search is given up (None is returned)."""


def correct_small_sample(df: float) -> float:
    """Return Hedges' exact correction J(df) = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)), from Hedges (1981).

    Examples
    --------
    >>> round(correct_small_sample(10), 4)
    0.9227
    """
    return math.exp(special.gammaln(df / 2) - math.log(math.sqrt(df / 2)) - special.gammaln((df - 1) / 2))


def bound_noncentrality(t: float, df: float, *, level: float = DEFAULT_LEVEL) -> tuple[float | None, float | None]:
    """Return the noncentralities for which ``t`` is the upper and the lower quantile: an interval for t's own mean.

    A limit is None where scipy's noncentral t distribution gives nan (very far out).
    """
    tail = (1 - level) / 2
    return _find_noncentrality(t, df, 1 - tail), _find_noncentrality(t, df, tail)


def _find_noncentrality(t: float, df: float, probability: float) -> float | None:
    def miss(noncentrality: float) -> float:
        return float(stats.nct.cdf(t, df, noncentrality)) - probability

    width = 1.0
    for _ in range(MAXIMUM_STEPS):
        low, high = miss(t - width), miss(t + width)
        if math.isnan(low) or math.isnan(high):
            return None
        if low > 0 > high:
            return float(optimize.brentq(miss, t - width, t + width, xtol=1e-12))
        width *= 1.5
    return None


def standardise_difference(
    first: FloatArray, second: FloatArray, *, standardiser: str = "pooled", level: float = DEFAULT_LEVEL
) -> tuple[EffectSize, EffectSize]:
    """Return Cohen's d and Hedges' g of two independent groups, ``first - second``, with noncentral-t intervals.

    ``standardiser`` is ``"pooled"`` (n-weighted variance; df = n - 2) or ``"average"`` (plain mean of both variances;
    Welch's df), as in R: ``effectsize::cohens_d(a, b, pooled_sd = TRUE | FALSE)``.
    """
    n1, n2 = len(first), len(second)
    v1, v2 = float(np.var(first, ddof=1)), float(np.var(second, ddof=1))
    difference = float(np.mean(first) - np.mean(second))
    if standardiser == "pooled":
        df = float(n1 + n2 - 2)
        sd = math.sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / df)
        scale = math.sqrt(1 / n1 + 1 / n2)
    else:
        df = (v1 / n1 + v2 / n2) ** 2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
        sd = math.sqrt((v1 + v2) / 2)
        scale = math.sqrt(2 * (n2 * v1 + n1 * v2) / (n1 * n2 * (v1 + v2)))
    return _build_effects(difference, sd, scale, df, name=f"{standardiser} SD", level=level)


def standardise_mean(differences: FloatArray, *, level: float = DEFAULT_LEVEL) -> tuple[EffectSize, EffectSize]:
    """Return d_z and g_z: the mean of the values (differences from the null) by their SD, with noncentral-t intervals.

    As in R: ``effectsize::cohens_d(x)``.
    """
    n = len(differences)
    sd = float(np.std(differences, ddof=1))
    return _build_effects(
        float(np.mean(differences)), sd, 1 / math.sqrt(n), float(n - 1), name="SD of the differences", level=level
    )


def _build_effects(
    difference: float, sd: float, scale: float, df: float, *, name: str, level: float
) -> tuple[EffectSize, EffectSize]:
    d = difference / sd
    low, high = bound_noncentrality(d / scale, df, level=level)
    limits = [limit * scale if limit is not None else None for limit in (low, high)]
    correction = correct_small_sample(df)
    corrected = [limit * correction if limit is not None else None for limit in limits]
    return (
        EffectSize(f"Cohen's d ({name})", keep_finite(d), *limits),
        EffectSize(f"Hedges' g ({name})", keep_finite(d * correction), *corrected),
    )


def correlate_rank_biserial(u: float, n1: int, n2: int, *, level: float = DEFAULT_LEVEL) -> EffectSize:
    """Return the rank-biserial correlation 2U / (n1 n2) - 1 of a Mann-Whitney U, interval by Fisher's z.

    As in R: ``effectsize::rank_biserial(a, b)``.
    """
    r = 2 * u / (n1 * n2) - 1
    return _bound_rank_biserial(r, math.sqrt((n1 + n2 + 1) / (3 * n1 * n2)), level=level)


def correlate_signed_ranks(w_plus: float, n: int, *, level: float = DEFAULT_LEVEL) -> EffectSize:
    """Return the matched-pairs rank-biserial correlation (W+ - W-) / (W+ + W-) of ``n`` non-zero differences.

    As in R: ``effectsize::rank_biserial(x, y, paired = TRUE)`` where no difference is 0.
    """
    total = n * (n + 1) / 2
    return _bound_rank_biserial(2 * w_plus / total - 1, math.sqrt((2 * n**3 + 3 * n**2 + n) / 6) / total, level=level)


def _bound_rank_biserial(r: float, se: float, *, level: float) -> EffectSize:
    name = "rank-biserial correlation"
    if abs(r) >= 1:
        return EffectSize(name, math.copysign(1.0, r))
    reach = float(stats.norm.ppf(1 - (1 - level) / 2)) * se
    return EffectSize(name, r, math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach))


def explain_share(f: float, df: float, df_residual: float, *, level: float = DEFAULT_LEVEL) -> EffectSize:
    """Return partial eta squared of an F test, F df / (F df + df_residual), with a noncentral-F interval.

    The limits are lambda / (lambda + df_residual) of the noncentralities for which ``f`` is the upper and the lower
    quantile (Steiger 2004), 0 where there is none. As in R: ``effectsize::F_to_eta2(f, df, df_error, ci = level,
    alternative = "two.sided")``.

    Examples
    --------
    >>> round(explain_share(4.0, 1, 30).value, 3)
    0.118
    """
    tail = (1 - level) / 2
    limits = [_find_f_noncentrality(f, df, df_residual, probability) for probability in (1 - tail, tail)]
    low, high = (None if limit is None else limit / (limit + df_residual) for limit in limits)
    return EffectSize("partial eta squared", f * df / (f * df + df_residual), low, high)


def _find_f_noncentrality(f: float, df: float, df_residual: float, probability: float) -> float | None:
    def miss(noncentrality: float) -> float:
        return 1 - compute_noncentral_f_tail(f, df, df_residual, noncentrality) - probability

    if miss(0.0) <= 0:
        return 0.0
    high = 10.0
    for _ in range(MAXIMUM_STEPS):
        if miss(high) < 0:
            return float(optimize.brentq(miss, 0.0, high, xtol=1e-11))
        high *= 1.5
    return None


def compute_noncentral_f_tail(f: float, df: float, df_residual: float, noncentrality: float) -> float:
    """Return P(F > f) of the noncentral F distribution, a Poisson mixture of beta distributions.

    The sum runs over all terms within ten standard deviations of the Poisson's mean, so that it stays right where
    library functions give NaN.

    Examples
    --------
    >>> round(compute_noncentral_f_tail(3.99, 1, 66, 13.6), 3)
    0.953
    """
    mean = noncentrality / 2
    reach = 10 * math.sqrt(mean) + 40
    terms = np.arange(max(math.floor(mean - reach), 0), math.ceil(mean + reach) + 1, dtype=np.float64)
    weights = stats.poisson.pmf(terms, mean)
    tails = special.betainc(df_residual / 2, df / 2 + terms, df_residual / (df_residual + df * f))
    return min(max(float(weights @ tails), 0.0), 1.0)
