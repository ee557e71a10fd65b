"""The picture that a synchronisation is checked by: what was seen, where the log's times fall, how far they miss."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from numpy.typing import NDArray

from mimicrylab.coding.traces import Trace
from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.session.mark_matching import MarkFit

MOST_POINTS = 4000
"""A longer trace is drawn by the least and greatest value of each stretch."""
CLOSE_S = 0.6
HEIGHT_PX = 620


def draw_synchrony_check(
    trace: Trace, marks: NDArray[np.float64], logged: NDArray[np.float64], fit: MarkFit | None, *, threshold: float
) -> Figure:
    """Return the whole trace with marks and the log's times, the first match from near, and the misses over time.

    Without a fit (nothing matched) only the trace and its marks are drawn.
    """
    alt = _describe(marks, logged, fit)
    with open_canvas(HEIGHT_PX if fit else HEIGHT_PX / 3) as canvas:
        axes = canvas.subplots(3 if fit else 1, 1, squeeze=False)[:, 0]
        whole = axes[0]
        whole.set_title("What was seen, and where the log's times fall")
        times, values = _thin(trace)
        whole.plot(times, values, color=style.QUIET, linewidth=0.8)
        whole.axhline(threshold, color=style.PERSON, dashes=(3, 3), linewidth=1)
        whole.plot(marks, np.full(marks.size, threshold), "v", color=style.OWN, markersize=5, label="marks seen")
        whole.set(xlabel="time of the recording (s)", ylabel=trace.unit)
        if fit is not None:
            for place, moment in enumerate(fit.place(logged)):
                whole.axvline(
                    moment, ymax=0.08, color=style.OTHER, linewidth=1.2, label=None if place else "times of the log"
                )
            _draw_near(axes[1], trace, fit)
            _draw_misses(axes[2], fit)
        canvas.legend(*whole.get_legend_handles_labels(), loc="outside upper right", ncols=2, borderaxespad=0.2)
        svg = render_svg(canvas, "synchrony-check", alt=alt)
    data = pl.DataFrame(schema={"logged_s": pl.Float64, "seen_s": pl.Float64, "miss_s": pl.Float64})
    if fit is not None:
        data = pl.DataFrame({"logged_s": fit.logged_s, "seen_s": fit.seen_s, "miss_s": fit.residuals_s})
    return Figure("synchrony-check", "Is the log in step with the recording?", svg, alt, data)


def _draw_near(axis: Axes, trace: Trace, fit: MarkFit) -> None:
    """Draw all matches on top of each other, each around its own expected time."""
    axis.set_title("Around each matched time of the log, on top of each other")
    expected = fit.place(fit.logged_s)
    for moment in expected:
        first, last = np.searchsorted(trace.times_s, [moment - CLOSE_S, moment + CLOSE_S])
        axis.plot(
            trace.times_s[first:last] - moment, trace.values[first:last], color=style.OWN, linewidth=0.8, alpha=0.5
        )
    axis.axvline(0, color=style.OTHER, linewidth=1.4)
    axis.axvspan(-fit.error_s, fit.error_s, color=style.BAND, zorder=0)
    axis.set(xlabel="time from the log's, after the correction (s); band: the error", ylabel=trace.unit)


def _draw_misses(axis: Axes, fit: MarkFit) -> None:
    axis.set_title("Misses of the matches")
    axis.axhline(0, color=style.RULE, linewidth=1)
    axis.plot(fit.seen_s, 1000 * np.array(fit.residuals_s), "o", color=style.OWN, markersize=4)
    for side in (-1, 1):
        axis.axhline(side * 500 * fit.resolution_s, color=style.PERSON, dashes=(3, 3), linewidth=1)
    axis.set(xlabel="time of the recording (s); dashed: half a step of what is seen", ylabel="seen minus log (ms)")


def _thin(trace: Trace) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = trace.values.size
    if n <= MOST_POINTS:
        return trace.times_s, trace.values
    stretch = -(-n // (MOST_POINTS // 2))
    whole = n // stretch * stretch
    values = trace.values[:whole].reshape(-1, stretch)
    times = trace.times_s[:whole:stretch]
    return np.repeat(times, 2), np.column_stack([values.min(axis=1), values.max(axis=1)]).ravel()


def _describe(marks: NDArray[np.float64], logged: NDArray[np.float64], fit: MarkFit | None) -> str:
    if fit is None:
        return f"{marks.size} marks were seen; {logged.size} times of the log could not be matched."
    drift = "not estimated" if fit.drift_ppm is None else f"{fit.drift_ppm:.1f} parts per million"
    spread = "" if fit.residual_sd_s is None else f" with a residual SD of {1000 * fit.residual_sd_s:.1f} ms"
    return (
        f"{fit.n_matched} of {marks.size} marks match {logged.size} times of the log{spread}: offset "
        f"{fit.offset_s:.3f} s, drift {drift}, error {1000 * fit.error_s:.1f} ms."
    )
