"""Bayes factors of t tests and correlations: how much better the data fit an effect than none.

A Bayes factor depends on its prior, the effects that count as plausible before the data, so that the prior's width is
part of every result: the same correlation has .32 with width 1 and .57 with 1/3. BF10 above 1 speaks for an effect,
below 1 for none; between 1/3 and 3 the data say little (Jeffreys 1961).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from scipy import integrate, special

from mimicrylab.errors import InputError
from mimicrylab.stats.correlation import correlate
from mimicrylab.stats.estimates import EffectSize, Estimate
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.paired_tests import compare_pairs, compare_with_value
from mimicrylab.stats.samples import PERSON

DEFAULT_SCALE = math.sqrt(2) / 2
"""Half of the effects d are below this before the data: "medium", the default of R's BayesFactor and of JASP."""

DEFAULT_WIDTH = 1 / 3
"""Width of the stretched beta prior of a correlation: "medium", the default of R's BayesFactor (JASP has 1)."""


def weigh_groups(
    table: pl.DataFrame,
    outcome: str,
    *,
    group: str,
    order: tuple[str, str] | None = None,
    scale: float = DEFAULT_SCALE,
    person: str = PERSON,
) -> Estimate:
    """Return the JZS Bayes factor of a difference between two groups (Rouder et al. 2009), d ~ Cauchy(0, scale).

    From Student's t with df n - 2 and the effective size n1 n2 / (n1 + n2). R: ``ttestBF(x, y, rscale = scale)``.

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a"] * 4 + ["b"] * 4, "AU12": [1.0, 2.0, 3.0, 4.0, 2.0, 4.0, 6.0, 8.0]})
    >>> round(weigh_groups(table, "AU12", group="arm").estimate, 2)
    1.11
    """
    test = compare_groups(table, outcome, group=group, order=order, method="student", person=person)
    first, second = (summary.n for summary in test.groups)
    return _weigh_t(test, first * second / (first + second), scale)


def weigh_pairs(
    table: pl.DataFrame,
    outcome: str,
    *,
    condition: str,
    order: tuple[str, str] | None = None,
    scale: float = DEFAULT_SCALE,
    person: str = PERSON,
) -> Estimate:
    """Return the JZS Bayes factor of a difference within people, d_z ~ Cauchy(0, scale).

    R: ``ttestBF(x, y, paired = TRUE, rscale = scale)``.
    """
    test = compare_pairs(table, outcome, condition=condition, order=order, person=person)
    return _weigh_t(test, float(test.n), scale)


def weigh_value(
    table: pl.DataFrame, outcome: str, *, value: float = 0.0, scale: float = DEFAULT_SCALE, person: str = PERSON
) -> Estimate:
    """Return the JZS Bayes factor of a mean (a contrast's score) that differs from ``value``. R: ``ttestBF(x, mu)``."""
    test = compare_with_value(table, outcome, value=value, person=person)
    return _weigh_t(test, float(test.n), scale)


def weigh_correlation(
    table: pl.DataFrame, first: str, *, second: str, width: float = DEFAULT_WIDTH, person: str = PERSON
) -> Estimate:
    """Return the Bayes factor of a correlation; prior a beta distribution on -1 to 1 with both parameters 1 / width.

    The likelihood is the exact one of r given rho (Ly, Verhagen & Wagenmakers 2016; with both means and variances
    integrated out). Width 1 is uniform. R: ``correlationBF(x, y, rscale = width)``.

    Raises
    ------
    InputError
        There are fewer than four people, the correlation is perfect, or the width is not above 0.
    """
    _check_width(width, "width")
    test = correlate(table, first, second=second, person=person)
    r, n = float(test.estimate or 0.0), test.n
    if n < 4 or abs(r) > 1 - 1e-12:
        raise InputError("no Bayes factor of so few people, or of a perfect correlation", found=f"n = {n}")

    shape = 1 / width
    log_norm = float(special.betaln(shape, shape)) + math.log(2)

    def log_integrand(angle: float) -> float:
        log_slope = _log_slope(angle)
        log_prior = (shape - 1) * (log_slope - 2 * math.log(2)) - log_norm
        return log_prior + log_slope + _compare_likelihood(r, n, angle)

    value = _integrate(log_integrand, math.atanh(r) * n / (n + 5), 1 / math.sqrt(n))
    return _describe(test, value, f"correlation, prior: stretched beta of width {width:.3g} on -1 to 1")


def _check_width(value: float, name: str) -> None:
    if not (math.isfinite(value) and value > 0):
        raise InputError("the prior has no width", where=name, expected="above 0", found=f"{value:g}")


def _weigh_t(test: Estimate, size: float, scale: float) -> Estimate:
    _check_width(scale, "scale")
    t = float(test.statistic.value or 0.0) if test.statistic is not None else 0.0
    df = test.df[0]

    def log_integrand(log_g: float) -> float:
        g = math.exp(log_g)
        spread = 1 + size * scale * scale * g
        under = -math.log(spread) / 2 - (df + 1) / 2 * math.log1p(t * t / (spread * df))
        null = -(df + 1) / 2 * math.log1p(t * t / df)
        log_prior = -math.log(2 * math.pi) / 2 - 1.5 * log_g - 1 / (2 * g)
        return under - null + log_prior + log_g

    value = _integrate(log_integrand, 0.0, 1.0)
    return _describe(test, value, f"t test, JZS prior: Cauchy of scale {scale:.3g} on d")


def _log_slope(angle: float) -> float:
    """Return log(1 - rho^2) for rho = tanh(angle), which is also the slope of tanh; exact where rho rounds to 1."""
    size = abs(angle)
    return 2 * (math.log(2) - size - math.log1p(math.exp(-2 * size)))


def _compare_likelihood(r: float, n: int, angle: float) -> float:
    """Return the log of the likelihood of r at rho = tanh(angle) by that at 0.

    The likelihood is (1 - rho^2)^((n-1)/2) (1 - r rho)^(3/2-n) 2F1(1/2, 1/2; n - 1/2; (1 + r rho) / 2).
    """
    rho = math.tanh(angle)
    tail = float(special.hyp2f1(0.5, 0.5, n - 0.5, (1 + r * rho) / 2) / special.hyp2f1(0.5, 0.5, n - 0.5, 0.5))
    return (n - 1) / 2 * _log_slope(angle) - (n - 1.5) * math.log1p(-r * rho) + math.log(tail)


def _integrate(log_integrand: Callable[[float], float], middle: float, width: float) -> float:
    """Return the log of the integral of exp(log_integrand) over the line."""
    grid = middle + width * np.linspace(-60, 60, 2401)
    values = np.array([log_integrand(float(point)) for point in grid])
    top = float(values.max())
    kept = np.flatnonzero(values > top - 45)
    low, high = float(grid[max(kept[0] - 1, 0)]), float(grid[min(kept[-1] + 1, len(grid) - 1)])
    peak = float(grid[int(values.argmax())])
    area = sum(
        integrate.quad(lambda x: math.exp(log_integrand(x) - top), *ends, epsabs=0, epsrel=1e-11, limit=200)[0]
        for ends in ((low, peak), (peak, high))
        if ends[1] > ends[0]
    )
    return top + math.log(area)


def _describe(test: Estimate, log_value: float, method: str) -> Estimate:
    if log_value > 700:
        raise InputError("the Bayes factor is beyond every number", found=f"log BF10 = {log_value:.1f}")
    value = math.exp(log_value)
    return replace(
        test,
        estimate=value,
        unit="BF10",
        se=None,
        ci_low=None,
        ci_high=None,
        p=None,
        effect_sizes=(EffectSize("BF10", value), EffectSize("log BF10", log_value), *test.effect_sizes),
        method=f"Bayes factor, {method}",
    )
