"""The specification curve: every way to compute an analysis, sorted by what it gives, and below which way it was.

After Simonsohn, Simmons & Nelson (2020, Nature Human Behaviour 4, 1208-1214).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import wrap_label
from mimicrylab.report.figures.words import count_decimals, write_estimate
from mimicrylab.report.wording import count_noun, format_number

CURVE_PX = 230.0
ROW_PX = 17.0
GAP_ROWS = 0.7
MARGIN_PX = 74.0
MOST_SINGLE = 24
"""Up to so many specifications each has its own interval; more have a band."""
MOST_MARKED = 80
"""More specifications than this are narrow strokes instead of squares on the dashboard."""


def draw_specification_curve(
    table: pl.DataFrame, choices: Mapping[str, str], *, unit: str, alpha: float, name: str, title: str
) -> Figure | None:
    """Return the curve of one test with the dashboard of choices below; None of fewer than two estimates.

    Parameters
    ----------
    table
        One row a specification: ``declared, estimate, ci_low, ci_high, significant`` and the columns of ``choices``;
        rows without an estimate are left out and counted in the note.
    choices
        Column of a choice -> its name in words, in the order to be shown.
    unit, alpha
        What the estimates are; level at which one counts as significant.
    """
    data = table.drop_nulls("estimate").sort("estimate", "specification").with_row_index("place", offset=1)
    if data.height < 2:
        return None
    alt = _describe_curve(data, choices, unit=unit, alpha=alpha)
    rows = _place_rows(data, choices)
    depth = max(rows.values()) + 1
    with open_canvas(CURVE_PX + depth * ROW_PX + MARGIN_PX) as canvas:
        top, below = canvas.subplots(2, 1, sharex=True, height_ratios=[CURVE_PX, depth * ROW_PX])
        _draw_curve(top, data)
        top.set_ylabel(wrap_label(unit, CURVE_PX))
        _draw_dashboard(below, data, rows, choices, depth)
        handles = _list_handles(data, alpha=alpha)
        canvas.legend(
            handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2, columnspacing=1.2
        )
        svg = render_svg(canvas, name, alt=alt)
    missing = table.height - data.height
    note = f"{count_noun(missing, 'specification')} without a result {'is' if missing == 1 else 'are'} left out."
    return Figure(name, title, svg, alt, data, note if missing else "")


def _place_rows(data: pl.DataFrame, choices: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Return the row of each choice on the dashboard, a gap between two choices' rows."""
    places: dict[tuple[str, str], float] = {}
    depth = 0.0
    for column in choices:
        depth += GAP_ROWS if places else 0.0
        for option in data.sort("specification")[column].unique(maintain_order=True):
            places[column, option] = depth
            depth += 1
    return places


def _look(data: pl.DataFrame) -> list[str]:
    """Return a colour for each specification: blue above 0, red below, grey where not significant."""
    return [
        (style.OWN if estimate > 0 else style.OTHER) if significant else style.PERSON
        for estimate, significant in data.select("estimate", "significant").iter_rows()
    ]


def _draw_curve(axis: Axes, data: pl.DataFrame) -> None:
    x, y = data["place"].to_numpy(), data["estimate"].to_numpy()
    low, high = (data[column].fill_null(np.nan).to_numpy() for column in ("ci_low", "ci_high"))
    if data.height > MOST_SINGLE:
        axis.fill_between(x, low, high, color=style.BAND, alpha=0.65, linewidth=0, zorder=1)
    else:
        axis.vlines(x, low, high, color=style.BAND, linewidth=max(2.0, 200 / data.height / 4), zorder=1)
    axis.axhline(0, color=style.QUIET, linewidth=0.9, zorder=2)
    size = max(2.4, min(6.5, 300 / data.height))
    for colour in dict.fromkeys(_look(data)):
        chosen = np.array([one == colour for one in _look(data)])
        filled = colour != style.PERSON
        axis.plot(
            x[chosen],
            y[chosen],
            "o",
            color=colour,
            markerfacecolor=colour if filled else "white",
            markersize=size,
            markeredgewidth=0.9 if not filled else 0,
            zorder=3,
        )
    axis.axhline(float(np.median(y)), color=style.INK, linewidth=1, dashes=(1.5, 2), zorder=2)
    for row in data.filter("declared").iter_rows(named=True):
        if row["ci_low"] is not None:
            axis.plot([row["place"]] * 2, [row["ci_low"], row["ci_high"]], color=style.INK, linewidth=1.6, zorder=4)
        axis.plot([row["place"]], [row["estimate"]], "D", color=style.INK, markersize=8, mec="white", mew=1, zorder=5)
    axis.grid(axis="y")
    axis.spines["bottom"].set_visible(False)
    axis.tick_params(axis="x", length=0, labelbottom=False)
    axis.set_xlim(0.2, data.height + 0.8)


def _draw_dashboard(
    axis: Axes,
    data: pl.DataFrame,
    rows: Mapping[tuple[str, str], float],
    choices: Mapping[str, str],
    depth: float,
) -> None:
    colours = np.array(_look(data))
    declared = data["declared"].to_numpy()
    narrow = data.height > MOST_MARKED
    ticks: list[tuple[float, str, bool]] = []
    for column, words in choices.items():
        options = [(option, place) for (one, option), place in rows.items() if one == column]
        for option, place in options:
            chosen = (data[column] == option).to_numpy()
            x = data["place"].to_numpy()
            axis.axhline(place, color=style.GROUND, linewidth=1, zorder=0)
            for colour in dict.fromkeys(colours.tolist()):
                own = chosen & (colours == colour)
                marker, size = ("|", 9.0) if narrow else ("s", max(3.0, min(7.0, 260 / data.height)))
                axis.plot(x[own], np.full(own.sum(), place), marker, color=colour, markersize=size, zorder=2)
            own = chosen & declared
            axis.plot(x[own], np.full(own.sum(), place), "D", color=style.INK, markersize=6.5, mec="white", zorder=3)
            first = place == options[0][1]
            ticks.append((place, f"{words}: {option}" if first else option, first))
    axis.set_yticks([place for place, _, _ in ticks], [label for _, label, _ in ticks])
    axis.tick_params(axis="both", length=0, labelcolor=style.INK)
    axis.set_ylim(depth - 0.4, -0.6)
    axis.spines[:].set_visible(False)
    axis.set_xlabel(f"{count_noun(data.height, 'specification')}, sorted by the estimate")
    axis.tick_params(labelbottom=False)


def _list_handles(data: pl.DataFrame, *, alpha: float) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = []
    looks = set(_look(data))
    words = {
        style.OWN: f"above 0, p < {alpha:g}".replace("0.", "."),
        style.OTHER: f"below 0, p < {alpha:g}".replace("0.", "."),
        style.PERSON: "not significant",
    }
    for colour, label in words.items():
        if colour in looks:
            fill = "white" if colour == style.PERSON else colour
            handles.append(Line2D([], [], ls="", marker="o", color=colour, markerfacecolor=fill, label=label))
    if data["declared"].any():
        handles.append(Line2D([], [], ls="", marker="D", color=style.INK, markersize=6.5, label="as declared"))
    handles.append(Line2D([], [], color=style.INK, linewidth=1, dashes=(1.5, 2), label="median"))
    if data["ci_low"].is_not_null().any():
        handles.append(Patch(color=style.BAND, label="intervals"))
    return handles


def _describe_curve(data: pl.DataFrame, choices: Mapping[str, str], *, unit: str, alpha: float) -> str:
    estimates = data["estimate"]
    decimals = count_decimals(data, "estimate", "ci_low", "ci_high")
    write = partial(format_number, decimals=decimals)
    up = data.filter(pl.col("significant") & (pl.col("estimate") > 0)).height
    down = data.filter(pl.col("significant") & (pl.col("estimate") < 0)).height
    sentences = [
        f"{count_noun(data.height, 'specification')} sorted by the estimate ({unit}): from "
        f"{write(estimates[0])} to {write(estimates[-1])}, median {write(float(np.median(estimates.to_numpy())))}.",
        f"{up} are significant above 0 and {down} below 0 (p < {alpha:g}).",
    ]
    for row in data.filter("declared").iter_rows(named=True):
        place = f"place {row['place']} of {data.height}"
        found = write_estimate(row["estimate"], row["ci_low"], row["ci_high"], decimals=decimals)
        sentences.append(f"As declared: {found}, {place}.")
    sentences.append(_describe_choices(data, choices, decimals))
    return " ".join(sentences)


def _describe_choices(data: pl.DataFrame, choices: Mapping[str, str], decimals: int) -> str:
    """Return the median estimate of each option: what a choice does to the result."""
    parts: list[str] = []
    for column, words in choices.items():
        options: Sequence[str] = data.sort("specification")[column].unique(maintain_order=True).to_list()
        found = [(option, data.filter(pl.col(column) == option)["estimate"].to_numpy()) for option in options]
        medians = [f"{option} {format_number(float(np.median(values)), decimals=decimals)}" for option, values in found]
        parts.append(f"{words}: {', '.join(medians)}")
    return f"Median estimate by choice: {'; '.join(parts)}."
