"""Is a difference small enough not to matter? Two one-sided tests (TOST; Schuirmann 1987).

A large p of an ordinary test is no evidence for "no difference"; this test turns the question round. The limits must
be said beforehand, in the outcome's unit.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, Estimate, Statistic
from mimicrylab.stats.group_tests import compare_groups
from mimicrylab.stats.paired_tests import compare_pairs, compare_with_value
from mimicrylab.stats.samples import PERSON


def check_group_equivalence(
    table: pl.DataFrame,
    outcome: str,
    *,
    group: str,
    low: float,
    high: float,
    order: tuple[str, str] | None = None,
    pooled: bool = False,
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Estimate:
    """Test whether the difference of two groups lies between ``low`` and ``high``.

    p is the larger of the two one-sided p; p below 1 - ``level`` says equivalent, the same as the 2 x ``level`` - 1
    interval (90 % for 95 %), which is the one returned, lying inside the limits.

    Parameters
    ----------
    low, high
        Limits of "no difference that matters", in the outcome's unit.
    pooled
        Student's instead of Welch's standard error.
    """
    result = compare_groups(
        table,
        outcome,
        group=group,
        order=order,
        method="student" if pooled else "welch",
        unit=unit,
        person=person,
        level=2 * level - 1,
    )
    return _judge(result, low=low, high=high)


def check_pair_equivalence(
    table: pl.DataFrame,
    outcome: str,
    *,
    condition: str,
    low: float,
    high: float,
    order: tuple[str, str] | None = None,
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Estimate:
    """Test whether the difference of two conditions within people lies between ``low`` and ``high``."""
    result = compare_pairs(
        table, outcome, condition=condition, order=order, unit=unit, person=person, level=2 * level - 1
    )
    return _judge(result, low=low, high=high)


def check_mean_equivalence(
    table: pl.DataFrame,
    outcome: str,
    *,
    low: float,
    high: float,
    unit: str = "",
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
) -> Estimate:
    """Test whether the mean of one value a person lies between ``low`` and ``high``."""
    return _judge(compare_with_value(table, outcome, unit=unit, person=person, level=2 * level - 1), low=low, high=high)


def _judge(result: Estimate, *, low: float, high: float) -> Estimate:
    if not low < high:
        raise InputError("the lower limit must lie below the upper one", where="low, high", found=f"{low:g}, {high:g}")
    if result.estimate is None or not result.se:
        raise InputError("the difference has no standard error", where=result.analysis)
    df = result.df[0]
    above = (result.estimate - low) / result.se
    below = (result.estimate - high) / result.se
    p_above, p_below = float(stats.t.sf(above, df)), float(stats.t.cdf(below, df))
    t, p = (above, p_above) if p_above > p_below else (below, p_below)
    return replace(
        result,
        term=f"{result.term} between {low:.3g} and {high:.3g}",
        statistic=Statistic("t", t),
        p=p,
        method=f"Two one-sided tests, limits {low:.3g} and {high:.3g} ({result.method.removesuffix(', two-sided')})",
    )
