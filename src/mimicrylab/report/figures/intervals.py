"""Dots with intervals, one row a label: differences against zero, ratings, shares; several series side by side."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.words import count_decimals, write_estimate
from mimicrylab.stats.estimates import DEFAULT_LEVEL

ROW_PX = 21.0
GROUP_GAP = 0.45
SERIES_STEP = 0.26
MARGIN_PX = 44.0
LEGEND_PX = 26.0
SERIES_LOOKS = ((style.OWN, "o"), (style.OTHER, "s"), (style.QUIET, "D"), (style.INK, "^"))
"""Colour and marker of the first, second ... series: they differ in shape, so that they differ in grey."""

INTERVAL_SCHEMA = {
    "group": pl.String,
    "label": pl.String,
    "series": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n": pl.Int64,
    "filled": pl.Boolean,
}
"""Data of a figure; ``group`` may be empty; ``filled`` False draws an open marker."""


def arrange_intervals(summary: pl.DataFrame, *, label: str, series: str | None = None) -> pl.DataFrame:
    """Return the data of a figure from a summary over people (``mean, ci_low, ci_high, n``), without groups.

    ``label`` and ``series`` are columns of the summary; a row without a series is one of ``not known``.
    """
    names = pl.col(series).fill_null("not known") if series else pl.lit("all")
    if series:
        order = {one: place for place, one in enumerate(summary[label].unique(maintain_order=True))}
        summary = summary.sort(pl.col(label).replace_strict(order, return_dtype=pl.Int64), series)
    return summary.select(
        pl.lit("").alias("group"),
        pl.col(label).alias("label"),
        names.alias("series"),
        pl.col("mean").alias("estimate"),
        "ci_low",
        "ci_high",
        pl.col("n").cast(pl.Int64),
        pl.lit(True).alias("filled"),
    )


def draw_intervals(
    data: pl.DataFrame,
    *,
    unit: str,
    name: str,
    title: str,
    zero: bool = False,
    filled_means: str = "",
    limits: tuple[float, float] | None = None,
    note: str = "",
    level: float = DEFAULT_LEVEL,
) -> Figure:
    """Return rows of dots with their intervals, gathered in groups; a missing estimate leaves its place empty.

    ``data`` has the columns of ``INTERVAL_SCHEMA`` in the order to be shown. With ``zero`` a line marks no difference.
    ``filled_means`` is the legend of filled against open markers; ``limits`` are the ends of the axis where the scale
    has ends; ``note`` follows the title; ``level`` is the intervals' confidence level.
    """
    places, headings, depth = _place_rows(data)
    series = data["series"].unique(maintain_order=True).to_list()
    legend = len(series) > 1 or bool(filled_means)
    alt = _describe_intervals(data, unit=unit, series=series, level=level)
    row_px = ROW_PX * (1 + SERIES_STEP * (len(series) - 1))
    with open_canvas(depth * row_px + MARGIN_PX + LEGEND_PX * legend) as canvas:
        axis = canvas.subplots()
        for index, one in enumerate(series):
            shift = (index - (len(series) - 1) / 2) * SERIES_STEP
            rows = data.filter(pl.col("series") == one).drop_nulls("estimate")
            for row in rows.iter_rows(named=True):
                _draw_dot(axis, row, places[row["group"], row["label"]] + shift, look=index)
        _label_rows(axis, places, headings, depth)
        axis.grid(axis="x")
        axis.spines["left"].set_visible(False)
        axis.set_xlabel(unit)
        if limits is not None:
            axis.set_xlim(*limits)
        if zero:
            axis.axvline(0, color=style.QUIET, linewidth=0.8, zorder=1)
        if legend:
            handles = _list_handles(series, filled_means)
            canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, data, note)


def _place_rows(data: pl.DataFrame) -> tuple[dict[tuple[str, str], float], dict[str, float], float]:
    places: dict[tuple[str, str], float] = {}
    headings: dict[str, float] = {}
    depth = 0.0
    for group, label in data.select("group", "label").unique(maintain_order=True).iter_rows():
        if group and group not in headings:
            depth += GROUP_GAP * bool(places)
            headings[group] = depth
            depth += 1
        places[group, label] = depth
        depth += 1
    return places, headings, depth


def _label_rows(axis: Axes, places: dict[tuple[str, str], float], headings: dict[str, float], depth: float) -> None:
    ticks = [(place, label, False) for (_, label), place in places.items()]
    ticks += [(place, group, True) for group, place in headings.items()]
    ticks.sort()
    axis.set_yticks([place for place, _, _ in ticks], [label for _, label, _ in ticks])
    for tick, (_, _, heading) in zip(axis.get_yticklabels(), ticks, strict=True):
        tick.set_color(style.INK)
        tick.set_fontweight("bold" if heading else "normal")
    axis.tick_params(axis="y", length=0)
    axis.set_ylim(depth - 0.4, -0.6)


def _draw_dot(axis: Axes, row: dict[str, Any], place: float, *, look: int) -> None:
    colour, marker = SERIES_LOOKS[look % len(SERIES_LOOKS)]
    if row["ci_low"] is not None and row["ci_high"] is not None:
        axis.plot([row["ci_low"], row["ci_high"]], [place, place], color=colour, linewidth=1.4, zorder=2)
    fill = colour if row["filled"] else "white"
    axis.plot([row["estimate"]], [place], marker, color=colour, markerfacecolor=fill, markersize=6.5, zorder=3)


def _list_handles(series: list[str], filled_means: str) -> list[Line2D]:
    looks = [SERIES_LOOKS[index % len(SERIES_LOOKS)] for index in range(len(series))]
    named = [Line2D([], [], color=c, marker=m, label=s) for s, (c, m) in zip(series, looks, strict=True)]
    if not filled_means:
        return named
    colour, marker = SERIES_LOOKS[0] if len(series) == 1 else (style.QUIET, "o")
    yes, _, no = filled_means.partition(" | ")
    return (named if len(series) > 1 else []) + [
        Line2D([], [], color=colour, marker=marker, label=yes),
        Line2D([], [], color=colour, marker=marker, markerfacecolor="white", label=no),
    ]


def _describe_intervals(data: pl.DataFrame, *, unit: str, series: list[str], level: float) -> str:
    rows = []
    decimals = count_decimals(data, "estimate", "ci_low", "ci_high")
    for row in data.iter_rows(named=True):
        place = f"{row['group']}, {row['label']}" if row["group"] else row["label"]
        if len(series) > 1:
            place += f", {row['series']}"
        rows.append(f"{place}: {write_estimate(row['estimate'], row['ci_low'], row['ci_high'], decimals=decimals)}")
    return f"Dots with {level * 100:g}% intervals in brackets, {unit}. " + "; ".join(rows) + "."
