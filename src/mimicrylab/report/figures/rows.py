"""Many groups below each other: every person a point, above the points the outline of their distribution, the mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.spread import estimate_density, spread_points
from mimicrylab.report.figures.words import count_decimals, write_estimate
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.wording import count_noun
from mimicrylab.stats.samples import FloatArray

ROW_PX = 46.0
MARGIN_PX = 70.0
OUTLINE_HEIGHT = 0.42
POINTS_HEIGHT = 0.14


def draw_group_rows(
    values: pl.DataFrame, *, unit: str, name: str, title: str, reference: float | None = None
) -> Figure:
    """Return a row a group from ``group, value``, in the order to be shown; a line marks the value ``reference``.

    Null values are left out.
    """
    known = values.drop_nulls("value").with_columns(pl.col("value").cast(pl.Float64))
    groups = values["group"].unique(maintain_order=True).to_list()
    summary = {row["group"]: row for row in summarise_people(known, ["group"]).iter_rows(named=True)}
    decimals = count_decimals(pl.DataFrame(list(summary.values())), "mean", "ci_low", "ci_high") if summary else 2
    parts = [_describe_row(group, summary.get(group), decimals) for group in groups]
    alt = f"{unit}, a row a group, every person a point. Means with 95% intervals: {'; '.join(parts)}."
    with open_canvas(len(groups) * ROW_PX + MARGIN_PX) as canvas:
        axis = canvas.subplots()
        if reference is not None:
            axis.axvline(reference, color=style.QUIET, linewidth=0.9, zorder=1)
        for place, group in enumerate(groups):
            if group in summary:
                own = known.filter(pl.col("group") == group)["value"].to_numpy()
                _draw_row(axis, place, own)
                _draw_mean(axis, place, summary[group])
        _label_rows(axis, groups)
        axis.set_xlabel(unit)
        handles = [
            Line2D([], [], ls="", marker="o", color=style.OWN, markersize=4.5, label="one participant each"),
            Line2D([], [], color=style.INK, marker="D", markersize=6, label="mean with 95% interval"),
        ]
        canvas.legend(handles=handles, loc="outside upper left", ncols=2, borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, known.select("group", "value"))


def _describe_row(group: str, row: dict[str, Any] | None, decimals: int) -> str:
    if row is None:
        return f"{group} no values"
    mean = write_estimate(row["mean"], row["ci_low"], row["ci_high"], decimals=decimals)
    return f"{group} {mean}, {count_noun(row['n'], 'person', 'people')}"


def _draw_row(axis: Axes, place: float, values: FloatArray) -> None:
    outline = estimate_density(values)
    if outline is not None:
        places, density = outline
        top = place - 0.06 - OUTLINE_HEIGHT * density / density.max()
        axis.fill_between(places, place - 0.06, top, color=style.OWN, alpha=0.18, linewidth=0)
    heights = place + 0.18 + POINTS_HEIGHT * spread_points(values)
    axis.plot(values, heights, "o", color=style.OWN, markersize=3, mew=0, alpha=0.6, zorder=2)


def _draw_mean(axis: Axes, place: float, row: dict[str, float | None]) -> None:
    low, high, mean = row["ci_low"], row["ci_high"], row["mean"]
    if low is not None and high is not None:
        axis.plot([low, high], [place - 0.06] * 2, color="white", linewidth=4.5, zorder=4)
        axis.plot([low, high], [place - 0.06] * 2, color=style.INK, linewidth=1.8, zorder=5)
    if mean is not None:
        axis.plot([mean], [place - 0.06], "D", color=style.INK, markersize=6, mec="white", mew=1, zorder=6)


def _label_rows(axis: Axes, groups: Sequence[str]) -> None:
    axis.set_yticks(range(len(groups)), groups)
    axis.tick_params(axis="y", length=0, labelcolor=style.INK)
    axis.set_ylim(len(groups) - 0.5, -0.6)
    axis.spines["left"].set_visible(False)
    axis.grid(axis="x")
