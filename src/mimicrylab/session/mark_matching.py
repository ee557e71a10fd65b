"""Marks seen in a recording against the times of a log: where the log's clock shows 0, how fast it runs, how surely.

A mark is a moment that both saw: an LED, a flash, a clap, a beep, a trigger. The model is a straight line,

    recording time = offset + (1 + drift) x log time.

Which mark belongs to which line of the log is not known: some flashes are missed, others are no flashes. The offset at
which most of them meet one to one is taken, the line is fitted to these by least squares, and what other offset would
do nearly as well is looked for: marks at equal distances fit several times over, and are refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from mimicrylab.errors import InputError, RefusedError, count_things

TOLERANCE_S = 0.05
"""A mark and a line of the log belong together when they lie at most this far apart, or two frames, if that is more."""
LARGEST_DRIFT_PPM = 300.0
"""Clocks of cameras and computers differ by some 10 to 100 parts in a million; beyond this another thing is wrong."""
FEWEST_FOR_DRIFT = 5
SHORTEST_FOR_DRIFT_S = 60.0
FEWEST_MATCHED = 3
FEWEST_SHARE = 0.5
"""Of the marks or of the lines, whichever are fewer, at least this share must meet."""
RIVAL_SHARE = 0.9
"""Another offset at which this share of the matches meets leaves the answer open."""
MOST_MARKS = 3000
LEVEL = 0.95
ROUNDS = 8


@dataclass(frozen=True)
class MarkFit:
    """How a recording's clock follows from a log's.

    Attributes
    ----------
    offset_s
        The recording's time when the log's clock shows 0 (s).
    drift_ppm
        How much faster the recording's clock runs, in parts per million; None: not estimated (too few marks, or too
        short), taken as 0.
    drift_error_ppm
        Half of the drift's 95 % interval.
    error_s
        How far a log's time may be off after the correction (s), at the worst of the log's times: half of the line's
        95 % interval, and half of the marks' resolution, because all marks may be seen late by as much.
    residual_sd_s
        Spread of the matches around the line (s); None: one match.
    logged_s, seen_s
        The matches: the log's time and the recording's time of each.
    n_logged, n_seen
        How many there were.
    rival_matched, rival_s
        Matches at the best other offset, and how far away it is (s); 0 and NaN: there is none.
    resolution_s
        How finely marks are seen: the distance of two frames, a bin of the sound.
    """

    offset_s: float
    drift_ppm: float | None
    drift_error_ppm: float | None
    error_s: float
    residual_sd_s: float | None
    logged_s: tuple[float, ...]
    seen_s: tuple[float, ...]
    n_logged: int
    n_seen: int
    rival_matched: int
    rival_s: float
    resolution_s: float

    @property
    def n_matched(self) -> int:
        """How many marks meet a line of the log."""
        return len(self.logged_s)

    @property
    def residuals_s(self) -> tuple[float, ...]:
        """Seen minus expected time of each match (s)."""
        expected = self.place(self.logged_s)
        return tuple(float(seen - where) for seen, where in zip(self.seen_s, expected, strict=True))

    def place(self, logged_s: ArrayLike) -> NDArray[np.float64]:
        """Return the recording's times of times of the log (s)."""
        times = np.asarray(logged_s, dtype=np.float64)
        return self.offset_s + times + (self.drift_ppm or 0.0) * 1e-6 * times


def match_marks(
    seen_s: ArrayLike,
    logged_s: ArrayLike,
    *,
    resolution_s: float,
    tolerance_s: float | None = None,
    near_s: float | None = None,
    within_s: float = 1.0,
    drift: bool = True,
) -> MarkFit:
    """Return where the log's clock lies on the recording's, with its error.

    Parameters
    ----------
    seen_s
        Times of marks in the recording (s); some may be false, some missing.
    logged_s
        Times that the log gives them (s); some may have no mark.
    resolution_s
        How finely marks are seen (s).
    tolerance_s
        How far apart a mark and its line may lie; None: 0.05 s, or two steps of the resolution, if that is more.
    near_s
        Offset that is expected; others are looked for within ``within_s`` of it only.
    drift
        Whether the clocks may run at different speeds; estimated from five matches over a minute or more.

    Raises
    ------
    InputError
        There are no marks or no times, too many, or one is not finite.
    RefusedError
        Too few meet anywhere, or several offsets fit about equally well.

    Examples
    --------
    >>> log = [2.0, 9.5, 15.0, 31.0]
    >>> fit = match_marks([14.02, 21.5, 27.01, 43.0, 44.0], log, resolution_s=0.04)
    >>> round(fit.offset_s, 2), fit.n_matched
    (12.01, 4)
    """
    seen, logged = (_read(times, what) for times, what in ((seen_s, "marks in the recording"), (logged_s, "the log")))
    tolerance = max(TOLERANCE_S, 2 * resolution_s) if tolerance_s is None else tolerance_s
    if not (math.isfinite(tolerance) and tolerance > 0):
        raise InputError("this is no tolerance", expected="seconds, above 0", found=f"{tolerance:g}")
    pairs, slope = _search(seen, logged, tolerance, near_s=near_s, within_s=within_s, drift=drift)
    pairs, line = _refine(seen, logged, pairs, slope, tolerance, drift=drift)
    fewer = min(seen.size, logged.size)
    _refuse_too_few(len(pairs), seen.size, logged.size, fewer)
    rival, distance = _find_rival(seen, logged, line, tolerance, near_s=near_s, within_s=within_s)
    if rival >= RIVAL_SHARE * len(pairs):
        raise RefusedError(
            "the marks fit the log at several offsets about equally well",
            expected="marks at unequal distances, or --near SECONDS with about the offset",
            found=f"{count_things(len(pairs), 'match', 'matches')} at {line[0]:.3f} s and {rival} at "
            f"{line[0] + distance:.3f} s",
            do="say about where it is: --near SECONDS --within SECONDS",
        )
    return _make_fit(seen, logged, pairs, line, resolution_s, (rival, distance), drift=drift)


def _read(times: ArrayLike, what: str) -> NDArray[np.float64]:
    values = np.unique(np.asarray(times, dtype=np.float64))
    if not values.size:
        raise InputError(f"no times of {what}", expected="at least one")
    if not np.isfinite(values).all():
        raise InputError(f"a time of {what} is no number")
    if values.size > MOST_MARKS:
        raise InputError(f"too many times of {what}", expected=f"at most {MOST_MARKS}", found=str(values.size))
    return values


Line = tuple[float, float]
"""Offset (s) and slope (1 + drift)."""


def _search(
    seen: NDArray[np.float64],
    logged: NDArray[np.float64],
    tolerance: float,
    *,
    near_s: float | None,
    within_s: float,
    drift: bool,
) -> tuple[list[tuple[int, int]], float]:
    """Return the matches of the best offset and slope on a grid."""
    best: tuple[list[tuple[int, int]], float] = [], 1.0
    best_key = (0, -math.inf)
    for slope in _list_slopes(seen, logged, tolerance, drift=drift):
        offset = _find_peak(seen, slope * logged, tolerance, near_s=near_s, within_s=within_s)
        if offset is None:
            continue
        pairs = _pair(seen, offset + slope * logged, tolerance)
        misses = [float(seen[i] - offset - slope * logged[j]) for i, j in pairs]
        key = (len(pairs), -float(np.square(misses).sum()) if misses else -math.inf)
        if key > best_key:
            best, best_key = (pairs, slope), key
    return best


def _list_slopes(
    seen: NDArray[np.float64], logged: NDArray[np.float64], tolerance: float, *, drift: bool
) -> NDArray[np.float64]:
    span = float(logged[-1] - logged[0])
    if not drift or min(seen.size, logged.size) < FEWEST_FOR_DRIFT or span < SHORTEST_FOR_DRIFT_S:
        return np.ones(1)
    step = tolerance / span
    n_steps = math.ceil(LARGEST_DRIFT_PPM * 1e-6 / step)
    return np.asarray(1 + step * np.arange(-n_steps, n_steps + 1), dtype=np.float64)


def _find_peak(
    seen: NDArray[np.float64],
    logged: NDArray[np.float64],
    tolerance: float,
    *,
    near_s: float | None,
    within_s: float,
    apart_from: float | None = None,
) -> float | None:
    """Return the offset that most pairs share within the tolerance; ``apart_from`` leaves out those around one."""
    differences = (seen[:, None] - logged[None, :]).ravel()
    if near_s is not None:
        differences = differences[np.abs(differences - near_s) <= within_s]
    if apart_from is not None:
        differences = differences[np.abs(differences - apart_from) > 2 * tolerance]
    if not differences.size:
        return None
    differences.sort()
    last = np.searchsorted(differences, differences + tolerance, side="right")
    place = int(np.argmax(last - np.arange(differences.size)))
    return float(np.median(differences[place : last[place]]))


def _pair(seen: NDArray[np.float64], expected: NDArray[np.float64], tolerance: float) -> list[tuple[int, int]]:
    """Return (mark, line) of those that are each other's nearest, within the tolerance."""
    nearest_mark = _find_nearest(expected, seen)
    nearest_line = _find_nearest(seen, expected)
    return [
        (int(mark), line)
        for line, mark in enumerate(nearest_mark)
        if nearest_line[mark] == line and abs(seen[mark] - expected[line]) <= tolerance
    ]


def _find_nearest(wanted: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.intp]:
    right = np.clip(np.searchsorted(among, wanted), 1, max(among.size - 1, 1))
    if among.size == 1:
        return np.zeros(wanted.size, dtype=np.intp)
    left = right - 1
    closer_left: NDArray[np.intp] = np.where(wanted - among[left] <= among[right] - wanted, left, right)
    return closer_left


def _refine(
    seen: NDArray[np.float64],
    logged: NDArray[np.float64],
    pairs: list[tuple[int, int]],
    slope: float,
    tolerance: float,
    *,
    drift: bool,
) -> tuple[list[tuple[int, int]], Line]:
    """Fit the line and match again until the matches stay."""
    line = _fit_line(seen, logged, pairs, drift=drift, slope=slope)
    for _ in range(ROUNDS):
        again = _pair(seen, line[0] + line[1] * logged, tolerance)
        if again == pairs or not again:
            break
        pairs = again
        line = _fit_line(seen, logged, pairs, drift=drift, slope=slope)
    return pairs, line


def _estimates_drift(logged: NDArray[np.float64], pairs: list[tuple[int, int]], *, drift: bool) -> bool:
    if not drift or len(pairs) < FEWEST_FOR_DRIFT:
        return False
    times = logged[[line for _, line in pairs]]
    return float(times.max() - times.min()) >= SHORTEST_FOR_DRIFT_S


def _fit_line(
    seen: NDArray[np.float64], logged: NDArray[np.float64], pairs: list[tuple[int, int]], *, drift: bool, slope: float
) -> Line:
    if not pairs:
        return 0.0, slope
    y, x = seen[[mark for mark, _ in pairs]], logged[[line for _, line in pairs]]
    if not _estimates_drift(logged, pairs, drift=drift):
        return float((y - x).mean()), 1.0
    centred = x - x.mean()
    fitted = float((centred * (y - y.mean())).sum() / (centred**2).sum())
    return float(y.mean() - fitted * x.mean()), fitted


def _refuse_too_few(n_matched: int, n_seen: int, n_logged: int, fewer: int) -> None:
    if n_matched and n_matched >= FEWEST_SHARE * fewer and n_matched >= min(FEWEST_MATCHED, fewer):
        return
    raise RefusedError(
        "the marks in the recording and the times of the log do not meet anywhere",
        expected=f"at least {max(math.ceil(FEWEST_SHARE * fewer), min(FEWEST_MATCHED, fewer))} that lie as far apart "
        "in both",
        found=f"{count_things(n_seen, 'mark')} seen, {count_things(n_logged, 'time')} in the log, "
        f"{count_things(n_matched, 'match', 'matches')} at best",
        do="look at the picture (--picture FILE): set --threshold or --region; or the log is another recording's",
    )


def _find_rival(
    seen: NDArray[np.float64],
    logged: NDArray[np.float64],
    line: Line,
    tolerance: float,
    *,
    near_s: float | None,
    within_s: float,
) -> tuple[int, float]:
    """Return how many match at the best other offset, and how far away it is (s)."""
    scaled = line[1] * logged
    offset = _find_peak(seen, scaled, tolerance, near_s=near_s, within_s=within_s, apart_from=line[0])
    if offset is None:
        return 0, math.nan
    return len(_pair(seen, offset + scaled, tolerance)), offset - line[0]


def _make_fit(
    seen: NDArray[np.float64],
    logged: NDArray[np.float64],
    pairs: list[tuple[int, int]],
    line: Line,
    resolution_s: float,
    rival: tuple[int, float],
    *,
    drift: bool,
) -> MarkFit:
    y, x = seen[[mark for mark, _ in pairs]], logged[[place for _, place in pairs]]
    estimated = _estimates_drift(logged, pairs, drift=drift)
    df = y.size - (2 if estimated else 1)
    residuals = y - line[0] - line[1] * x
    sd = math.sqrt(float(residuals @ residuals) / df) if df > 0 else None
    floor = resolution_s / math.sqrt(12)  # a mark lies anywhere within a step
    half, drift_error = resolution_s / 2, None
    if sd is not None:
        t = float(stats.t.ppf((1 + LEVEL) / 2, df))
        spread = max(sd, floor)
        farthest = float(np.abs(logged - x.mean()).max()) if estimated else 0.0
        sum_squares = float(((x - x.mean()) ** 2).sum())
        leverage = farthest**2 / sum_squares if estimated else 0.0
        half = t * spread * math.sqrt(1 / y.size + leverage)
        drift_error = t * spread / math.sqrt(sum_squares) * 1e6 if estimated else None
    return MarkFit(
        offset_s=line[0],
        drift_ppm=(line[1] - 1) * 1e6 if estimated else None,
        drift_error_ppm=drift_error,
        error_s=half + resolution_s / 2,
        residual_sd_s=sd,
        logged_s=tuple(map(float, x)),
        seen_s=tuple(map(float, y)),
        n_logged=logged.size,
        n_seen=seen.size,
        rival_matched=rival[0],
        rival_s=rival[1],
        resolution_s=resolution_s,
    )
