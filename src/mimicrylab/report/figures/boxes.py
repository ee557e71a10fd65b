"""Boxes of all people's reactions to each stimulus emotion, with every person beyond the whiskers as a dot."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import lay_panels, measure_height
from mimicrylab.report.figures.words import count_decimals
from mimicrylab.report.wording import format_number

BOX_HEIGHT = 0.6
WHISKER_REACH = 1.5
"""Whiskers end at the last value within 1.5 times the length of the box (Tukey, 1977)."""
DOT_PX = 2.6
BOX_LEAST_PEOPLE = 5
"""Fewer people are shown as dots alone: a box of three is no box."""


def draw_reaction_boxes(data: pl.DataFrame, *, unit: str, name: str, title: str) -> Figure:
    """Return one panel a stimulus, one box a reaction: median, quartiles, whiskers, and the people beyond as dots.

    ``data`` has ``stimulus_emotion, reaction, congruent, participant_id, value``, in the order to be shown. Null
    values are left out.
    """
    shown = data["stimulus_emotion"].unique(maintain_order=True).to_list()
    reactions = data["reaction"].unique(maintain_order=True).to_list()
    values = data["value"].drop_nulls()
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)  # type: ignore[arg-type]
    margin = 0.04 * (high - low) or 0.5
    alt = _describe_boxes(data, shown, unit=unit)
    with open_canvas(measure_height(len(shown), len(reactions))) as canvas:
        titles = [f"{emotion} shown" for emotion in shown]
        axes = lay_panels(canvas, titles, reactions, unit=unit, limits=(min(low, 0) - margin, max(high, 0) + margin))
        for axis, emotion in zip(axes, shown, strict=True):
            for place, reaction in enumerate(reactions):
                own = data.filter((pl.col("stimulus_emotion") == emotion) & (pl.col("reaction") == reaction))
                if not own.is_empty():
                    numbers = own["value"].drop_nulls().to_numpy().astype(np.float64)
                    _draw_box(axis, numbers, place, congruent=bool(own["congruent"][0]))
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, data)


def _draw_box(axis: Axes, values: NDArray[np.float64], place: int, *, congruent: bool) -> None:
    colour = style.OWN if congruent else style.QUIET
    outside = values
    if values.size >= BOX_LEAST_PEOPLE:
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        reach = WHISKER_REACH * (high - low)
        inside = values[(values >= low - reach) & (values <= high + reach)]
        outside = values[(values < low - reach) | (values > high + reach)]
        axis.plot([inside.min(), inside.max()], [place, place], color=colour, linewidth=1, zorder=2)
        fill = style.OWN if congruent else style.RULE
        corner = (low, place - BOX_HEIGHT / 2)
        axis.add_patch(Rectangle(corner, high - low, BOX_HEIGHT, facecolor=fill, edgecolor=colour, lw=0.8, zorder=3))
        half = [place - BOX_HEIGHT / 2, place + BOX_HEIGHT / 2]
        axis.plot([middle, middle], half, color="white" if congruent else style.INK, linewidth=1.6, zorder=4)
    size = DOT_PX if values.size >= BOX_LEAST_PEOPLE else 2 * DOT_PX
    axis.plot(outside, np.full(outside.size, place), "o", color=colour, markersize=size, alpha=0.7, mew=0, zorder=2)


def _describe_boxes(data: pl.DataFrame, shown: list[str], *, unit: str) -> str:
    people = data["participant_id"].n_unique()
    sentences = [f"Boxes of {people} people's values, in {unit}, one panel for each stimulus emotion. Medians:"]
    decimals = count_decimals(data, "value")
    for emotion in shown:
        medians = (
            data.filter(pl.col("stimulus_emotion") == emotion)
            .group_by("reaction", maintain_order=True)
            .agg(pl.col("value").median())
        )
        listed = ", ".join(
            f"{reaction} {format_number(value, decimals=decimals)}" for reaction, value in medians.iter_rows()
        )
        sentences.append(f"{emotion} shown: {listed}.")
    return " ".join(sentences)
