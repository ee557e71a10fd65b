"""Curves of power as figures: by formula, and by simulation with its uncertainty."""

from __future__ import annotations

import math
from pathlib import Path

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from mimicrylab.errors import InputError
from mimicrylab.power.answers import PowerAnswer
from mimicrylab.power.sentences import name_test, word_answer, word_effect
from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg, write_svg_file
from mimicrylab.report.wording import format_bounded
from mimicrylab.tables import replace_atomically, write_text

HEIGHT_PX = 330
WIDTH_PX = 560
PNG_DOTS_PER_INCH = 200
FORMATS = (".svg", ".png")
ASKED_LINE = (style.OWN, "-")
OTHER_LINES = ((style.OTHER, "--"), (style.QUIET, ":"), (style.INK, "-."))
"""Colour and dashes of the line that the answer lies on, and of the others: they differ in grey, too."""


def draw_curve(answer: PowerAnswer, table: pl.DataFrame, canvas: Canvas) -> None:
    """Draw the lines of ``curves.tabulate_curve`` and mark the answer."""
    axis = canvas.subplots()
    by_power = answer.asked == "effect"
    column, value = ("power", "effect") if by_power else ("effect", "power")
    own = answer.power if by_power else abs(answer.effect)
    others = iter(OTHER_LINES)
    for level in table[column].unique(maintain_order=True):
        line = table.filter(pl.col(column) == level)
        colour, dashes = ASKED_LINE if math.isclose(level, own) else next(others)
        name = f"power {format_bounded(level)}" if by_power else word_effect(answer.design, level)
        axis.plot(line["people"], line[value], color=colour, linestyle=dashes, label=name)
    answer_value = abs(answer.effect) if by_power else answer.power
    _mark_answer(axis, answer.people, answer_value, color=style.INK)
    axis.set_xlabel("Participants analysed")
    axis.grid(axis="y")
    axis.set_xlim(0, max(table["people"]))
    axis.legend(loc="upper right" if by_power else "lower right", reverse=True)
    if by_power:
        axis.set_ylabel(f"Smallest effect found ({word_effect(answer.design, 1).partition(' ')[0]})")
        axis.set_ylim(0, min(4 * abs(answer.effect), answer.design.largest_effect))
    else:
        axis.set_ylabel("Power")
        axis.set_ylim(0, 1.02)


def _mark_answer(axis: Axes, people: int, height: float, *, color: str) -> None:
    axis.plot([people, people, 0], [0, height, height], color=color, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    axis.plot([people], [height], marker="o", color=color, markersize=6, zorder=5, clip_on=False)


def write_curve(answer: PowerAnswer, table: pl.DataFrame, path: Path) -> Path:
    """Write the curve as ``path`` (.svg or .png) and its table beside it (.csv); return the table's path.

    Raises
    ------
    InputError
        The file's name ends otherwise.
    """
    check_format(path)
    with open_canvas(HEIGHT_PX, width_px=WIDTH_PX) as canvas:
        draw_curve(answer, table, canvas)
        data = path.with_suffix(".csv")
        title = f"Power: {name_test(answer.design)}"
        write_figure(canvas, path, title=title, alt=word_answer(answer), data=table)
    write_text(data, table.write_csv())
    return data


def check_format(path: Path) -> None:
    """Refuse a figure file that is neither SVG nor PNG.

    Raises
    ------
    InputError
        Its name ends otherwise.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(
            "a curve is drawn as SVG or PNG",
            where=str(path),
            expected="a name that ends in .svg or .png",
            do="the table is written beside it, as .csv",
        )


def write_figure(canvas: Canvas, path: Path, *, title: str, alt: str, data: pl.DataFrame) -> None:
    """Write a canvas as SVG with its title and description, or as PNG on white."""
    if path.suffix.lower() == ".png":
        with replace_atomically(path) as temporary:
            canvas.savefig(temporary, format="png", dpi=PNG_DOTS_PER_INCH, facecolor="white")
        return
    figure = Figure("power", title, render_svg(canvas, "power", alt=alt), alt, data)
    write_text(path, write_svg_file(figure))
