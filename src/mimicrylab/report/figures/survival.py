"""How onsets come over time: the share still without one by group, with how many are still waiting below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.wording import count_noun, format_number, format_share
from mimicrylab.stats.samples import FloatArray

PLOT_PX = 250
ROW_PX = 17
SURVIVAL_SCHEMA = {
    "group": pl.String,
    "time_s": pl.Float64,
    "at_risk": pl.Int64,
    "onsets": pl.Int64,
    "waiting": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}
"""Data of the figure, as ``stats.survival.tabulate_onsets`` returns them; null limits are drawn as none."""


def draw_survival(curves: pl.DataFrame, *, until_s: float, name: str, title: str) -> Figure:
    """Return Kaplan-Meier curves of the share without onset yet, with 95 % bands and the people at risk.

    ``until_s`` is the end of the window: who had no onset by then is censored there.
    """
    groups = curves["group"].unique(maintain_order=True).to_list()
    alt = _describe_survival(curves, groups, until_s=until_s)
    rows_px = (len(groups) + 1) * ROW_PX
    with open_canvas(PLOT_PX + rows_px + 60) as canvas:
        axis, below = canvas.subplots(2, 1, sharex=True, height_ratios=[PLOT_PX, rows_px])
        for place, group in enumerate(groups):
            _draw_curve(axis, curves.filter(pl.col("group") == group), place, until_s=until_s)
        axis.set_ylim(-3, 103)
        axis.set_xlim(-0.03 * until_s, until_s * 1.01)
        axis.set_ylabel("Without an onset yet (%)")
        axis.tick_params(labelbottom=True)
        axis.set_xlabel("Time from the start of the movement or stimulus (s)")
        axis.grid(axis="y")
        axis.axhline(50, color=style.RULE, linewidth=1, dashes=(3, 3))
        _write_risk(below, curves, groups, [tick for tick in axis.get_xticks() if 0 <= tick <= until_s])
        handles: list[Line2D | Patch] = []
        if len(groups) > 1:
            handles += [_make_handle(place, group) for place, group in enumerate(groups)]
        if curves["ci_low"].is_not_null().any():
            handles.append(Patch(color=style.QUIET, alpha=0.2, linewidth=0, label="95% band"))
        if handles:
            canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, curves.select(list(SURVIVAL_SCHEMA)))


def _make_handle(place: int, group: str) -> Line2D:
    dashes = style.SERIES_DASHES[place % len(style.SERIES_DASHES)]
    colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)]
    return Line2D([], [], color=colour, linewidth=2, dashes=dashes or (None, None), label=group)


def _draw_curve(axis: Axes, own: pl.DataFrame, place: int, *, until_s: float) -> None:
    times = np.concatenate([[0.0], own["time_s"].to_numpy(), [until_s]])
    shares = np.concatenate([[1.0], own["waiting"].to_numpy()])
    shares = np.append(shares, shares[-1]) * 100
    colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)]
    dashes = style.SERIES_DASHES[place % len(style.SERIES_DASHES)]
    low, high = (_carry_limit(own[column]) for column in ("ci_low", "ci_high"))
    axis.fill_between(times, low, high, step="post", color=colour, alpha=0.14, linewidth=0, zorder=2)
    axis.step(times, shares, where="post", color=colour, linewidth=2, dashes=dashes or (None, None), zorder=3)


def _carry_limit(column: pl.Series) -> FloatArray:
    """Return a limit in percent: 100 before the first onset, and as it was where it is not known."""
    known = column.fill_null(strategy="forward").fill_null(1.0).to_numpy()
    return np.concatenate([[1.0], known, known[-1:]]) * 100


def _write_risk(below: Axes, curves: pl.DataFrame, groups: Sequence[str], ticks: Sequence[float]) -> None:
    """Write how many people had no onset before each tick."""
    below.set_ylim(len(groups) + 0.5, -0.5)
    below.spines[:].set_visible(False)
    below.tick_params(bottom=False, labelbottom=False, left=False, labelcolor=style.INK)
    labels = groups if len(groups) > 1 else ["people"]
    below.set_yticks(range(len(groups) + 1), ["still waiting", *labels])
    below.get_yticklabels()[0].set_color(style.QUIET)
    for place, group in enumerate(groups):
        own = curves.filter(pl.col("group") == group)
        for tick in ticks:
            later = own.filter(pl.col("time_s") >= tick - 1e-9)
            count = int(later["at_risk"][0]) if later.height else 0
            colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)] if len(groups) > 1 else style.INK
            below.text(tick, place + 1, str(count), ha="center", va="center", color=colour)


def _describe_survival(curves: pl.DataFrame, groups: Sequence[str], *, until_s: float) -> str:
    sentences = [f"Curves of the share of people without an onset yet, from 0 to {until_s:g} s."]
    for group in groups:
        own = curves.filter(pl.col("group") == group)
        below = own.filter(pl.col("waiting") <= 0.5)
        median = f"half had one by {format_number(below['time_s'][0])} s" if below.height else "fewer than half had one"
        lead = f"{group}: " if len(groups) > 1 else ""
        people = count_noun(int(own["at_risk"][0]), "person", "people")
        sentences.append(f"{lead}{people}, {median}; {format_share(float(own['waiting'][-1]))} had none at the end.")
    return " ".join(sentences)
