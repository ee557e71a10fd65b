"""The figure of a simulated plan: power by number of people, a line a test; or one number of people, a row a test."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from mimicrylab.power.figures import write_figure
from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import open_canvas
from mimicrylab.report.figures.panels import count_columns

WANTED = 0.8
"""The field's convention (Cohen 1992), drawn as a line."""

ROW_PX = 22
PANEL_PX = 190
COLUMNS = 3
WIDTH_PX = style.WIDTH_PX


def write_power_figure(table: pl.DataFrame, path: Path, *, alt: str) -> None:
    """Write the figure of ``summary.tabulate_power`` as SVG or PNG."""
    tests = table.filter(pl.col("analysis") != "")
    names = tests.select("analysis", "term").unique(maintain_order=True).rows()
    if tests["people"].n_unique() == 1:
        with open_canvas(len(names) * ROW_PX + 70, width_px=WIDTH_PX) as canvas:
            _draw_rows(canvas, tests)
            write_figure(canvas, path, title="Power of the plan", alt=alt, data=table)
        return
    columns = count_columns(len(names), most=COLUMNS)
    rows = math.ceil(len(names) / columns)
    with open_canvas(rows * PANEL_PX + 40, width_px=WIDTH_PX) as canvas:
        axes = canvas.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for axis in axes.flat[len(names) :]:
            axis.set_visible(False)
        for place, (analysis, term) in enumerate(names):
            axis = axes.flat[place]
            _draw_panel(axis, tests.filter(analysis=analysis, term=term), _name(analysis, term))
            axis.tick_params(labelbottom=place + columns >= len(names))
        canvas.supxlabel("Participants who take part", fontsize=style.SETTINGS["axes.labelsize"])
        canvas.supylabel("Power", fontsize=style.SETTINGS["axes.labelsize"])
        write_figure(canvas, path, title="Power of the plan", alt=alt, data=table)


def _name(analysis: str, term: str) -> str:
    return f"{analysis}\n{term}" if term else analysis


def _draw_panel(axis: Axes, rows: pl.DataFrame, title: str) -> None:
    axis.axhline(WANTED, color=style.OTHER, linewidth=1.0, linestyle="--", zorder=0)
    errors = [(rows["power"] - rows["ci_low"]).to_list(), (rows["ci_high"] - rows["power"]).to_list()]
    axis.errorbar(rows["people"], rows["power"], yerr=errors, color=style.OWN, marker="o", markersize=4, capsize=2)
    axis.set_ylim(-0.03, 1.03)
    axis.set_xlim(0, 1.08 * max(rows["people"]))
    axis.grid(axis="y")
    axis.set_title(title, fontsize=9.5, fontweight="normal")


def _draw_rows(canvas: Canvas, tests: pl.DataFrame) -> None:
    axis = canvas.subplots()
    places = range(tests.height)
    axis.axvline(WANTED, color=style.OTHER, linewidth=1.0, linestyle="--", zorder=0)
    errors = [(tests["power"] - tests["ci_low"]).to_list(), (tests["ci_high"] - tests["power"]).to_list()]
    axis.errorbar(
        tests["power"], places, xerr=errors, color=style.OWN, marker="o", markersize=5, linestyle="", capsize=2
    )
    names = [f"{analysis}, {term}" if term else analysis for analysis, term in tests.select("analysis", "term").rows()]
    axis.set_yticks(places, names)
    axis.tick_params(axis="y", labelcolor=style.INK, left=False)
    axis.set_ylim(tests.height - 0.4, -0.6)
    axis.set_xlim(-0.02, 1.02)
    axis.grid(axis="x")
    axis.spines["left"].set_visible(False)
    axis.set_xlabel(f"Power with {tests['people'][0]} participants (95 % interval of the simulation)")
