"""Is a score normally distributed? Its sorted values against the quantiles of a normal distribution."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import count_columns, fit_columns, lay_grid, wrap_label
from mimicrylab.report.wording import count_noun, name_many
from mimicrylab.stats.normal_quantiles import find_normal_band, find_normal_quantiles
from mimicrylab.stats.samples import MINIMUM_PEOPLE, is_constant

PANEL_COLUMNS = 3
PANEL_HEIGHT_PX = 232
QQ_SCHEMA = {
    "panel": pl.String,
    "quantile": pl.Float64,
    "value": pl.Float64,
    "line": pl.Float64,
    "band_low": pl.Float64,
    "band_high": pl.Float64,
}
"""Data of the figure: ``quantile`` of a standard normal distribution; ``line``: mean + SD x quantile."""


def arrange_quantiles(values: pl.DataFrame) -> pl.DataFrame:
    """Return the points, line and band of each panel from ``panel, value``; null values are left out.

    A panel of fewer than three values, or of the same value for everybody, has no rows.
    """
    parts = [pl.DataFrame(schema=QQ_SCHEMA)]
    for (panel,), own in values.drop_nulls("value").group_by("panel", maintain_order=True):
        known = np.sort(own["value"].cast(pl.Float64).to_numpy())
        if known.size < MINIMUM_PEOPLE or is_constant(known):
            continue
        quantiles = find_normal_quantiles(known.size)
        low, high = find_normal_band(known.size)
        mean, sd = known.mean(), known.std(ddof=1)
        columns = [quantiles, known, mean + sd * quantiles, mean + sd * low, mean + sd * high]
        named = dict(zip(list(QQ_SCHEMA)[1:], columns, strict=True))
        parts.append(pl.DataFrame({"panel": [panel] * known.size, **named}, schema=QQ_SCHEMA))
    return pl.concat(parts)


def draw_quantiles(values: pl.DataFrame, *, unit: str, name: str, title: str) -> Figure | None:
    """Return one Q-Q plot a panel from ``panel, value``, or None where no panel has three different people.

    The line is the normal distribution with the sample's mean and standard deviation. The band holds every point of
    95 % of the samples drawn from a normal distribution: a point outside it is what a normal distribution rarely gives.
    """
    data = arrange_quantiles(values)
    panels = data["panel"].unique(maintain_order=True).to_list()
    if not panels:
        return None
    alt = _describe_quantiles(data, panels, unit=unit)
    columns = fit_columns(panels, count_columns(len(panels), most=PANEL_COLUMNS))
    lines = math.ceil(len(panels) / columns)
    with open_canvas(lines * PANEL_HEIGHT_PX + 54) as canvas:
        axes = lay_grid(canvas, panels, columns=max(columns, 2), share_y=True)
        for axis, panel in zip(axes, panels, strict=True):
            _draw_panel(axis, data.filter(pl.col("panel") == panel))
        for axis in axes[-columns:]:
            axis.set_xlabel("Quantile of a normal distribution")
        canvas.supylabel(wrap_label(unit, lines * PANEL_HEIGHT_PX), fontsize=style.SETTINGS["axes.labelsize"])
        handles: list[Line2D | Patch] = [
            Line2D([], [], ls="", marker="o", color=style.OWN, markersize=4.5, label="one participant each"),
            Line2D([], [], color=style.INK, linewidth=1.2, label="normal distribution"),
            Patch(color=style.BAND, label="band that holds 95% of normal samples whole"),
        ]
        canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, data)


def _draw_panel(axis: Axes, own: pl.DataFrame) -> None:
    x = own["quantile"].to_numpy()
    axis.fill_between(x, own["band_low"].to_numpy(), own["band_high"].to_numpy(), color=style.BAND, linewidth=0)
    axis.plot(x, own["line"], color=style.INK, linewidth=1.2)
    outside = (own["value"] < own["band_low"]) | (own["value"] > own["band_high"])
    inner, outer = own.filter(~outside), own.filter(outside)
    axis.plot(inner["quantile"], inner["value"], "o", color=style.OWN, markersize=4, mew=0, alpha=0.8)
    axis.plot(outer["quantile"], outer["value"], "D", color=style.OTHER, markersize=5, mew=0)


def _describe_quantiles(data: pl.DataFrame, panels: list[str], *, unit: str) -> str:
    sentences = [f"Q-Q plots of {unit} against a normal distribution."]
    for panel in panels:
        own = data.filter(pl.col("panel") == panel)
        outside = own.filter((pl.col("value") < pl.col("band_low")) | (pl.col("value") > pl.col("band_high"))).height
        lie = f"{name_many(outside, 'point')} {'lies' if outside == 1 else 'lie'}"
        found = f"{outside} {lie} outside the band" if outside else "all points lie within the band"
        sentences.append(f"{panel}, {count_noun(own.height, 'person', 'people')}: {found}.")
    return " ".join(sentences)
