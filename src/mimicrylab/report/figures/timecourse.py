"""Time courses around stimulus onset: each person a thin line, the mean with its interval, and the comparison."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import count_columns
from mimicrylab.report.wording import count_noun, format_number

PANEL_COLUMNS = 3
PANEL_HEIGHT_PX = 158
UNIT_LINE_PX = 15
UNIT_CHARACTERS = 22
"""Characters of the vertical axis's unit that fit beside one row of panels."""
CENTRAL_SHARE = 0.98
"""Share of the persons' values that the vertical axis covers at least; the means and intervals always fit."""

FEW_PEOPLE = 12

COURSE_SCHEMA = {
    "panel": pl.String,
    "unit": pl.String,
    "line": pl.String,
    "participant_id": pl.String,
    "t": pl.Float64,
    "value": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n": pl.Int64,
}
"""Data of a figure: ``unit`` is what the panel's vertical axis says; ``line`` is ``person``, ``mean`` or
``comparison``; ``t`` the middle of a time bin in seconds."""


@dataclass(frozen=True)
class CourseText:
    """Words around the panels: length of the stimulus, what the dashed line is, what was shown."""

    stimulus_s: float | None
    comparison: str
    shown: str


def draw_time_courses(data: pl.DataFrame, text: CourseText, *, name: str, title: str) -> Figure:
    """Return one panel a signal with the course of every person, the mean and the comparison.

    ``data`` has the columns of ``COURSE_SCHEMA``; panels appear in the order of their first row, those of one unit
    with the same vertical axis. Null values leave a gap in a line. The interval is drawn where
    ``ci_low`` is given (three people or more).
    """
    panels = data.select("panel", "unit").unique(maintain_order=True).rows()
    units = list(dict.fromkeys(unit for _, unit in panels))
    columns = PANEL_COLUMNS if len(panels) < PANEL_COLUMNS else count_columns(len(panels), most=PANEL_COLUMNS)
    rows = math.ceil(len(panels) / columns)
    ranges = {unit: _choose_range(data.filter(pl.col("unit") == unit)) for unit in units}
    people = data.filter(pl.col("line") == "person")["participant_id"].n_unique()
    alt = _describe_courses(data, text, panels)
    with open_canvas(rows * (PANEL_HEIGHT_PX + UNIT_LINE_PX * (len(units) > 1)) + 66) as canvas:
        axes = canvas.subplots(rows, columns, squeeze=False, sharex=True)
        for axis in axes.flat[len(panels) :]:
            axis.set_visible(False)
        for index, (panel, unit) in enumerate(panels):
            axis = axes.flat[index]
            _draw_panel(axis, data.filter(pl.col("panel") == panel), people=people, stimulus_s=text.stimulus_s)
            axis.set_ylim(*ranges[unit][:2])
            _label_panel(axis, panel, unit, alone=len(units) == 1, first=index % columns == 0)
            lowest = index + columns >= len(panels)
            axis.tick_params(labelbottom=lowest)
            if lowest:
                axis.set_xlabel("Time from onset (s)")
        handles = _list_handles(data, text, people=people)
        canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    n_outside = sum(outside for _, _, outside in ranges.values())
    lie = "lies" if n_outside == 1 else "lie"
    note = f"{count_noun(n_outside, 'value')} of single participants {lie} outside the axis." if n_outside else ""
    return Figure(name, title, svg, alt, data, note)


def _label_panel(axis: Axes, panel: str, unit: str, *, alone: bool, first: bool) -> None:
    """Name the panel; its unit stands at the axis of each row where all panels share one, else below each name."""
    if alone:
        axis.set_title(panel)
        axis.tick_params(labelleft=first)
        if first:
            axis.set_ylabel("\n".join(textwrap.wrap(unit, UNIT_CHARACTERS)))
        return
    axis.set_title(panel, pad=UNIT_LINE_PX + 4)
    label = axis.annotate(
        unit, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", color=style.QUIET, fontsize=10.5
    )
    label.set_in_layout(False)


def _choose_range(data: pl.DataFrame) -> tuple[float, float, int]:
    own = data.filter(pl.col("line") == "person")
    alone = own["participant_id"].n_unique() == 1  # the one line is what there is to see: none of it is cut
    tail = 0.0 if alone else (1 - CENTRAL_SHARE) / 2
    persons = own["value"].drop_nulls().to_numpy()
    group = data.filter(pl.col("line") != "person")
    ends = [group[column].drop_nulls().to_numpy() for column in ("value", "ci_low", "ci_high")]
    if persons.size:
        ends.append(np.quantile(persons, [tail, 1 - tail]))
    every = np.concatenate([*ends, [0.0]])
    low, high = float(every.min()), float(every.max())
    margin = 0.06 * (high - low) if high > low else 0.5
    low, high = low - margin, high + margin
    return low, high, int(((persons < low) | (persons > high)).sum())


def _draw_panel(axis: Axes, data: pl.DataFrame, *, people: int, stimulus_s: float | None) -> None:
    if stimulus_s:
        axis.axvspan(0, stimulus_s, color=style.GROUND, linewidth=0, zorder=0)
    axis.axhline(0, color=style.RULE, linewidth=0.8, zorder=1)
    axis.axvline(0, color=style.QUIET, linewidth=0.8, zorder=1)
    persons = data.filter(pl.col("line") == "person")
    few = people < FEW_PEOPLE  # a few thin lines are drawn over the interval, many would hide it
    opacity = max(0.25, min(0.75, 8 / max(people, 1)))
    if people == 1:
        axis.plot(*_join_lines(persons), color=style.OWN, linewidth=1.6, zorder=4)
    else:
        axis.plot(*_join_lines(persons), color=style.PERSON, linewidth=0.7, alpha=opacity, zorder=2 + 2 * few)
    compared = data.filter(pl.col("line") == "comparison")
    axis.plot(compared["t"], _as_floats(compared, "value"), color=style.OTHER, linewidth=1.5, dashes=(3.5, 2), zorder=3)
    mean = data.filter(pl.col("line") == "mean")
    axis.fill_between(
        mean["t"].to_numpy(),
        _as_floats(mean, "ci_low"),
        _as_floats(mean, "ci_high"),
        color=style.OWN,
        alpha=0.22,
        linewidth=0,
        zorder=3,
    )
    axis.plot(mean["t"], _as_floats(mean, "value"), color=style.OWN, linewidth=2, zorder=5)


def _join_lines(persons: pl.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return all persons' lines as one, with a gap between two persons: one path in the file instead of hundreds."""
    times: list[NDArray[np.float64]] = []
    values: list[NDArray[np.float64]] = []
    for _, line in persons.group_by("participant_id", maintain_order=True):
        times += [line["t"].to_numpy(), np.array([np.nan])]
        values += [_as_floats(line, "value"), np.array([np.nan])]
    return np.concatenate([*times, []]), np.concatenate([*values, []])


def _as_floats(frame: pl.DataFrame, column: str) -> NDArray[np.float64]:
    return frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _list_handles(data: pl.DataFrame, text: CourseText, *, people: int) -> list[Line2D | Patch]:
    if people == 1:
        handles: list[Line2D | Patch] = [Line2D([], [], color=style.OWN, label=text.shown)]
    else:
        handles = [
            Line2D([], [], color=style.OWN, linewidth=2, label=f"mean, {text.shown}"),
            Line2D([], [], color=style.PERSON, linewidth=0.8, label="one participant each"),
        ]
    if data["ci_low"].is_not_null().any():
        handles.insert(1, Patch(color=style.OWN, alpha=0.22, linewidth=0, label="95% interval"))
    if (data["line"] == "comparison").any():
        handles.append(Line2D([], [], color=style.OTHER, linewidth=1.5, dashes=(3.5, 2), label=text.comparison))
    return handles


def _describe_courses(data: pl.DataFrame, text: CourseText, panels: Sequence[tuple[str, str]]) -> str:
    units = "; ".join(dict.fromkeys(unit for _, unit in panels))
    sentences = [f"Time courses from stimulus onset, {text.shown}, one panel for each signal. Vertical axis: {units}."]
    for panel, _ in panels:
        own = data.filter(pl.col("panel") == panel)
        mean = own.filter((pl.col("line") == "mean") & (pl.col("t") >= 0)).drop_nulls("value")
        if mean.is_empty():
            mean = own.filter((pl.col("line") == "person") & (pl.col("t") >= 0)).drop_nulls("value")
        if mean.is_empty():
            sentences.append(f"{panel}: no valid data.")
            continue
        peak = mean.row(int(mean["value"].arg_max() or 0), named=True)
        sentence = f"{panel}: highest at {format_number(peak['t'], decimals=1)} s, {format_number(peak['value'])}"
        at_peak = own.filter((pl.col("line") == "comparison") & (pl.col("t") == peak["t"])).drop_nulls("value")
        if not at_peak.is_empty():
            sentence += f", {text.comparison} {format_number(at_peak['value'][0])} at that time"
        sentences.append(sentence + ".")
    return " ".join(sentences)
