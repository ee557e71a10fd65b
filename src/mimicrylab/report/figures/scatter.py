"""Two measures against each other: every person a point, the regression line and its 95 % band."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy import stats

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import count_columns, fit_columns, lay_grid, wrap_label
from mimicrylab.report.figures.words import count_decimals
from mimicrylab.report.wording import count_noun, format_number
from mimicrylab.stats.estimates import DEFAULT_LEVEL
from mimicrylab.stats.samples import MINIMUM_PEOPLE, is_constant

PANEL_HEIGHT_PX = 236
PANEL_COLUMNS = 3
LINE_POINTS = 61
MOST_POINTS_OPAQUE = 60
"""More points than this are drawn more transparent."""
LINE_SCHEMA = {
    "panel": pl.String,
    "group": pl.String,
    "x": pl.Float64,
    "fitted": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}


def fit_lines(points: pl.DataFrame) -> pl.DataFrame:
    """Return the least-squares line of each panel and group with the 95 % interval of its mean, over the observed x.

    ``points`` has ``panel, group, x, y``; a person without both is left out; three people, or an x that does not vary,
    give no line. The band is fitted +- t s sqrt(1/n + (x - mean)^2 / Sxx), for each x alone.

    Examples
    --------
    >>> points = pl.DataFrame({"panel": ["p"] * 4, "group": ["g"] * 4, "x": [1.0, 2, 3, 4], "y": [1.0, 2, 3, 5]})
    >>> fit_lines(points)["fitted"].round(2).to_list()[0]
    0.8
    """
    lines = [pl.DataFrame(schema=LINE_SCHEMA)]
    for (panel, group), own in points.drop_nulls(["x", "y"]).group_by(["panel", "group"], maintain_order=True):
        x, y = (own[column].cast(pl.Float64).to_numpy() for column in ("x", "y"))
        if x.size <= MINIMUM_PEOPLE or is_constant(x):
            continue
        offset = x - x.mean()
        spread = float(offset @ offset)
        slope = float(offset @ y) / spread
        left = y - y.mean() - slope * offset
        df = x.size - 2
        error = math.sqrt(float(left @ left) / df)
        grid = np.linspace(x.min(), x.max(), LINE_POINTS)
        fitted = y.mean() + slope * (grid - x.mean())
        reach = float(stats.t.ppf((1 + DEFAULT_LEVEL) / 2, df)) * error
        reach = reach * np.sqrt(1 / x.size + (grid - x.mean()) ** 2 / spread)
        columns = {"x": grid, "fitted": fitted, "ci_low": fitted - reach, "ci_high": fitted + reach}
        names = {"panel": [panel] * LINE_POINTS, "group": [group] * LINE_POINTS}
        lines.append(pl.DataFrame({**names, **columns}, schema=LINE_SCHEMA))
    return pl.concat(lines)


def fit_parallel_lines(points: pl.DataFrame) -> pl.DataFrame:
    """Return the parallel lines of a panel's groups: one slope, and for each group its own height, with 95 % bands.

    y = height of the group + b x, least squares over all groups of a panel; the band is that of the fitted mean. A
    panel with fewer people than groups + 3, or an x that does not vary, has no lines.
    """
    lines = [pl.DataFrame(schema=LINE_SCHEMA)]
    for (panel,), own in points.drop_nulls(["x", "y"]).group_by("panel", maintain_order=True):
        groups = own["group"].unique(maintain_order=True).to_list()
        x, y = (own[column].cast(pl.Float64).to_numpy() for column in ("x", "y"))
        df = x.size - len(groups) - 1
        if df < 2 or is_constant(x):
            continue
        member = np.column_stack([own["group"].to_numpy() == group for group in groups]).astype(np.float64)
        design = np.column_stack([member, x])
        inverse = np.linalg.pinv(design.T @ design)
        coefficients = inverse @ design.T @ y
        left = y - design @ coefficients
        covariance = inverse * float(left @ left) / df
        t = float(stats.t.ppf((1 + DEFAULT_LEVEL) / 2, df))
        for place, group in enumerate(groups):
            seen = x[member[:, place] == 1]
            grid = np.linspace(seen.min(), seen.max(), LINE_POINTS)
            rows = np.column_stack([np.tile(np.eye(len(groups))[place], (LINE_POINTS, 1)), grid])
            fitted = rows @ coefficients
            reach = t * np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
            columns = {"x": grid, "fitted": fitted, "ci_low": fitted - reach, "ci_high": fitted + reach}
            names = {"panel": [panel] * LINE_POINTS, "group": [group] * LINE_POINTS}
            lines.append(pl.DataFrame({**names, **columns}, schema=LINE_SCHEMA))
    return pl.concat(lines)


def draw_scatter(
    points: pl.DataFrame,
    *,
    x_label: str,
    y_label: str,
    name: str,
    title: str,
    lines: pl.DataFrame | None = None,
    remarks: dict[str, str] | None = None,
) -> Figure:
    """Return one panel of points a ``panel``, with a line and band for each group.

    Parameters
    ----------
    points
        ``panel, group, x, y`` in the order to be shown; one group has no legend of groups.
    lines
        The fitted lines (``LINE_SCHEMA``); the least-squares lines of :func:`fit_lines` if left out.
    remarks
        Panel -> what stands above its right corner (``r = .28``).
    """
    known = points.drop_nulls(["x", "y"])
    panels = points["panel"].unique(maintain_order=True).to_list()
    groups = points["group"].unique(maintain_order=True).to_list()
    fitted = fit_lines(points) if lines is None else lines
    alt = _describe_points(known, fitted, panels, groups, labels=(x_label, y_label), remarks=remarks or {})
    columns = fit_columns(panels, count_columns(len(panels), most=PANEL_COLUMNS))
    height = PANEL_HEIGHT_PX * (1.25 if len(panels) == 1 else math.ceil(len(panels) / columns))
    width = style.WIDTH_PX if len(panels) > 1 else style.WIDTH_PX * 0.72
    with open_canvas(height + 60, width_px=width) as canvas:
        axes = lay_grid(canvas, panels if len(panels) > 1 else [""], columns=columns, share_x=True)
        for axis, panel in zip(axes, panels, strict=True):
            _draw_panel(axis, known, fitted, panel=panel, groups=groups)
            if remarks and panel in remarks:
                axis.set_title(remarks[panel], loc="right", fontweight="normal", fontsize=style.SETTINGS["font.size"])
        if len(panels) == 1:
            axes[0].set_xlabel(x_label)
            axes[0].set_ylabel(wrap_label(y_label, height))
        else:
            canvas.supxlabel(x_label, fontsize=style.SETTINGS["axes.labelsize"])
            canvas.supylabel(wrap_label(y_label, height), fontsize=style.SETTINGS["axes.labelsize"])
        handles = _list_handles(groups, lines=not fitted.is_empty())
        canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, known.select("panel", "group", "x", "y"))


def _draw_panel(axis: Axes, known: pl.DataFrame, fitted: pl.DataFrame, *, panel: str, groups: Sequence[str]) -> None:
    axis.grid()
    own = known.filter(pl.col("panel") == panel)
    opacity = 0.75 if own.height <= MOST_POINTS_OPAQUE else 0.5
    for place, group in enumerate(groups):
        colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)]
        marker = style.SERIES_MARKERS[place % len(style.SERIES_MARKERS)]
        dashes = style.SERIES_DASHES[place % len(style.SERIES_DASHES)]
        dots = own.filter(pl.col("group") == group)
        axis.plot(dots["x"], dots["y"], marker, color=colour, markersize=4.2, mew=0, alpha=opacity, zorder=2)
        line = fitted.filter((pl.col("panel") == panel) & (pl.col("group") == group))
        if line.is_empty():
            continue
        x = line["x"].to_numpy()
        axis.fill_between(x, line["ci_low"].to_numpy(), line["ci_high"].to_numpy(), color=colour, alpha=0.18, lw=0)
        axis.plot(x, line["fitted"], color=colour, linewidth=2, dashes=dashes or (None, None), zorder=3)


def _list_handles(groups: Sequence[str], *, lines: bool) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = []
    for place, group in enumerate(groups):
        handles.append(
            Line2D(
                [],
                [],
                color=style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)],
                marker=style.SERIES_MARKERS[place % len(style.SERIES_MARKERS)],
                markersize=4.5,
                ls="" if not lines or len(groups) == 1 else "-",
                label=group if len(groups) > 1 else "one participant each",
            )
        )
    if lines:
        if len(groups) == 1:
            handles.append(Line2D([], [], color=style.OWN, linewidth=2, label="regression line"))
        colour = style.OWN if len(groups) == 1 else style.QUIET
        handles.append(Patch(color=colour, alpha=0.18, linewidth=0, label="95% band of the line"))
    return handles


def _describe_points(
    known: pl.DataFrame,
    fitted: pl.DataFrame,
    panels: Sequence[str],
    groups: Sequence[str],
    *,
    labels: tuple[str, str],
    remarks: dict[str, str],
) -> str:
    sentences = [f"Points of {labels[1]} (vertical) against {labels[0]} (horizontal), with regression lines."]
    wide, high = count_decimals(known, "x"), count_decimals(known, "y")
    for panel in panels:
        for group in groups:
            chosen = (pl.col("panel") == panel) & (pl.col("group") == group)
            own, line = known.filter(chosen), fitted.filter(chosen)
            words = [one for one in (panel if len(panels) > 1 else "", group if len(groups) > 1 else "") if one]
            sentence = f"{', '.join(words)}: " if words else ""
            sentence += count_noun(own.height, "person", "people")
            if not line.is_empty():
                ends = [
                    f"{format_number(line['fitted'][k], decimals=high)} at {format_number(line['x'][k], decimals=wide)}"
                    for k in (0, -1)
                ]
                sentence += f", the line goes from {ends[0]} to {ends[1]}"
            if panel in remarks and group == groups[0]:
                sentence += f"; {remarks[panel]}"
            sentences.append(sentence + ".")
    return " ".join(sentences)
