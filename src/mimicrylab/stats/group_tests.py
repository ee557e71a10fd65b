"""Compare an outcome between two groups of different people.

The default is Welch's test: it needs no equal variances and costs next to nothing when they are equal (Delacre, Lakens
& Leys 2017). Student's test is there because published studies used it. Differences are first minus second group,
in the ``order`` given, or sorted by name.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.effect_sizes import correlate_rank_biserial, standardise_difference
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic
from mimicrylab.stats.ranks import bound_shift, compute_rank_sum_test
from mimicrylab.stats.resampling import DEFAULT_DRAWS, bootstrap_difference, permute_groups
from mimicrylab.stats.samples import PERSON, Sample, is_constant, take_two_groups

GroupMethod = Literal["welch", "student", "mann_whitney", "permutation"]
GROUP_METHODS: tuple[GroupMethod, ...] = ("welch", "student", "mann_whitney", "permutation")


def compare_groups(
    table: pl.DataFrame,
    outcome: str,
    *,
    group: str,
    order: tuple[str, str] | None = None,
    method: GroupMethod = "welch",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> Estimate:
    """Compare an outcome between two groups of different people.

    Parameters
    ----------
    table
        One row a person; rows without outcome or group are left out and counted in the warnings.
    outcome, group
        Columns: numbers, and names of groups.
    order
        The two groups, first minus second; sorted by name if not given.
    method
        ``welch`` (default), ``student`` (pooled variance), ``mann_whitney`` (exact without ties and with fewer than 50
        people a group, as in R; else normal with corrections for ties and continuity), ``permutation`` (of people, with
        Welch's t as the statistic, which stays right under unequal variances; Janssen 1997; interval: BCa bootstrap).
    unit
        Unit of the outcome.
    seed, draws
        Of the permutation test and its bootstrap interval.

    Returns
    -------
    Estimate
        Difference of means with its interval (``mann_whitney``: Hodges-Lehmann shift), test, effect sizes, and both
        groups' summaries.

    Raises
    ------
    UnknownNameError, InputError, RefusedError
        See ``samples.take_groups``; an unknown method lists the choices.

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a"] * 4 + ["b"] * 4, "AU12": [1.0, 2.0, 3.0, 4.0, 2.0, 4.0, 6.0, 8.0]})
    >>> result = compare_groups(table, "AU12", group="arm", order=("b", "a"))
    >>> result.estimate, round(result.df[0], 2), round(result.p, 3)
    (2.5, 4.41, 0.152)
    """
    first, second = take_two_groups(table, outcome, group=group, order=order, person=person)
    if is_constant(first.values) and is_constant(second.values):
        raise InputError("the outcome does not vary within the groups", where=f"column {outcome!r}")
    if method == "welch" or method == "student":
        result = _compare_means(first, second, pooled=method == "student", level=level)
    elif method == "mann_whitney":
        result = _compare_ranks(first, second, level=level)
    elif method == "permutation":
        result = _permute(first, second, level=level, seed=seed, draws=draws)
    else:
        raise UnknownNameError("method", method, GROUP_METHODS)
    return replace(
        result,
        analysis=f"{outcome} by {group}",
        term=f"{first.name} - {second.name}",
        unit=unit,
        n=first.n + second.n,
        groups=(first.summarise(), second.summarise()),
        warnings=(*first.warnings, *second.warnings, *result.warnings),
    )


def _compare_means(first: Sample, second: Sample, *, pooled: bool, level: float) -> Estimate:
    a, b = first.values, second.values
    difference = float(np.mean(a) - np.mean(b))
    se, df = _find_error(first, second, pooled=pooled)
    reach = float(stats.t.ppf((1 + level) / 2, df)) * se
    return Estimate(
        "",
        "",
        difference,
        se=se,
        ci_low=difference - reach,
        ci_high=difference + reach,
        ci_level=level,
        statistic=Statistic("t", difference / se),
        df=(df,),
        p=float(2 * stats.t.sf(abs(difference / se), df)),
        effect_sizes=standardise_difference(a, b, standardiser="pooled" if pooled else "average", level=level),
        method="Student's t test, pooled variance, two-sided" if pooled else "Welch's t test, two-sided",
    )


def _find_error(first: Sample, second: Sample, *, pooled: bool) -> tuple[float, float]:
    """Return the standard error of a difference of means and its degrees of freedom (Welch-Satterthwaite)."""
    v1, v2 = float(np.var(first.values, ddof=1)), float(np.var(second.values, ddof=1))
    if pooled:
        df = float(first.n + second.n - 2)
        variance = ((first.n - 1) * v1 + (second.n - 1) * v2) / df
        return math.sqrt(variance * (1 / first.n + 1 / second.n)), df
    parts = v1 / first.n, v2 / second.n
    df = sum(parts) ** 2 / (parts[0] ** 2 / (first.n - 1) + parts[1] ** 2 / (second.n - 1))
    return math.sqrt(sum(parts)), df


def _compare_ranks(first: Sample, second: Sample, *, level: float) -> Estimate:
    test = compute_rank_sum_test(first.values, second.values)
    shift = bound_shift(first.values, second.values, exact=test.exact, level=level)
    return Estimate(
        "",
        "",
        shift.estimate,
        ci_low=shift.low,
        ci_high=shift.high,
        ci_level=level,
        statistic=Statistic("U", test.statistic),
        p=test.p,
        effect_sizes=(correlate_rank_biserial(test.statistic, first.n, second.n, level=level),),
        method=f"Mann-Whitney U test ({test.method}), two-sided; estimate: Hodges-Lehmann shift",
    )


def _permute(first: Sample, second: Sample, *, level: float, seed: int, draws: int) -> Estimate:
    test = permute_groups(first.values, second.values, seed=seed, draws=draws)
    low, high = bootstrap_difference(first.values, second.values, seed=seed, draws=draws, level=level)
    return Estimate(
        "",
        "",
        float(np.mean(first.values) - np.mean(second.values)),
        se=_find_error(first, second, pooled=False)[0],
        ci_low=low,
        ci_high=high,
        ci_level=level,
        statistic=Statistic("t", test.statistic),
        p=test.p,
        effect_sizes=standardise_difference(first.values, second.values, standardiser="average", level=level),
        method=f"Permutation test of Welch's t over people ({test.method}), two-sided; interval: BCa bootstrap",
        seed=seed,
    )
