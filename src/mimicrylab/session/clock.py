"""Page time and file time: the constant between the two clocks of a recording made in a browser, and its error.

A page logs when the camera captured each frame (``captureTime``, on the page's clock); the file says when each of its
frames is to be shown (its presentation times). Both series miss some frames. The constant that maps the file's times
onto the page's is the one at which most of them meet: found from the pattern of irregular intervals, as a peak in the
histogram of all differences. When recording was started is only a prior, wrong by tens to hundreds of milliseconds.

This is the map between two clocks. What the screen took to show a stimulus and the camera to take a picture comes on
top, and is another quantity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mimicrylab.errors import InputError, RefusedError

REACH_S = 0.6
"""Differences within this distance of the prior are considered: a recorder's start event was up to .4 s late."""

TOLERANCE_S = 0.0015
"""A frame of the file and one of the page meet when they agree to this: half a tick of 1 ms, twice, and jitter."""

SEPARATION_S = 0.005
"""A runner-up lies at least this far from the best constant; anything nearer is the same peak."""

CLEAR_MARGIN = 0.1
"""The best constant must explain this share of frames more than the runner-up, or the match is ambiguous."""

FEWEST_FRAMES = 10
FEWEST_MATCHED = 0.5
BIN_S = 0.00025
FILE_TICK_S = 0.001
"""Resolution of times in a webm file."""


@dataclass(frozen=True)
class ClockMatch:
    """The map from file time to page time, ``page = file + offset_s``.

    Attributes
    ----------
    offset_s
        The constant (s).
    error_s
        Largest plausible error of the constant (s): half a tick of the file, because files round or cut off, and two
        standard errors; in an ambiguous match the distance to the farthest constant that fits as well.
    share_matched
        Frames of the file that meet one of the page, by frames of the file that could.
    runner_up_s
        Distance of the second-best constant from the best (s); NaN where there is none.
    margin
        Share of frames that the best constant explains more than the second-best.
    drift_ppm
        Slope of what is left over, in millionths: how much faster the page's clock runs.
    """

    offset_s: float
    error_s: float
    share_matched: float
    runner_up_s: float
    margin: float
    drift_ppm: float

    @property
    def ambiguous(self) -> bool:
        """Whether another constant fits nearly as well (a camera of perfectly regular frames)."""
        return self.margin < CLEAR_MARGIN

    def to_page(self, file_times: ArrayLike) -> NDArray[np.float64]:
        """Return page times (s) of file times (s)."""
        return np.asarray(file_times, dtype=np.float64) + self.offset_s

    def to_file(self, page_times: ArrayLike) -> NDArray[np.float64]:
        """Return file times (s) of page times (s)."""
        return np.asarray(page_times, dtype=np.float64) - self.offset_s


def match_clocks(
    file_times: ArrayLike,
    page_times: ArrayLike,
    *,
    prior_s: float,
    reach_s: float = REACH_S,
    file_tick_s: float = FILE_TICK_S,
) -> ClockMatch:
    """Return the constant at which the frame times of a file and those logged by the page agree.

    Every difference ``page - file`` within ``prior_s`` plus or minus ``reach_s`` is a candidate; the one that most
    pairs share, within a tolerance, wins, and the median of its pairs is the constant. Where several explain the
    frames equally well (margin below ``CLEAR_MARGIN``) the one nearest to the prior is taken and the error says so.

    Parameters
    ----------
    file_times
        Presentation times of the file's frames (s), increasing.
    page_times
        Capture times that the page logged (s), increasing; some of the file's frames may be missing, and others added.
    prior_s
        Page time at which recording was started: about where the file's time 0 lies.
    reach_s
        How far from the prior the constant may lie (s).
    file_tick_s
        Resolution of the file's times (s).

    Raises
    ------
    InputError
        Times are not finite and increasing, or there are fewer than ``FEWEST_FRAMES``.
    RefusedError
        Even the best constant leaves more than half of the frames without a partner: these are not the same recording,
        or the prior is wrong.

    Examples
    --------
    >>> page = 100 + np.cumsum([0.033, 0.041, 0.030, 0.036, 0.029, 0.038, 0.034, 0.031, 0.040, 0.033, 0.037, 0.035])
    >>> match = match_clocks(np.round(page - 100.25, 3), page, prior_s=100.2)
    >>> round(match.offset_s, 3), match.ambiguous
    (100.25, False)
    """
    file, page = (_read_times(times, name) for times, name in ((file_times, "file"), (page_times, "page")))
    places, differences = _list_differences(file, page, prior_s=prior_s, reach_s=reach_s)
    candidates, counts = _count_matches(differences)
    n_possible = max(np.unique(places).size, 1)
    shares = counts / n_possible
    best_share = float(shares.max(initial=0.0))
    if best_share < FEWEST_MATCHED or n_possible < FEWEST_FRAMES:
        raise RefusedError(
            "the times of the file and of the page do not agree anywhere",
            expected=f"a constant at which at least {FEWEST_MATCHED:.0%} of the frames meet",
            found=f"{best_share:.0%} within {reach_s:g} s of the start",
            do="check that the log belongs to this recording",
        )
    good = candidates[shares > best_share - CLEAR_MARGIN]
    chosen = _refine(differences, good[np.argmin(np.abs(good - prior_s))])
    near = np.abs(differences - chosen) <= TOLERANCE_S
    rival_share, runner_up = _find_runner_up(candidates - chosen, shares)
    share = float(np.unique(places[near]).size / n_possible)
    residuals = differences[near] - chosen
    error = file_tick_s / 2 + 2 * float(residuals.std()) / np.sqrt(residuals.size)
    margin = share - rival_share
    if margin < CLEAR_MARGIN:
        error += float(np.abs(good - chosen).max())
    return ClockMatch(
        offset_s=float(chosen),
        error_s=float(error),
        share_matched=share,
        runner_up_s=runner_up,
        margin=margin,
        drift_ppm=_fit_slope(file[places[near]], residuals) * 1e6,
    )


def _read_times(times: ArrayLike, name: str) -> NDArray[np.float64]:
    values = np.asarray(times, dtype=np.float64)
    if values.ndim != 1 or values.size < FEWEST_FRAMES:
        raise InputError(f"too few times of the {name}", expected=f"at least {FEWEST_FRAMES}", found=str(values.size))
    if not np.isfinite(values).all() or (np.diff(values) <= 0).any():
        raise InputError(f"the times of the {name} do not increase")
    return values


def _list_differences(
    file: NDArray[np.float64], page: NDArray[np.float64], *, prior_s: float, reach_s: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return, for every pair within reach, the place of its file time and the difference ``page - file``."""
    first = np.searchsorted(page, file + prior_s - reach_s)
    last = np.searchsorted(page, file + prior_s + reach_s, side="right")
    n_partners = last - first
    places = np.repeat(np.arange(file.size), n_partners)
    starts = np.repeat(first - np.concatenate(([0], np.cumsum(n_partners)[:-1])), n_partners)
    partners = starts + np.arange(places.size)
    return places, page[partners] - file[places]


def _count_matches(differences: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return candidate constants, ``BIN_S`` apart, and the number of pairs within ``TOLERANCE_S`` of each."""
    if not differences.size:
        return np.zeros(1), np.zeros(1)
    ordered = np.sort(differences)
    candidates = np.arange(ordered[0], ordered[-1] + BIN_S, BIN_S)
    low = np.searchsorted(ordered, candidates - TOLERANCE_S)
    high = np.searchsorted(ordered, candidates + TOLERANCE_S, side="right")
    return candidates, (high - low).astype(np.float64)


def _find_runner_up(distances: NDArray[np.float64], shares: NDArray[np.float64]) -> tuple[float, float]:
    """Return the share and the distance of the best candidate that is not the chosen peak; of equals the nearest."""
    apart = np.abs(distances) > SEPARATION_S
    if not apart.any():
        return 0.0, float("nan")
    order = np.lexsort((np.abs(distances[apart]), -shares[apart]))
    return float(shares[apart][order[0]]), float(distances[apart][order[0]])


def _refine(differences: NDArray[np.float64], start: float) -> float:
    """Return the median of the differences around ``start``, moved until it stays."""
    chosen = float(start)
    for _ in range(10):
        moved = float(np.median(differences[np.abs(differences - chosen) <= TOLERANCE_S]))
        if abs(moved - chosen) < 1e-9:
            break
        chosen = moved
    return chosen


def _fit_slope(times: NDArray[np.float64], residuals: NDArray[np.float64]) -> float:
    centred = times - times.mean()
    spread = float((centred**2).sum())
    return float((centred * residuals).sum() / spread) if spread else 0.0
