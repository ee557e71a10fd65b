"""A course over time in which marks are to be found (brightness, loudness, a trigger), and finding them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import InputError, RefusedError

CLEAR = 6.0
"""A mark rises at least this many times the noise (1.4826 x median absolute deviation) above what lies below it."""
LOW_QUANTILE = 0.01
STEEP_S = 0.2
"""A rise takes at most this long; daylight and automatic exposure take longer."""
FOOT = 0.35
"""Within this time a rise comes from below this share of its height."""
APART_S = 0.25
"""Marks follow each other at least so far apart: echoes and flicker count once."""


@dataclass(frozen=True)
class Trace:
    """Values over time: ``times_s`` on the recording's clock, ``unit`` of the values, the usual step ``resolution_s``.

    ``notes`` say what was missing.
    """

    times_s: NDArray[np.float64]
    values: NDArray[np.float64]
    unit: str
    resolution_s: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marks:
    """Times of the marks (s): the middle between the last value below and the first above the threshold."""

    times_s: NDArray[np.float64]
    threshold: float


def find_marks(
    trace: Trace, *, threshold: float | None = None, falling: bool = False, apart_s: float = APART_S
) -> Marks:
    """Return where a trace rises steeply through a threshold.

    Parameters
    ----------
    threshold
        In the trace's unit; None: half way between its low values (1 % quantile) and its highest.
    falling
        Whether marks are falls (a light that goes out, a picture that goes dark).
    apart_s
        Marks closer than this to the one before are its echo.

    Raises
    ------
    InputError
        The trace has fewer than three values.
    RefusedError
        Nothing stands out from the noise, or nothing rises steeply.

    Examples
    --------
    >>> times = np.arange(100) / 25
    >>> flash = Trace(times, np.where((times >= 2) & (times < 2.2), 200.0, 20.0), "grey level", 0.04)
    >>> find_marks(flash).times_s.round(2).tolist()
    [1.98]
    """
    if trace.values.size < 3:
        raise InputError("too short to find marks in", expected="at least 3 values", found=str(trace.values.size))
    sign = -1.0 if falling else 1.0
    values = sign * trace.values
    limit = _find_threshold(values, trace) if threshold is None else sign * threshold
    above = values >= limit
    crossings = np.flatnonzero(above[1:] & ~above[:-1]) + 1
    peak, low = float(values.max()), float(np.quantile(values, LOW_QUANTILE))
    kept: list[float] = []
    for place in crossings:
        first = int(np.searchsorted(trace.times_s, trace.times_s[place] - max(STEEP_S, 2.5 * trace.resolution_s)))
        foot = float(values[first:place].min())
        moment = float(trace.times_s[place - 1] + trace.times_s[place]) / 2
        steep = foot <= limit - (0.5 - FOOT) * (peak - low) if threshold is None else True
        if steep and (not kept or moment - kept[-1] >= apart_s):
            kept.append(moment)
    if not kept:
        raise RefusedError(
            f"the {'falls' if falling else 'rises'} are too slow to be marks, or never cross the threshold",
            found=f"threshold {sign * limit:.4g} {trace.unit}, values {trace.values.min():.4g} to "
            f"{trace.values.max():.4g}",
            do="set --threshold, or --region around the light",
        )
    return Marks(np.array(kept), sign * limit)


def _find_threshold(values: NDArray[np.float64], trace: Trace) -> float:
    low, peak = float(np.quantile(values, LOW_QUANTILE)), float(values.max())
    below = values[values < (low + peak) / 2]
    base = float(np.median(below)) if below.size else low
    noise = 1.4826 * float(np.median(np.abs(below - base))) if below.size else 0.0
    if peak - base <= CLEAR * noise or peak - base <= 1e-9 * max(abs(peak), 1.0):
        raise RefusedError(
            "nothing stands out that could be a mark",
            expected=f"a rise of at least {CLEAR:g} times the noise",
            found=f"{peak - base:.4g} {trace.unit} above the usual, noise {noise:.4g}",
            do="set --region around the light, --frequency of the beep, or --threshold",
        )
    return (base + peak) / 2
