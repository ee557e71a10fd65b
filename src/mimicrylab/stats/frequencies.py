"""Do two sets of categories go together? Chi-square, permutation and Fisher's exact tests over people."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, EffectSize, Estimate, Statistic, keep_finite
from mimicrylab.stats.resampling import DEFAULT_DRAWS, permute_categories
from mimicrylab.stats.samples import PERSON, find_column, refuse_repeated_people

Counts = NDArray[np.int64]
FrequencyMethod = Literal["auto", "chi_square", "permutation", "fisher"]
FREQUENCY_METHODS: tuple[FrequencyMethod, ...] = ("auto", "chi_square", "permutation", "fisher")
SMALLEST_EXPECTED = 5.0
"""Expected count below which chi-square's p is doubtful (Cochran 1954)."""


def count_people(table: pl.DataFrame, rows: str, *, columns: str, person: str = PERSON) -> pl.DataFrame:
    """Return how many people are in each pair of categories: one line a row category, sorted; nulls are left out.

    Examples
    --------
    >>> count_people(pl.DataFrame({"sex": ["f", "f", "m"], "glasses": ["no", "yes", "no"]}), "sex", columns="glasses")
    shape: (2, 3)
    ┌─────┬─────┬─────┐
    │ sex ┆ no  ┆ yes │
    │ --- ┆ --- ┆ --- │
    │ str ┆ i64 ┆ i64 │
    ╞═════╪═════╪═════╡
    │ f   ┆ 1   ┆ 1   │
    │ m   ┆ 1   ┆ 0   │
    └─────┴─────┴─────┘
    """
    refuse_repeated_people(table, person=person)
    pairs = pl.DataFrame(
        {
            rows: find_column(table, rows).cast(pl.String),
            "other": find_column(table, columns).cast(pl.String),
        }
    ).drop_nulls()
    names = sorted(pairs["other"].unique().to_list())
    return (
        pairs.group_by(rows)
        .agg(*[(pl.col("other") == name).sum().cast(pl.Int64).alias(name) for name in names])
        .sort(rows)
    )


def compare_frequencies(
    table: pl.DataFrame,
    rows: str,
    *,
    columns: str,
    method: FrequencyMethod = "auto",
    continuity: bool = False,
    person: str = PERSON,
    level: float = DEFAULT_LEVEL,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
) -> Estimate:
    """Test whether two categories of people are independent.

    Parameters
    ----------
    rows, columns
        Columns with categories; people without one of them are left out and counted.
    method
        ``chi_square`` (Pearson's; R: ``chisq.test``), ``permutation`` (the same statistic, p by exchanging people's
        categories; R: ``simulate.p.value = TRUE``), ``fisher`` (exact, 2 x 2; R: ``fisher.test``), or ``auto``:
        chi-square where every expected count is at least 5, else the permutation. The choice rests on the margins
        alone, so it does not distort p.
    continuity
        Yates' correction of a 2 x 2 chi-square. Off: it is too conservative; R has it on.

    Returns
    -------
    Estimate
        Cramer's V; for ``fisher`` the conditional odds ratio with its exact interval, None where a
        zero count makes it infinite.

    Raises
    ------
    InputError
        Rows or columns have fewer than two categories (``fisher``: not exactly two).
    """
    counts = count_people(table, rows, columns=columns, person=person)
    numbers = counts.drop(rows).to_numpy()
    if min(numbers.shape) < 2:
        raise InputError("two categories on each side are needed", where=f"{rows!r} by {columns!r}")
    left_out = table.height - int(numbers.sum())
    warnings = (f"{left_out} people without both categories left out",) if left_out else ()
    if method == "fisher":
        return _test_fisher(numbers, rows, columns, counts=counts, level=level, warnings=warnings)
    if method not in FREQUENCY_METHODS:
        raise UnknownNameError("method", method, FREQUENCY_METHODS)
    smallest = float(stats.contingency.expected_freq(numbers).min())
    if method == "permutation" or (method == "auto" and smallest < SMALLEST_EXPECTED):
        return _permute(numbers, rows, columns, seed=seed, draws=draws, warnings=warnings)
    return _test_chi_square(numbers, rows, columns, continuity=continuity, warnings=warnings)


def _test_chi_square(
    numbers: Counts, rows: str, columns: str, *, continuity: bool, warnings: tuple[str, ...]
) -> Estimate:
    test = stats.chi2_contingency(numbers, correction=continuity)
    smallest = float(test.expected_freq.min())
    if smallest < SMALLEST_EXPECTED:
        warnings = (*warnings, f"smallest expected count {smallest:.1f}: p is doubtful, use the permutation test")
    return replace(
        _describe_association(numbers, rows, columns, float(test.statistic)),
        df=(float(test.dof),),
        p=keep_finite(test.pvalue),
        method="Pearson's chi-square test" + (", Yates' continuity correction" if continuity else ""),
        warnings=warnings,
    )


def _permute(numbers: Counts, rows: str, columns: str, *, seed: int, draws: int, warnings: tuple[str, ...]) -> Estimate:
    test = permute_categories(numbers, seed=seed, draws=draws)
    return replace(
        _describe_association(numbers, rows, columns, test.statistic),
        p=test.p,
        method=f"permutation test of Pearson's chi-square over people ({test.method})",
        seed=seed,
        warnings=warnings,
    )


def _describe_association(numbers: Counts, rows: str, columns: str, statistic: float) -> Estimate:
    n = int(numbers.sum())
    v = math.sqrt(statistic / (n * (min(numbers.shape) - 1)))
    return Estimate(
        f"{rows} by {columns}",
        f"association of {rows} with {columns}",
        v,
        unit="Cramer's V",
        statistic=Statistic("chi2", statistic),
        effect_sizes=(EffectSize("Cramer's V", v),),
        n=n,
    )


def _test_fisher(
    numbers: Counts,
    rows: str,
    columns: str,
    *,
    counts: pl.DataFrame,
    level: float,
    warnings: tuple[str, ...],
) -> Estimate:
    if numbers.shape != (2, 2):
        raise InputError(
            "Fisher's exact test is offered for 2 x 2 categories",
            where=f"{rows!r} by {columns!r}",
            found=f"{numbers.shape[0]} x {numbers.shape[1]}",
            do="join categories, or use chi_square",
        )
    p = float(stats.fisher_exact(numbers).pvalue)
    ratio = stats.contingency.odds_ratio(numbers)
    interval = ratio.confidence_interval(level)
    value = keep_finite(ratio.statistic)
    if value is None:
        warnings = (*warnings, "a count of 0 makes the odds ratio infinite: not printed")
    first, second = counts[rows].to_list()
    return Estimate(
        f"{rows} by {columns}",
        f"odds of {columns} = {counts.columns[1]}: {first} / {second}",
        value,
        unit="odds ratio",
        ci_low=keep_finite(interval.low),
        ci_high=keep_finite(interval.high),
        ci_level=level,
        p=min(p, 1.0),
        effect_sizes=(EffectSize("odds ratio (conditional)", value),),
        n=int(numbers.sum()),
        method="Fisher's exact test, two-sided",
        warnings=warnings,
    )
