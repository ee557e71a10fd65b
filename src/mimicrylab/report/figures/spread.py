"""A group of people at one place of an axis: points side by side, the outline of their distribution, their mean."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy import stats

from mimicrylab.report.figures import style
from mimicrylab.stats.samples import FloatArray, is_constant

HALF_WIDTH = 0.4
OUTLINE_POINTS = 101
OUTLINE_LEAST_PEOPLE = 10
"""Fewer people are shown as points alone: an outline of five is an invention."""


def estimate_density(values: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return places from the lowest to the highest value and the density there; None of too few or equal values.

    Gaussian kernel, bandwidth of Scott (1992). The outline ends where the values end: no density where nobody was.
    """
    if values.size < OUTLINE_LEAST_PEOPLE or is_constant(values):
        return None
    places = np.linspace(values.min(), values.max(), OUTLINE_POINTS)
    return places, np.asarray(stats.gaussian_kde(values)(places))


def spread_points(values: FloatArray) -> FloatArray:
    """Return a shift between -1 and 1 for each value, wide where values are dense, so that points show one by one.

    The shifts follow van der Corput's (1935) sequence in the order of the values: evenly spread, and the same on every
    run. Where there is no density to follow, equal values stand side by side.

    Examples
    --------
    >>> spread_points(np.array([1.0, 2.0, 2.0])).round(2).tolist()
    [0.0, -0.25, 0.25]
    """
    found = estimate_density(values)
    order = np.argsort(values, kind="stable")
    shifts = np.empty(values.size)
    if found is not None:
        places, density = found
        steps = 2 * np.array([_halve(index + 1) for index in range(values.size)]) - 1
        shifts[order] = steps * np.interp(values[order], places, density / density.max())
        return shifts
    for value in np.unique(values):
        same = np.flatnonzero(values == value)
        shifts[same] = (np.arange(same.size) - (same.size - 1) / 2) * min(0.5, 2 / max(same.size, 1))
    return shifts


def draw_spread(axis: Axes, place: float, values: FloatArray, *, colour: str, half_width: float = HALF_WIDTH) -> None:
    """Draw every value as a point around ``place``, within the outline of their distribution."""
    outline = estimate_density(values)
    if outline is not None:
        places, density = outline
        width = half_width * density / density.max()
        axis.fill_betweenx(places, place - width, place + width, color=colour, alpha=0.16, linewidth=0)
    shifts = place + half_width * 0.9 * spread_points(values)
    axis.plot(shifts, values, "o", color=colour, markersize=3.4, mew=0, alpha=0.65, zorder=2)


def draw_mean(axis: Axes, place: float, row: dict[str, Any]) -> None:
    """Draw a mean with its interval, of a row of ``summaries.summarise_people``."""
    if row["ci_low"] is not None and row["ci_high"] is not None:
        ends = [row["ci_low"], row["ci_high"]]
        axis.plot([place, place], ends, color="white", linewidth=4.5, zorder=4)
        axis.plot([place, place], ends, color=style.INK, linewidth=1.8, zorder=5)
    axis.plot([place], [row["mean"]], "D", color=style.INK, markersize=6.5, mec="white", mew=1, zorder=6)


def _halve(number: int) -> float:
    """Return the number's binary digits mirrored at the point: 1/2, 1/4, 3/4, 1/8 ..."""
    mirrored, step = 0.0, 0.5
    while number:
        mirrored += step * (number % 2)
        number //= 2
        step /= 2
    return mirrored
