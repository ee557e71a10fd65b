"""Compare two conditions within the same people, or one value of each person with a number.

The unit is the person: one difference each. A test of pairs whose people are not the same is refused, see
``samples.take_pairs``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.effect_sizes import correlate_signed_ranks, standardise_mean
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic
from mimicrylab.stats.ranks import bound_pseudomedian, compute_signed_rank_test
from mimicrylab.stats.resampling import DEFAULT_DRAWS, bootstrap_interval, flip_signs
from mimicrylab.stats.samples import PERSON, FloatArray, Sample, is_constant, round_to_scale, take_pairs, take_sample

PairedMethod = Literal["t", "wilcoxon", "sign_flip"]
PAIRED_METHODS: tuple[PairedMethod, ...] = ("t", "wilcoxon", "sign_flip")


def compare_pairs(
    table: pl.DataFrame,
    outcome: str,
    *,
    condition: str,
    order: tuple[str, str] | None = None,
    method: PairedMethod = "t",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> Estimate:
    """Compare two conditions within the same people, first minus second.

    Parameters
    ----------
    table
        One row a person and condition. People with only one of the conditions are left out and counted.
    outcome, condition
        Columns: numbers, and names of conditions.
    order
        The two conditions; sorted by name if not given.
    method
        ``t`` (default), ``wilcoxon`` (exact without ties and zeros and below 50 people, as in R; else normal with
        corrections), ``sign_flip`` (each person's difference may change its sign; interval: BCa bootstrap). The last
        suits bounded outcomes with a floor, as long as the null hypothesis is symmetry about 0.

    Raises
    ------
    InputError
        Nobody has both conditions, fewer than three have, or all differences are equal.
    RefusedError
        A person has several rows in a condition.

    Examples
    --------
    >>> table = pl.DataFrame({"participant_id": list("abcabc"), "block": ["happiness"] * 3 + ["neutral"] * 3,
    ...                       "AU12": [0.5, 0.4, 0.6, 0.1, 0.2, 0.1]})
    >>> round(compare_pairs(table, "AU12", condition="block").estimate, 3)
    0.367
    """
    first, second = take_pairs(table, outcome, condition=condition, order=order, person=person)
    name = f"{first.name} - {second.name}"
    scale = float(max(np.abs(first.values).max(), np.abs(second.values).max()))
    differences = Sample(name, round_to_scale(first.values - second.values, scale), first.warnings)
    result = describe_differences(differences, method=method, level=level, seed=seed, draws=draws)
    return replace(
        result,
        analysis=f"{outcome} by {condition}, within people",
        unit=unit,
        groups=(first.summarise(), second.summarise()),
        method=result.method.replace("One-sample", "Paired"),
    )


def compare_with_value(
    table: pl.DataFrame,
    outcome: str,
    *,
    value: float = 0.0,
    method: PairedMethod = "t",
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> Estimate:
    """Compare one value of each person with a number (one-sample test); the estimate is mean minus ``value``.

    Methods as in ``compare_pairs``.

    Examples
    --------
    >>> compare_with_value(pl.DataFrame({"score": [1.0, 2.0, 3.0, 4.0]}), "score", value=2.0).estimate
    0.5
    """
    sample = take_sample(table, outcome, person=person)
    shifted = Sample(f"{outcome} - {value:g}" if value else outcome, sample.values - value, sample.warnings)
    result = describe_differences(shifted, method=method, level=level, seed=seed, draws=draws)
    return replace(result, analysis=f"{outcome} against {value:g}", unit=unit, groups=(sample.summarise(),))


def describe_differences(
    differences: Sample,
    *,
    method: PairedMethod = "t",
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> Estimate:
    """Return the mean (or pseudo-median) of one difference a person, its interval, test and effect sizes.

    Raises
    ------
    InputError
        The difference is the same for everybody.
    """
    values = differences.values
    if is_constant(values):
        raise InputError("the difference is the same for everybody", where=differences.name, expected="variation")
    if method == "t":
        result = _test_mean(values, level=level)
    elif method == "wilcoxon":
        result = _test_ranks(values, level=level)
    elif method == "sign_flip":
        result = _test_signs(values, level=level, seed=seed, draws=draws)
    else:
        raise UnknownNameError("method", method, PAIRED_METHODS)
    return replace(
        result, analysis=differences.name, term=differences.name, n=differences.n, warnings=differences.warnings
    )


def _test_mean(values: FloatArray, *, level: float) -> Estimate:
    mean, se, df = float(np.mean(values)), _find_error(values), float(len(values) - 1)
    reach = float(stats.t.ppf((1 + level) / 2, df)) * se
    return Estimate(
        "",
        "",
        mean,
        se=se,
        ci_low=mean - reach,
        ci_high=mean + reach,
        ci_level=level,
        statistic=Statistic("t", mean / se),
        df=(df,),
        p=float(2 * stats.t.sf(abs(mean / se), df)),
        effect_sizes=standardise_mean(values, level=level),
        method="One-sample t test, two-sided",
    )


def _find_error(values: FloatArray) -> float:
    return float(np.std(values, ddof=1)) / math.sqrt(len(values))


def _test_ranks(values: FloatArray, *, level: float) -> Estimate:
    test = compute_signed_rank_test(values)
    values = round_to_scale(values, float(np.abs(values).max()))
    kept = values[values != 0]
    shift = bound_pseudomedian(kept, exact=test.exact, level=level)
    return Estimate(
        "",
        "",
        shift.estimate,
        ci_low=shift.low,
        ci_high=shift.high,
        ci_level=level,
        statistic=Statistic("W+", test.statistic),
        p=test.p,
        effect_sizes=(correlate_signed_ranks(test.statistic, len(kept), level=level),),
        method=f"One-sample Wilcoxon signed-rank test ({test.method}), two-sided; estimate: pseudo-median",
    )


def _test_signs(values: FloatArray, *, level: float, seed: int, draws: int) -> Estimate:
    test = flip_signs(values, seed=seed, draws=draws)
    low, high = bootstrap_interval(values, np.mean, seed=seed, draws=draws, level=level)
    return Estimate(
        "",
        "",
        test.statistic,
        se=_find_error(values),
        ci_low=low,
        ci_high=high,
        ci_level=level,
        statistic=Statistic("mean", test.statistic),
        p=test.p,
        effect_sizes=standardise_mean(values, level=level),
        method=f"One-sample sign-flip test over people ({test.method}), two-sided; interval: BCa bootstrap",
        seed=seed,
    )
