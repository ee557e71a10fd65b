"""The arithmetic of onsets: for how long a signal stays above a level, and which level noise alone seldom reaches.

A movement has an onset when the signal stays above ``mean_B + c SD_B`` of its baseline for at least ``d`` seconds. For
a fixed d, a window has an onset exactly if its *strength*, the largest level that the signal keeps for d, is above c:

    strength = max over t of (min of x over [t, t + d] - mean_B) / SD_B

So c is calibrated by a quantile of the strengths of windows in which nothing was shown. With n of them and a rate a,
c is the ceil((n + 1)(1 - a))-th smallest: for exchangeable windows a new one exceeds it with probability <= a, however
few they are (conformal prediction; Vovk et al., 2005). It takes 19 windows for a rate of .05.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TOLERANCE_S = 1e-6


@dataclass(frozen=True)
class Series:
    """One recording's signals in order of time: ``times`` (n) in s, ``values`` (n, signals) with NaN where lost.

    ``holes`` (n) counts the holes in time up to and including the one just before each frame.
    """

    times: FloatArray
    values: FloatArray
    holes: IntArray
    interval_s: float


@dataclass(frozen=True)
class Sustained:
    """For each frame the least value over the next d seconds (-inf if a frame is lost there), and its last frame."""

    least: FloatArray
    last: IntArray


@dataclass(frozen=True)
class Moments:
    """Running sums of a series, from which mean and SD of any stretch follow at once."""

    count: FloatArray
    total: FloatArray
    squares: FloatArray
    centre: FloatArray


def find_sustained(series: Series, sustained_s: float) -> Sustained:
    """Return, for each frame, the least value of each signal over ``[t, t + sustained_s]``.

    A lost frame or a hole in between, or the end of the recording, gives -inf: what was not seen is no movement.
    """
    times, values = series.times, np.where(np.isnan(series.values), -np.inf, series.values)
    n = len(times)
    last = np.searchsorted(times, times + sustained_s - TOLERANCE_S, side="left")
    complete = last < n
    reach = np.minimum(last, n - 1)
    least = values.copy()
    start = np.arange(n)
    for step in range(1, int((reach - start).max(initial=0)) + 1):
        inside = start + step <= reach
        least[inside] = np.minimum(least[inside], values[start[inside] + step])
    broken = ~complete | (series.holes[reach] > series.holes[start])
    least[broken] = -np.inf
    return Sustained(least, last.astype(np.int64))


def sum_up(series: Series) -> Moments:
    """Return the running sums of a series; values are centred first, so that no digit is lost."""
    known = ~np.isnan(series.values)
    number = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, series.values, 0.0).sum(axis=0) / number
    centred = np.where(known, series.values - centre, 0.0)
    zero = np.zeros((1, series.values.shape[1]))
    return Moments(
        np.vstack([zero, np.cumsum(known, axis=0)]),
        np.vstack([zero, np.cumsum(centred, axis=0)]),
        np.vstack([zero, np.cumsum(centred**2, axis=0)]),
        centre,
    )


def describe_stretch(moments: Moments, first: int, stop: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return number of values, mean and SD (ddof 1) of each signal over frames ``first`` to ``stop`` (not included).

    Mean and SD are NaN where there are fewer than two values.
    """
    count = moments.count[stop] - moments.count[first]
    total = moments.total[stop] - moments.total[first]
    squares = moments.squares[stop] - moments.squares[first]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        variance = np.maximum(squares - count * mean**2, 0.0) / (count - 1)
    enough = count >= 2
    return count, np.where(enough, mean + moments.centre, np.nan), np.where(enough, np.sqrt(variance), np.nan)


def measure_strength(sustained: Sustained, first: int, stop: int, *, mean: FloatArray, sd: FloatArray) -> FloatArray:
    """Return the strength of each signal over the frames ``first`` to ``stop``; runs must end inside the window.

    -inf where nothing lasts; NaN where mean or SD is not known or SD is 0.
    """
    usable = int(np.searchsorted(sustained.last[first:stop], stop, side="left"))
    with np.errstate(invalid="ignore", divide="ignore"):
        if usable == 0:
            return np.where((sd > 0) & ~np.isnan(mean), -np.inf, np.nan)
        largest = sustained.least[first : first + usable].max(axis=0)
        return np.where(sd > 0, (largest - mean) / sd, np.nan)


def find_first(sustained: Sustained, first: int, stop: int, *, level: FloatArray) -> IntArray:
    """Return, for each signal, the first frame of the window from which it stays above ``level``; -1 if none."""
    usable = int(np.searchsorted(sustained.last[first:stop], stop, side="left"))
    above = sustained.least[first : first + usable] > level
    found = above.any(axis=0) if usable else np.zeros(level.shape, dtype=bool)
    return np.where(found, first + (above.argmax(axis=0) if usable else 0), -1).astype(np.int64)


def choose_level(strengths: FloatArray, rate: float) -> float:
    """Return the level that a new window of the same kind exceeds with probability at most ``rate``.

    Infinite where there are too few windows for that rate.

    Examples
    --------
    >>> choose_level(np.arange(19.0), 0.05), choose_level(np.arange(18.0), 0.05), choose_level(np.arange(99.0), 0.05)
    (18.0, inf, 94.0)
    """
    n = len(strengths)
    rank = math.ceil((n + 1) * (1 - rate) - 1e-9)
    return float(np.sort(strengths)[rank - 1]) if rank <= n else math.inf


def estimate_rate(strengths: Sequence[FloatArray], rate: float) -> float:
    """Return the share of windows above the level that the other stretches give (each stretch left out in turn).

    Windows of one stretch overlap, so that they must not judge themselves. NaN with fewer than two stretches.
    """
    if len(strengths) < 2:
        return math.nan
    alarms = 0
    for left_out in range(len(strengths)):
        others = np.concatenate([s for index, s in enumerate(strengths) if index != left_out])
        alarms += int((strengths[left_out] > choose_level(others, rate)).sum())
    return alarms / sum(len(s) for s in strengths)
