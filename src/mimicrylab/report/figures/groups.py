"""A value by group: every person a point, the outline of the distribution, and the mean with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import count_columns, fit_columns, lay_grid, wrap_label
from mimicrylab.report.figures.spread import draw_mean, draw_spread, estimate_density
from mimicrylab.report.figures.words import count_decimals, write_estimate
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.wording import count_noun, join_words
from mimicrylab.stats.samples import FloatArray

PANEL_HEIGHT_PX = 236
PANEL_COLUMNS = 3
BINS_MOST = 16
NARROW_GROUPS = 4
"""Groups from which on names stand on their side."""


def draw_groups(values: pl.DataFrame, *, unit: str, name: str, title: str, reference: float | None = None) -> Figure:
    """Return a violin for each group, with every person a point and the mean with its 95 % interval.

    ``values`` has ``panel, group, value``, in the order to be shown; null values are left out. One panel alone has the
    groups' distributions beside it, as counts of people. A line marks the value ``reference``.
    """
    known = values.drop_nulls("value").with_columns(pl.col("value").cast(pl.Float64))
    panels = values["panel"].unique(maintain_order=True).to_list()
    groups = values["group"].unique(maintain_order=True).to_list()
    summary = summarise_people(known, ["panel", "group"])
    alt = _describe_groups(summary, panels, groups, unit=unit)
    alone = len(panels) == 1
    columns = fit_columns(panels, count_columns(len(panels), most=PANEL_COLUMNS + (len(groups) <= 2)))
    height = max(PANEL_HEIGHT_PX, 62 * len(groups)) if alone else math.ceil(len(panels) / columns) * PANEL_HEIGHT_PX
    with open_canvas(height + 34 + 30) as canvas:
        if alone:
            left = _draw_distributions(canvas, known, groups, unit=unit)
            axes = [left]
        else:
            axes = lay_grid(canvas, panels, columns=columns, share_y=True)
            canvas.supylabel(wrap_label(unit, height), fontsize=style.SETTINGS["axes.labelsize"])
        for axis, panel in zip(axes, panels, strict=True):
            _draw_violins(axis, known.filter(pl.col("panel") == panel), summary, panel, groups)
            if reference is not None:
                axis.axhline(reference, color=style.QUIET, linewidth=0.8, zorder=1)
        canvas.legend(handles=_list_handles(alone=alone), loc="outside upper left", ncols=3, borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, known.select("panel", "group", "value"))


def _draw_violins(axis: Axes, own: pl.DataFrame, summary: pl.DataFrame, panel: str, groups: Sequence[str]) -> None:
    for place, group in enumerate(groups):
        numbers = own.filter(pl.col("group") == group)["value"].to_numpy()
        if not numbers.size:
            continue
        colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)]
        draw_spread(axis, place, numbers, colour=colour)
        row = summary.filter((pl.col("panel") == panel) & (pl.col("group") == group)).row(0, named=True)
        draw_mean(axis, place, row)
    axis.set_xticks(range(len(groups)), groups, rotation=30 if len(groups) > NARROW_GROUPS else 0)
    axis.tick_params(axis="x", length=0, labelcolor=style.INK)
    axis.set_xlim(-0.6, len(groups) - 0.4)
    axis.grid(axis="y")


def _draw_distributions(canvas: Canvas, known: pl.DataFrame, groups: Sequence[str], *, unit: str) -> Axes:
    """Lay the violins' axis at the left and draw a histogram of each group at the right; return the former."""
    grid = canvas.add_gridspec(len(groups), 2, width_ratios=[1, 1], wspace=0.06)
    left = canvas.add_subplot(grid[:, 0])
    left.set_ylabel(wrap_label(unit, PANEL_HEIGHT_PX))
    numbers = known["value"].to_numpy()
    edges = _choose_bins(numbers)
    first: Axes | None = None
    for place, group in enumerate(groups):
        axis = canvas.add_subplot(grid[place, 1], sharex=first, sharey=first)
        first = first or axis
        own = known.filter(pl.col("group") == group)["value"].to_numpy()
        colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)]
        axis.hist(own, bins=edges.tolist(), color=colour, alpha=0.3, edgecolor="white", linewidth=0.8)
        outline = estimate_density(own)
        if outline is not None:
            places, density = outline
            axis.plot(places, density * own.size * (edges[1] - edges[0]), color=colour, linewidth=1.8)
        axis.set_title(f"{group} ({own.size})")
        axis.tick_params(labelbottom=place == len(groups) - 1)
        if own.size:
            axis.axvline(own.mean(), color=style.INK, linewidth=1.2, dashes=(3, 2))
    if first is not None:
        first.set_ylim(bottom=0)
        axis.set_xlabel(unit)
        middle = canvas.axes[1 + (len(groups) - 1) // 2]
        middle.set_ylabel("People")
    return left


def _choose_bins(numbers: FloatArray) -> FloatArray:
    """Return edges of bins at round numbers."""
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    count = min(BINS_MOST, max(5, math.ceil(math.sqrt(numbers.size) * 1.3)))
    step = (high - low) / count
    nice = 10 ** math.floor(math.log10(step))
    step = next(nice * factor for factor in (1, 2, 2.5, 5, 10) if nice * factor >= step * 0.999)
    start = math.floor(low / step) * step
    return np.asarray(start + step * np.arange(math.ceil((high - start) / step + 1e-9) + 1))


def _list_handles(*, alone: bool) -> list[Line2D]:
    handles = [
        Line2D([], [], ls="", marker="o", color=style.PERSON, markersize=4.5, label="one participant each"),
        Line2D([], [], color=style.INK, marker="D", markersize=6, label="mean with 95% interval"),
    ]
    if alone:
        handles.append(Line2D([], [], color=style.INK, linewidth=1.2, dashes=(3, 2), label="mean"))
    return handles


def _describe_groups(summary: pl.DataFrame, panels: Sequence[str], groups: Sequence[str], *, unit: str) -> str:
    decimals = count_decimals(summary, "mean", "ci_low", "ci_high")
    sentences = [f"{unit} by group, every person a point: {join_words(list(groups))}. Means with 95% intervals:"]
    for panel in panels:
        parts = []
        for row in summary.filter(pl.col("panel") == panel).iter_rows(named=True):
            mean = write_estimate(row["mean"], row["ci_low"], row["ci_high"], decimals=decimals)
            parts.append(f"{row['group']} {mean}, {count_noun(row['n'], 'person', 'people')}")
        lead = f"{panel}: " if len(panels) > 1 else ""
        sentences.append(f"{lead}{'; '.join(parts) or 'no values'}.")
    return " ".join(sentences)
