"""Bootstrap, sign-flip and permutation over people: a person is moved, flipped or drawn as a whole, never a row.

Every result carries its seed. Where all arrangements are fewer than the draws asked for, they are all used and p is
exact; otherwise p = (1 + number at least as extreme) / (1 + draws), which is never 0 (Phipson & Smyth 2010).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.estimates import DEFAULT_LEVEL, keep_finite
from mimicrylab.stats.samples import FloatArray

DEFAULT_DRAWS = 9999
"""Monte-Carlo error of p = .05 is then .002."""

BATCH_VALUES = 2_000_000
"""Random numbers held at a time, so that memory stays flat."""

TOLERANCE = 1e-9
"""Two statistics this close (relative) are equal: rounding must not break ties in a permutation distribution."""


@dataclass(frozen=True)
class RandomisationTest:
    """A randomisation test: observed statistic, two-sided p, number of arrangements, and whether these are all."""

    statistic: float
    p: float
    draws: int
    exact: bool

    @property
    def method(self) -> str:
        """How many arrangements, in words."""
        return f"all {self.draws} arrangements" if self.exact else f"{self.draws} random arrangements"


def flip_signs(differences: FloatArray, *, seed: int, draws: int = DEFAULT_DRAWS) -> RandomisationTest:
    """Test whether differences are symmetric about 0 by flipping each person's sign; the statistic is the mean.

    Parameters
    ----------
    differences
        One a person.
    """
    n = len(differences)
    observed = float(np.mean(differences))
    if n < 63 and 2**n <= draws:
        codes = np.arange(2**n, dtype=np.int64)
        signs = 1.0 - 2.0 * ((codes[:, None] >> np.arange(n)) & 1)
        return _judge(observed, signs @ differences / n, exact=True)
    generator = np.random.default_rng(seed)
    means = np.concatenate(
        [
            (1.0 - 2.0 * generator.integers(0, 2, (size, n), dtype=np.int8)) @ differences / n
            for size in _split_draws(draws, n)
        ]
    )
    return _judge(observed, means, exact=False)


def permute_groups(
    first: FloatArray, second: FloatArray, *, seed: int, draws: int = DEFAULT_DRAWS
) -> RandomisationTest:
    """Test whether two groups differ by exchanging people between them; the statistic is Welch's t.

    The studentised statistic keeps the test right for a difference of means when variances differ (Janssen 1997).
    """
    both = np.concatenate([first, second])
    n, n1 = len(both), len(first)
    observed = float(_compute_welch(both[None, :], n1)[0])
    if math.comb(n, n1) <= draws:
        orders = []
        for chosen in combinations(range(n), n1):
            rest = np.setdiff1d(np.arange(n), chosen, assume_unique=True)
            orders.append([*chosen, *rest.tolist()])
        return _judge(observed, _compute_welch(both[np.array(orders)], n1), exact=True)
    generator = np.random.default_rng(seed)
    statistics = np.concatenate(
        [
            _compute_welch(generator.permuted(np.broadcast_to(both, (size, n)), axis=1), n1)
            for size in _split_draws(draws, n)
        ]
    )
    return _judge(observed, statistics, exact=False)


def permute_correlation(
    first: FloatArray, second: FloatArray, *, seed: int, draws: int = DEFAULT_DRAWS
) -> RandomisationTest:
    """Test whether two measures go together by exchanging people's second measure; the statistic is Pearson's r."""
    x = (first - first.mean()) / np.linalg.norm(first - first.mean())
    y = (second - second.mean()) / np.linalg.norm(second - second.mean())
    generator = np.random.default_rng(seed)
    correlations = np.concatenate(
        [generator.permuted(np.broadcast_to(y, (size, len(y))), axis=1) @ x for size in _split_draws(draws, len(y))]
    )
    return _judge(float(x @ y), correlations, exact=False)


def permute_categories(counts: NDArray[np.int64], *, seed: int, draws: int = DEFAULT_DRAWS) -> RandomisationTest:
    """Test whether rows and columns of a table of counts go together by exchanging people's columns; chi-square."""
    shape = counts.shape
    rows, columns = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(shape))
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    observed = float(((counts - expected) ** 2 / expected).sum())
    generator = np.random.default_rng(seed)
    found = []
    for size in _split_draws(draws, len(rows)):
        shuffled = generator.permuted(np.broadcast_to(columns, (size, len(columns))), axis=1)
        cells = rows * shape[1] + shuffled + np.arange(size)[:, None] * counts.size
        drawn = np.bincount(cells.ravel(), minlength=size * counts.size).reshape(size, *shape)
        found.append(((drawn - expected) ** 2 / expected).sum(axis=(1, 2)))
    return _judge(observed, np.concatenate(found), exact=False)


def bootstrap_interval(
    rows: FloatArray,
    compute: Callable[..., NDArray[np.float64]],
    *,
    seed: int,
    draws: int = DEFAULT_DRAWS,
    level: float = DEFAULT_LEVEL,
) -> tuple[float | None, float | None]:
    """Return the BCa interval (Efron 1987) of a statistic over people.

    Parameters
    ----------
    rows
        People, or people x columns: a person's values stay together.
    compute
        ``compute(column, ..., axis=-1)`` returns the statistic along the axis, vectorised.

    Returns
    -------
    tuple
        Lower and upper limit; None where the bootstrap distribution is degenerate.

    Examples
    --------
    >>> low, high = bootstrap_interval(np.arange(20.0), np.mean, seed=1, draws=999)
    >>> low < 9.5 < high
    True
    """
    columns = (rows,) if rows.ndim == 1 else tuple(rows.T)
    return _run_bootstrap(columns, compute, paired=rows.ndim > 1, seed=seed, draws=draws, level=level)


def bootstrap_difference(
    first: FloatArray, second: FloatArray, *, seed: int, draws: int = DEFAULT_DRAWS, level: float = DEFAULT_LEVEL
) -> tuple[float | None, float | None]:
    """Return the BCa interval of a difference of means; people are drawn within each group."""

    def subtract(a: FloatArray, b: FloatArray, axis: int = -1) -> FloatArray:
        return np.asarray(np.mean(a, axis=axis) - np.mean(b, axis=axis))

    return _run_bootstrap((first, second), subtract, paired=False, seed=seed, draws=draws, level=level)


def _run_bootstrap(
    columns: tuple[FloatArray, ...],
    compute: Callable[..., FloatArray],
    *,
    paired: bool,
    seed: int,
    draws: int,
    level: float,
) -> tuple[float | None, float | None]:
    if draws < 1:
        raise InputError("a bootstrap needs draws", where="draws", expected="at least 1", found=str(draws))
    result = stats.bootstrap(
        columns,
        compute,
        n_resamples=draws,
        batch=max(1, BATCH_VALUES // sum(len(column) for column in columns)),
        vectorized=True,
        paired=paired,
        confidence_level=level,
        method="BCa",
        rng=np.random.default_rng(seed),
    )
    return keep_finite(result.confidence_interval.low), keep_finite(result.confidence_interval.high)


def _compute_welch(values: FloatArray, n1: int) -> FloatArray:
    first, second = values[:, :n1], values[:, n1:]
    error = first.var(axis=1, ddof=1) / n1 + second.var(axis=1, ddof=1) / second.shape[1]
    difference = first.mean(axis=1) - second.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = difference / np.sqrt(error)
    return np.asarray(np.nan_to_num(t, nan=0.0, posinf=np.inf, neginf=-np.inf))


def _judge(observed: float, arrangements: FloatArray, *, exact: bool) -> RandomisationTest:
    threshold = abs(observed) * (1 - TOLERANCE)
    extreme = int(np.count_nonzero(np.abs(arrangements) >= threshold))
    draws = len(arrangements)
    p = extreme / draws if exact else (1 + extreme) / (1 + draws)
    return RandomisationTest(observed, p, draws, exact)


def _split_draws(draws: int, values: int) -> list[int]:
    if draws < 1:
        raise InputError("a randomisation test needs draws", where="draws", expected="at least 1", found=str(draws))
    size = max(1, BATCH_VALUES // values)
    return [size] * (draws // size) + ([draws % size] if draws % size else [])
