"""Tests on ranks, and the shift that belongs to them, with R's rules for when an exact distribution is used.

Exact: no ties (and no zero differences) and fewer than 50 people (a group); otherwise the normal distribution with
corrections for ties and continuity. ``method`` says which, because "exact" and "asymptotic" differ between programs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mimicrylab.stats.estimates import DEFAULT_LEVEL
from mimicrylab.stats.samples import FloatArray, round_to_scale

EXACT_BELOW = 50
"""People (a group) from which the normal distribution is used, as in R's wilcox.test."""


@dataclass(frozen=True)
class RankTest:
    """A rank test: statistic, two-sided p, and how p was computed."""

    statistic: float
    p: float
    exact: bool

    @property
    def method(self) -> str:
        """How p was computed, in words."""
        return "exact" if self.exact else "normal approximation, corrected for ties and continuity"


@dataclass(frozen=True)
class Shift:
    """A Hodges-Lehmann estimate and its interval."""

    estimate: float
    low: float
    high: float


def compute_rank_sum_test(first: FloatArray, second: FloatArray) -> RankTest:
    """Return the Mann-Whitney test; U counts pairs with ``first > second`` (ties half), R's W of wilcox.test(a, b)."""
    both = np.concatenate([first, second])
    exact = len(np.unique(both)) == len(both) and max(len(first), len(second)) < EXACT_BELOW
    test = stats.mannwhitneyu(first, second, method="exact" if exact else "asymptotic", use_continuity=True)
    return RankTest(float(test.statistic), float(test.pvalue), exact)


def compute_signed_rank_test(differences: FloatArray) -> RankTest:
    """Return the Wilcoxon test; the statistic is W+ (R's V), the rank sum of positive differences; zeros are dropped.

    scipy prints min(W+, W-) instead; p is the same.
    """
    differences = round_to_scale(differences, float(np.abs(differences).max()))
    kept = differences[differences != 0]
    size = np.abs(kept)
    exact = len(kept) == len(differences) and len(np.unique(size)) == len(size) and len(kept) < EXACT_BELOW
    test = stats.wilcoxon(kept, method="exact" if exact else "asymptotic", correction=True)
    return RankTest(float(stats.rankdata(size)[kept > 0].sum()), float(test.pvalue), exact)


def bound_shift(first: FloatArray, second: FloatArray, *, exact: bool, level: float = DEFAULT_LEVEL) -> Shift:
    """Return the median of all pairwise differences and its interval (Hodges & Lehmann 1963).

    ``exact`` takes the limits from the distribution of U, otherwise from its normal approximation with ties.
    """
    n1, n2 = len(first), len(second)
    differences = np.sort(np.subtract.outer(first, second), axis=None)
    if exact:
        rank = _find_quantile(_distribute_rank_sum(n1, n2), (1 - level) / 2)
    else:
        counts = np.unique(np.concatenate([first, second]), return_counts=True)[1]
        n = n1 + n2
        variance = n1 * n2 / 12 * (n + 1 - float((counts**3 - counts).sum()) / (n * (n - 1)))
        rank = _approximate_rank(n1 * n2 / 2, variance, level=level)
    return _take_limits(differences, rank)


def bound_pseudomedian(differences: FloatArray, *, exact: bool, level: float = DEFAULT_LEVEL) -> Shift:
    """Return the median of all Walsh averages (d_i + d_j) / 2, i <= j, and its interval."""
    n = len(differences)
    rows, columns = np.triu_indices(n)
    averages = np.sort((differences[rows] + differences[columns]) / 2)
    if exact:
        rank = _find_quantile(_distribute_signed_ranks(n), (1 - level) / 2)
    else:
        counts = np.unique(np.abs(differences), return_counts=True)[1]
        variance = n * (n + 1) * (2 * n + 1) / 24 - float((counts**3 - counts).sum()) / 48
        rank = _approximate_rank(n * (n + 1) / 4, variance, level=level)
    return _take_limits(averages, rank)


def _take_limits(ordered: FloatArray, rank: int) -> Shift:
    rank = min(max(rank, 1), len(ordered) // 2)
    return Shift(float(np.median(ordered)), float(ordered[rank - 1]), float(ordered[len(ordered) - rank]))


def _approximate_rank(mean: float, variance: float, *, level: float) -> int:
    return round(mean - float(stats.norm.ppf(1 - (1 - level) / 2)) * math.sqrt(variance))


def _find_quantile(probabilities: FloatArray, probability: float) -> int:
    return int(np.searchsorted(np.cumsum(probabilities), probability))


def _distribute_rank_sum(n1: int, n2: int) -> FloatArray:
    """Return P(U = 0 .. n1 n2) by adding people one at a time: the last of all is in the first or the second group."""
    rows: list[FloatArray] = [np.ones(1) for _ in range(n2 + 1)]
    for i in range(1, n1 + 1):
        current = [np.ones(1)]
        for j in range(1, n2 + 1):
            chances = np.zeros(i * j + 1)
            chances[j:] += rows[j] * (i / (i + j))
            chances[: i * (j - 1) + 1] += current[j - 1] * (j / (i + j))
            current.append(chances)
        rows = current
    return rows[n2]


def _distribute_signed_ranks(n: int) -> FloatArray:
    """Return P(W+ = 0 .. n(n+1)/2): each rank is positive with probability one half."""
    chances = np.ones(1)
    for rank in range(1, n + 1):
        longer = np.zeros(len(chances) + rank)
        longer[: len(chances)] += chances / 2
        longer[rank:] += chances / 2
        chances = longer
    return chances
