"""Two courses of the same movement by two coders: correlation, lag, bias, agreement, for one recording.

Frames of one recording lean on each other, so that nothing here has a p value or an interval: these come from comparing
recordings (``summarise_recordings``), which are independent where they are of different people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mimicrylab.stats.estimates import DEFAULT_LEVEL

FEWEST_FRAMES = 30
"""Fewer common frames say nothing."""
LARGEST_LAG_S = 1.0
"""Video trails the electromyogram by 100 to 300 ms; what lies a second apart is another movement."""
LARGEST_GAP = 1.6
"""No value is made up between frames that lie further apart than this many usual intervals."""
SMOOTHED_FROM = 1.5
"""A coder with this many times more frames a second is averaged over the other's intervals."""
FEWEST_RECORDINGS = 3


@dataclass(frozen=True)
class Course:
    """One signal of one coder in one recording: increasing times (s) and values, NaN where there was no face."""

    times_s: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def interval_s(self) -> float:
        """The usual distance of two frames (s)."""
        return float(np.median(np.diff(self.times_s))) if self.times_s.size > 1 else math.nan


@dataclass(frozen=True)
class AmountAgreement:
    """How two amounts agree: values of frames that both have, in the unit they share, else as z in the recording.

    ``correlation`` is Pearson's; ``bias`` the mean of first minus second and ``sd_difference`` the spread of it, in the
    shared unit (None: they have none); the limits of agreement are bias +- 1.96 SD (Bland & Altman, 1986), of z where
    there is no shared unit; ``icc_consistency`` is ICC(3,1) and ``icc_agreement`` ICC(2,1) (Shrout & Fleiss, 1979).
    """

    n_frames: int
    correlation: float
    bias: float | None
    sd_difference: float
    icc_consistency: float
    icc_agreement: float | None


@dataclass(frozen=True)
class FlagAgreement:
    """How two codings of present and absent agree: share alike, Cohen's kappa, F1 of presence, and both shares."""

    n_frames: int
    share_alike: float
    kappa: float | None
    f1: float | None
    share_first: float
    share_second: float


@dataclass(frozen=True)
class Lag:
    """Where the cross-correlation is highest: how much later the second one moves (s), and the correlation there.

    ``at_s`` and ``curve`` are the whole cross-correlation.
    """

    lag_s: float | None
    correlation: float | None
    at_s: tuple[float, ...]
    curve: tuple[float, ...]


def align_courses(
    first: Course, second: Course
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return times and both values at the frames of the slower coder that both have.

    The faster one is averaged over the slower one's intervals where it has 1.5 times as many frames or more, else taken
    on the straight line between two neighbouring frames.
    """
    slow, fast = (first, second) if first.interval_s >= second.interval_s else (second, first)
    if slow.interval_s >= SMOOTHED_FROM * fast.interval_s:
        others = _average_around(fast, slow.times_s, slow.interval_s)
    else:
        others = _interpolate(fast, slow.times_s)
    known = np.isfinite(slow.values) & np.isfinite(others)
    values = slow.values[known], others[known]
    return (slow.times_s[known], *(values if slow is first else values[::-1]))


def _interpolate(course: Course, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values at ``times``; NaN outside, across a gap, and beside a missing value."""
    right = np.clip(np.searchsorted(course.times_s, times), 1, course.times_s.size - 1)
    left = right - 1
    before, after = course.times_s[left], course.times_s[right]
    weight = np.clip((times - before) / (after - before), 0, 1)
    low, high = course.values[left], course.values[right]
    mixed = np.where(weight == 0, low, np.where(weight == 1, high, low + weight * (high - low)))
    outside = (times < course.times_s[0] - 1e-6) | (times > course.times_s[-1] + 1e-6)
    gap = (after - before > LARGEST_GAP * course.interval_s) & (weight > 0) & (weight < 1)
    return np.asarray(np.where(outside | gap, np.nan, mixed), dtype=np.float64)


def _average_around(course: Course, times: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    first, last = (np.searchsorted(course.times_s, times + side * width / 2) for side in (-1, 1))
    known = np.isfinite(course.values)
    totals = np.concatenate([[0.0], np.cumsum(np.where(known, course.values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    n = counts[last] - counts[first]
    total = totals[last] - totals[first]
    return np.asarray(np.where(2 * n >= last - first, total / np.maximum(n, 1), np.nan)) + np.where(n, 0, np.nan)


def compare_amounts(
    first: NDArray[np.float64], second: NDArray[np.float64], *, same_unit: bool
) -> AmountAgreement | None:
    """Return how two amounts agree; None: fewer than 30 common frames, or one does not vary.

    Parameters
    ----------
    first, second
        ``[n]``, the same frames.
    same_unit
        Whether both have one unit; else each is turned into z within the recording first, and has no bias.
    """
    if first.size < FEWEST_FRAMES or not (first.std() > 0 and second.std() > 0):
        return None
    r = float(np.corrcoef(first, second)[0, 1])
    if not same_unit:
        first, second = ((each - each.mean()) / each.std(ddof=1) for each in (first, second))
    difference = first - second
    consistency, agreement = _estimate_icc(first, second)
    return AmountAgreement(
        n_frames=first.size,
        correlation=r,
        bias=float(difference.mean()) if same_unit else None,
        sd_difference=float(difference.std(ddof=1)),
        icc_consistency=consistency,
        icc_agreement=agreement if same_unit else None,
    )


def _estimate_icc(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float]:
    """Return ICC(3,1) and ICC(2,1) of two raters."""
    values = np.column_stack([first, second])
    n, k = values.shape
    grand = values.mean()
    between = k * float(((values.mean(axis=1) - grand) ** 2).sum()) / (n - 1)
    raters = n * float(((values.mean(axis=0) - grand) ** 2).sum()) / (k - 1)
    residual = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + grand
    error = float((residual**2).sum()) / ((n - 1) * (k - 1))
    consistency = (between - error) / (between + (k - 1) * error)
    return consistency, (between - error) / (between + (k - 1) * error + k * (raters - error) / n)


def compare_flags(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> FlagAgreement | None:
    """Return how two codings of present and absent agree; None: fewer than 30 common frames.

    Kappa is None where one of them uses one category only (agreement by chance is certain); F1, 2 x both / (first +
    second), is None where neither ever codes presence.
    """
    if first.size < FEWEST_FRAMES:
        return None
    p, q = float(first.mean()), float(second.mean())
    alike = float((first == second).mean())
    chance = p * q + (1 - p) * (1 - q)
    both = int((first & second).sum())
    total = int(first.sum()) + int(second.sum())
    varied = 0 < p < 1 and 0 < q < 1
    kappa = (alike - chance) / (1 - chance) if varied else None
    return FlagAgreement(first.size, alike, kappa, 2 * both / total if total else None, p, q)


def estimate_auc(amount: NDArray[np.float64], present: NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve: how often a frame with the code has more than one without; None: no such.

    (rank sum of the present - n1 (n1 + 1) / 2) / (n1 n0), ties half (Mann & Whitney).

    Examples
    --------
    >>> estimate_auc(np.array([1.0, 2, 3, 4]), np.array([False, False, True, True]))
    1.0
    """
    n_present = int(present.sum())
    n_absent = present.size - n_present
    if not (n_present and n_absent):
        return None
    ranks = stats.rankdata(amount)
    return float((ranks[present].sum() - n_present * (n_present + 1) / 2) / (n_present * n_absent))


def find_lag(first: Course, second: Course, *, largest_s: float = LARGEST_LAG_S) -> Lag:
    """Return how much later the second one moves than the first, from the peak of their cross-correlation.

    Both are laid on a common grid of the slower one's interval; at each lag the frames that both have are correlated;
    a parabola through the peak and its neighbours gives the lag between two steps. None where the peak lies at the end
    of the range or is not above 0, or fewer than 30 frames are common.
    """
    step = max(first.interval_s, second.interval_s)
    empty = Lag(None, None, (), ())
    start = max(first.times_s[0], second.times_s[0])
    stop = min(first.times_s[-1], second.times_s[-1])
    if not (math.isfinite(step) and stop - start > 2 * largest_s):
        return empty
    grid = np.arange(start, stop, step)
    a, b = (_lay_on_grid(course, grid, step) for course in (first, second))
    reach = max(round(largest_s / step), 2)
    curve = np.array([_correlate_shifted(a, b, shift) for shift in range(-reach, reach + 1)])
    at_s = tuple(float(shift * step) for shift in range(-reach, reach + 1))
    if not np.isfinite(curve).all():
        return Lag(None, None, at_s, tuple(map(float, curve)))
    peak = int(np.argmax(curve))
    whole = tuple(map(float, curve))
    if peak in (0, curve.size - 1) or curve[peak] <= 0:
        return Lag(None, None, at_s, whole)
    before, top, after = curve[peak - 1 : peak + 2]
    bend = before - 2 * top + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return Lag(float((peak - reach + shift) * step), float(top), at_s, whole)


def _lay_on_grid(course: Course, grid: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    if step >= SMOOTHED_FROM * course.interval_s:
        return _average_around(course, grid, step)
    return _interpolate(course, grid)


def _correlate_shifted(a: NDArray[np.float64], b: NDArray[np.float64], shift: int) -> float:
    """Return the correlation of a(t) with b(t + shift)."""
    first, second = (a[: a.size - shift], b[shift:]) if shift >= 0 else (a[-shift:], b[:shift])
    known = np.isfinite(first) & np.isfinite(second)
    if known.sum() < FEWEST_FRAMES or first[known].std() == 0 or second[known].std() == 0:
        return math.nan
    return float(np.corrcoef(first[known], second[known])[0, 1])


@dataclass(frozen=True)
class OverRecordings:
    """A number over recordings: how many had it, the mean, and its 95 % interval from three recordings on."""

    n: int
    mean: float | None
    ci_low: float | None = None
    ci_high: float | None = None


def summarise_recordings(values: Sequence[float | None], *, correlations: bool = False) -> OverRecordings:
    """Return mean and t interval over recordings; correlations by Fisher's z.

    Examples
    --------
    >>> summarise_recordings([0.5, None, 0.5])
    OverRecordings(n=2, mean=0.5, ci_low=None, ci_high=None)
    """
    known = np.array([value for value in values if value is not None and math.isfinite(value)])
    if not known.size:
        return OverRecordings(0, None)
    scaled = np.arctanh(np.clip(known, -0.999999, 0.999999)) if correlations else known
    mean = float(scaled.mean())
    low = high = None
    if known.size >= FEWEST_RECORDINGS:
        half = float(stats.t.ppf((1 + DEFAULT_LEVEL) / 2, known.size - 1) * scaled.std(ddof=1) / math.sqrt(known.size))
        low, high = mean - half, mean + half
    if correlations:
        mean, low, high = (None if each is None else math.tanh(each) for each in (mean, low, high))  # type: ignore[assignment]
    return OverRecordings(known.size, mean, low, high)
