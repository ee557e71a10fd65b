"""Means by condition with their intervals: action units by block, arms side by side, courses over bins."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import LABEL_CHARACTER_PX, count_columns, fit_columns, lay_grid, wrap_label
from mimicrylab.report.figures.words import count_decimals, write_estimate

PANEL_HEIGHT_PX = 208
STEP = 0.2
MOST_ACROSS = 8
"""More conditions than this on an axis take a panel's whole width."""
FEW_DOTS = 6
"""A single panel with so few dots is narrower than the page."""
YLABEL_PX, GAP_PX = 60, 16
"""Room of the vertical axis, and between panels."""
PROFILE_SCHEMA = {
    "panel": pl.String,
    "condition": pl.String,
    "series": pl.String,
    "mean": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n": pl.Int64,
}
"""Data of the figure; null limits are drawn as none."""


def draw_profiles(
    data: pl.DataFrame,
    *,
    unit: str,
    name: str,
    title: str,
    joined: bool = False,
    zero: bool = False,
) -> Figure:
    """Return one panel a ``panel`` with a dot and interval for each condition and series.

    ``data`` has the columns of ``PROFILE_SCHEMA`` in the order to be shown. ``joined`` draws lines between conditions
    that have an order (time bins, phases); ``zero`` marks 0.
    """
    panels = data["panel"].unique(maintain_order=True).to_list()
    series = data["series"].unique(maintain_order=True).to_list()
    most = max(data.filter(pl.col("panel") == panel)["condition"].n_unique() for panel in panels)
    columns = 1 if most * len(series) > MOST_ACROSS * 2 else count_columns(len(panels), most=2 if most > 4 else 3)
    columns = fit_columns(panels, columns)
    lines = math.ceil(len(panels) / columns)
    alt = _describe_profiles(data, panels, series, unit=unit)
    narrow = len(panels) == 1 and most * len(series) <= FEW_DOTS
    width = style.WIDTH_PX * (0.66 if narrow else 1)
    with open_canvas(lines * PANEL_HEIGHT_PX + 26 + 26 * (len(series) > 1), width_px=width) as canvas:
        across_px = (width - YLABEL_PX) / columns - GAP_PX
        titles = panels if len(panels) > 1 else [""]
        axes = lay_grid(canvas, titles, columns=columns, share_y=True)
        for axis, panel in zip(axes, panels, strict=True):
            _draw_panel(axis, data.filter(pl.col("panel") == panel), series, joined=joined, width_px=across_px)
            if zero:
                axis.axhline(0, color=style.QUIET, linewidth=0.8, zorder=1)
        canvas.supylabel(wrap_label(unit, lines * PANEL_HEIGHT_PX), fontsize=style.SETTINGS["axes.labelsize"])
        if len(series) > 1:
            handles = [_make_handle(place, one, joined=joined) for place, one in enumerate(series)]
            canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, data.select(list(PROFILE_SCHEMA)))


def _look(place: int) -> tuple[str, str]:
    return (
        style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)],
        style.SERIES_MARKERS[place % len(style.SERIES_MARKERS)],
    )


def _make_handle(place: int, label: str, *, joined: bool) -> Line2D:
    colour, marker = _look(place)
    return Line2D([], [], color=colour, marker=marker, markersize=6, ls="-" if joined else "", label=label)


def _draw_panel(axis: Axes, own: pl.DataFrame, series: Sequence[str], *, joined: bool, width_px: float) -> None:
    conditions = own["condition"].unique(maintain_order=True).to_list()
    for place, one in enumerate(series):
        colour, marker = _look(place)
        shift = (place - (len(series) - 1) / 2) * STEP * (0.5 if joined else 1)
        rows = own.filter(pl.col("series") == one)
        at = np.array([conditions.index(condition) for condition in rows["condition"]]) + shift
        means = rows["mean"].fill_null(float("nan")).to_numpy()
        if joined:
            dashes = style.SERIES_DASHES[place % len(style.SERIES_DASHES)]
            axis.plot(at, means, color=colour, linewidth=1.4, alpha=0.7, dashes=dashes or (None, None), zorder=2)
        for x, row in zip(at, rows.iter_rows(named=True), strict=True):
            if row["ci_low"] is not None and row["ci_high"] is not None:
                axis.plot([x, x], [row["ci_low"], row["ci_high"]], color=colour, linewidth=1.6, zorder=3)
        axis.plot(at, means, marker, color=colour, markersize=6.5, mec="white", mew=0.6, zorder=4)
    room = width_px / max(len(conditions), 1)
    turned = max(len(condition) for condition in conditions) * LABEL_CHARACTER_PX > room
    axis.set_xticks(
        range(len(conditions)), conditions, rotation=30 if turned else 0, ha="right" if turned else "center"
    )
    axis.tick_params(axis="x", length=0, labelcolor=style.INK)
    axis.set_xlim(-0.6, len(conditions) - 0.4)
    axis.grid(axis="y")


def _describe_profiles(data: pl.DataFrame, panels: Sequence[str], series: Sequence[str], *, unit: str) -> str:
    decimals = count_decimals(data, "mean", "ci_low", "ci_high")
    sentences = [f"Means with 95% intervals, {unit}."]
    for panel in panels:
        parts = []
        for row in data.filter(pl.col("panel") == panel).iter_rows(named=True):
            where = f"{row['condition']}, {row['series']}" if len(series) > 1 else row["condition"]
            parts.append(f"{where} {write_estimate(row['mean'], row['ci_low'], row['ci_high'], decimals=decimals)}")
        lead = f"{panel}: " if len(panels) > 1 else ""
        sentences.append(f"{lead}{'; '.join(parts)}.")
    return " ".join(sentences)
