"""What models say of people they have not seen: predicted against observed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.lines import Line2D

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import count_columns, lay_grid
from mimicrylab.report.wording import count_noun, format_bounded, format_number

PANEL_HEIGHT_PX = 244
PANEL_COLUMNS = 3
UNSEEN = "people whom the model had not seen"


def draw_predictions(
    points: pl.DataFrame, *, unit: str, name: str, title: str, whom: str = UNSEEN, remarks: dict[str, str] | None = None
) -> Figure:
    """Return one panel a model: each person's predicted value against the observed one.

    ``points`` has ``panel, observed, predicted``, one row a person (the mean over repeats). On the diagonal a
    prediction is right; a level row of points is a model that only knows the mean. ``remarks`` stand above a panel
    (``R² = −.04``); ``whom`` says who is predicted: people left out, unless a study is repeated as published.
    """
    known = points.drop_nulls(["observed", "predicted"])
    panels = points["panel"].unique(maintain_order=True).to_list()
    ends = known.select(
        pl.min_horizontal("observed", "predicted").min().alias("low"),
        pl.max_horizontal("observed", "predicted").max().alias("high"),
    ).row(0)
    low, high = (float(ends[0]), float(ends[1])) if known.height else (0.0, 1.0)
    margin = 0.05 * (high - low) or 0.5
    limits = (low - margin, high + margin)
    alt = _describe_predictions(known, panels, remarks or {}, unit=unit, whom=whom)
    columns = max(2, count_columns(len(panels), most=PANEL_COLUMNS))
    with open_canvas(math.ceil(len(panels) / columns) * PANEL_HEIGHT_PX + 70) as canvas:
        axes = lay_grid(canvas, panels, columns=columns, share_x=True, share_y=True)
        for axis, panel in zip(axes, panels, strict=True):
            own = known.filter(pl.col("panel") == panel)
            axis.grid()
            axis.plot(limits, limits, color=style.INK, linewidth=1.2, dashes=(4, 2), zorder=2)
            axis.axhline(float(known["observed"].mean() or 0.0), color=style.OTHER, linewidth=1.2, zorder=1)  # type: ignore[arg-type]
            axis.plot(own["observed"], own["predicted"], "o", color=style.OWN, markersize=4.2, mew=0, alpha=0.7)
            axis.set_xlim(*limits)
            axis.set_ylim(*limits)
            axis.set_xlabel(f"Observed {unit}")
            if remarks and panel in remarks:
                axis.set_title(remarks[panel], loc="right", fontweight="normal", fontsize=style.SETTINGS["font.size"])
        canvas.supylabel(f"Predicted {unit}", fontsize=style.SETTINGS["axes.labelsize"])
        canvas.legend(handles=_list_handles(), loc="outside upper left", ncols=3, borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, known.select("panel", "observed", "predicted"))


def _list_handles() -> list[Line2D]:
    return [
        Line2D([], [], ls="", marker="o", color=style.OWN, markersize=4.5, label="one prediction"),
        Line2D([], [], color=style.INK, linewidth=1.2, dashes=(4, 2), label="prediction is right"),
        Line2D([], [], color=style.OTHER, linewidth=1.2, label="mean of all"),
    ]


def _describe_predictions(
    known: pl.DataFrame, panels: Sequence[str], remarks: dict[str, str], *, unit: str, whom: str
) -> str:
    sentences = [f"Predicted against observed {unit} of {whom}."]
    for panel in panels:
        own = known.filter(pl.col("panel") == panel)
        sentence = f"{panel}: {count_noun(own.height, 'person', 'people')}"
        if own.height > 1:
            observed, predicted = own["observed"].to_numpy(), own["predicted"].to_numpy()
            sentence += (
                f"; observed from {format_number(observed.min())} to {format_number(observed.max())}, "
                f"predicted from {format_number(predicted.min())} to {format_number(predicted.max())}"
            )
            if observed.std() > 0 and predicted.std() > 0:
                sentence += f", correlation {format_bounded(float(np.corrcoef(observed, predicted)[0, 1]))}"
        if panel in remarks:
            sentence += f"; {remarks[panel]}"
        sentences.append(sentence + ".")
    return " ".join(sentences)
