"""Two conditions of the same people: every person a line, the means, and the differences with their interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import wrap_label
from mimicrylab.report.figures.spread import draw_mean, draw_spread
from mimicrylab.report.figures.words import count_decimals, write_estimate
from mimicrylab.report.summaries import summarise_people
from mimicrylab.report.wording import MINUS, count_noun
from mimicrylab.stats.samples import FloatArray

HEIGHT_PX = 300


def draw_pairs(
    values: pl.DataFrame, *, unit: str, name: str, title: str, shown_first: str | None = None
) -> Figure | None:
    """Return both conditions with a line a person, and beside them the differences; None without pairs.

    ``values`` has ``participant_id`` and two columns named after the conditions; the difference is the first minus the
    second. ``shown_first`` names the condition at the left, the second if left out. A person without both values has no
    line.
    """
    first, second = (column for column in values.columns if column != "participant_id")
    pairs = values.drop_nulls().with_columns((pl.col(first) - pl.col(second)).alias("difference"))
    if pairs.is_empty():
        return None
    means = {
        column: summarise_people(pairs.select(pl.lit("all").alias("group"), column), ["group"], value=column).row(
            0, named=True
        )
        for column in (first, second, "difference")
    }
    decimals = count_decimals(pl.DataFrame(list(means.values())), "mean", "ci_low", "ci_high")
    contrast = f"{first} {MINUS} {second}"
    said = [
        f"{words} {_write(row, decimals)}" for words, row in zip((first, second, contrast), means.values(), strict=True)
    ]
    alt = (
        f"{unit} of {count_noun(pairs.height, 'person', 'people')} in two conditions, means with 95% intervals: "
        f"{'; '.join(said)}."
    )
    with open_canvas(HEIGHT_PX) as canvas:
        left, right = canvas.subplots(1, 2, width_ratios=[1.5, 1])
        _draw_conditions(left, pairs, (first, second) if shown_first == first else (second, first), means)
        left.set_ylabel(wrap_label(unit, HEIGHT_PX - 60))
        _draw_differences(right, pairs["difference"].to_numpy(), means["difference"])
        right.set_ylabel(f"Difference, {contrast}")
        handles = [
            Line2D([], [], color=style.PERSON, linewidth=0.8, marker="o", markersize=3.5, label="one participant each"),
            Line2D([], [], color=style.INK, marker="D", markersize=6, label="mean with 95% interval"),
        ]
        canvas.legend(handles=handles, loc="outside upper left", ncols=2, borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, pairs.drop("participant_id"))


def _write(row: dict[str, Any], decimals: int) -> str:
    return write_estimate(row["mean"], row["ci_low"], row["ci_high"], decimals=decimals)


def _draw_conditions(axis: Axes, pairs: pl.DataFrame, names: tuple[str, str], means: dict[str, dict[str, Any]]) -> None:
    opacity = max(0.35, min(0.75, 20 / pairs.height))
    x = np.tile([0.0, 1.0, np.nan], pairs.height)
    y = pairs.select(pl.col(names[0]).alias("a"), pl.col(names[1]).alias("b"), pl.lit(np.nan).alias("gap"))
    axis.plot(x, y.to_numpy().ravel(), color=style.PERSON, linewidth=0.7, alpha=opacity, zorder=2)
    for place, name in enumerate(names):
        axis.plot(
            np.full(pairs.height, place), pairs[name], "o", color=style.PERSON, markersize=3, mew=0, alpha=opacity
        )
    axis.plot([0, 1], [means[name]["mean"] for name in names], color=style.INK, linewidth=1.8, zorder=4)
    for place, name in enumerate(names):
        draw_mean(axis, place, means[name])
    axis.set_xticks([0, 1], list(names))
    axis.tick_params(axis="x", length=0, labelcolor=style.INK)
    axis.set_xlim(-0.35, 1.35)
    axis.grid(axis="y")


def _draw_differences(axis: Axes, differences: FloatArray, mean: dict[str, Any]) -> None:
    draw_spread(axis, 0, differences, colour=style.OWN)
    axis.axhline(0, color=style.QUIET, linewidth=0.9, zorder=1)
    draw_mean(axis, 0, mean)
    axis.set_xlim(-0.6, 0.6)
    axis.set_xticks([])
    axis.grid(axis="y")
