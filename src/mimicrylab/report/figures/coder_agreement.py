"""Figures of coders beside each other: correlations by action unit, Bland-Altman, cross-correlations, courses."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import lay_grid
from mimicrylab.report.wording import format_bounded, format_number

COLUMNS = 2
PANEL_PX = 230
COURSE_S = 20.0
"""Length of the stretch that is shown of a recording: around its greatest movement."""
LIMITS_SD = 1.96


def draw_correlations(rows: pl.DataFrame, *, name: str, title: str) -> Figure:
    """Return one line an action unit with a mark for each pair of coders: every recording, and their mean.

    ``rows`` has ``pair, action_unit, correlation``.
    """
    known = rows.drop_nulls("correlation").filter(pl.col("correlation").is_not_nan())
    units = known["action_unit"].unique().sort(descending=True).to_list()
    pairs = known["pair"].unique(maintain_order=True).to_list()
    means = known.group_by("pair", "action_unit").agg(pl.col("correlation").mean())
    alt = "Correlation of frames by action unit. " + " ".join(
        f"{row['pair']}, {row['action_unit']}: {format_bounded(row['correlation'])}."
        for row in means.sort("pair", "action_unit").iter_rows(named=True)
    )
    with open_canvas(80 + 24 * len(units)) as canvas:
        axis = canvas.subplots()
        axis.grid(axis="x")
        axis.axvline(0, color=style.RULE, linewidth=1)
        for place, pair in enumerate(pairs):
            colour = style.SERIES_COLOURS[place % len(style.SERIES_COLOURS)]
            marker = style.SERIES_MARKERS[place % len(style.SERIES_MARKERS)]
            shift = (place - (len(pairs) - 1) / 2) * -0.18
            for frame, size, alpha in ((known, 3.5, 0.4), (means, 7.5, 1.0)):
                own = frame.filter(pl.col("pair") == pair)
                heights = [units.index(unit) + shift for unit in own["action_unit"]]
                label = pair if frame is means else None
                axis.plot(
                    own["correlation"], heights, marker, color=colour, markersize=size, alpha=alpha, mew=0, label=label
                )
        axis.set_yticks(range(len(units)), units)
        axis.set(
            xlim=(-1.02, 1.02), ylim=(-0.6, len(units) - 0.4), xlabel="correlation of frames (small: one recording)"
        )
        canvas.legend(loc="outside upper left", ncols=min(len(pairs), 3), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, known.select("pair", "recording_id", "action_unit", "correlation"))


def draw_bland_altman(points: pl.DataFrame, *, name: str, title: str, units: dict[str, str]) -> Figure:
    """Return one panel an action unit: coder minus reference against the mean of both, with the limits of agreement.

    ``points`` has ``action_unit, reference_value, coder_value``; ``units`` says what the values are.
    """
    panels = points["action_unit"].unique(maintain_order=True).to_list()
    table = points.with_columns(
        ((pl.col("reference_value") + pl.col("coder_value")) / 2).alias("mean"),
        (pl.col("coder_value") - pl.col("reference_value")).alias("difference"),
    )
    words = []
    with open_canvas(60 + PANEL_PX * math.ceil(len(panels) / COLUMNS)) as canvas:
        for axis, panel in zip(lay_grid(canvas, panels, columns=COLUMNS), panels, strict=True):
            own = table.filter(pl.col("action_unit") == panel)
            bias, spread = float(own["difference"].mean()), float(own["difference"].std() or 0)  # type: ignore[arg-type]
            axis.grid()
            axis.plot(own["mean"], own["difference"], "o", color=style.OWN, markersize=2.5, mew=0, alpha=0.25)
            axis.axhline(bias, color=style.OTHER, linewidth=1.6)
            for side in (-LIMITS_SD, LIMITS_SD):
                axis.axhline(bias + side * spread, color=style.OTHER, dashes=(4, 3), linewidth=1.2)
            axis.set(xlabel=f"mean of both ({units[panel]})", ylabel="coder minus reference")
            low, high = (format_number(bias + side * spread) for side in (-LIMITS_SD, LIMITS_SD))
            words.append(f"{panel}: bias {format_number(bias)}, limits of agreement {low} to {high}.")
        alt = "Difference of two coders against their mean. " + " ".join(words)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, table)


def draw_lags(curves: pl.DataFrame, *, name: str, title: str) -> Figure:
    """Return one panel an action unit with the cross-correlation of each recording, and their peaks.

    ``curves`` has ``action_unit, recording_id, lag_s, correlation``.
    """
    panels = curves["action_unit"].unique(maintain_order=True).to_list()
    words = []
    with open_canvas(60 + PANEL_PX * math.ceil(len(panels) / COLUMNS)) as canvas:
        for axis, panel in zip(lay_grid(canvas, panels, columns=COLUMNS), panels, strict=True):
            own = curves.filter(pl.col("action_unit") == panel)
            axis.grid()
            axis.axvline(0, color=style.RULE, linewidth=1)
            for _, course in own.group_by("recording_id", maintain_order=True):
                axis.plot(course["lag_s"], course["correlation"], color=style.PERSON, linewidth=0.9)
            mean = own.group_by(pl.col("lag_s").round(3)).agg(pl.col("correlation").mean()).sort("lag_s").drop_nulls()
            axis.plot(mean["lag_s"], mean["correlation"], color=style.OWN, linewidth=2)
            axis.set(xlabel="coder later than reference (s)", ylabel="correlation")
            if mean.height:
                peak = mean.row(int(mean["correlation"].arg_max() or 0), named=True)
                words.append(f"{panel}: highest at {format_number(peak['lag_s'])} s.")
        alt = "Correlation of two coders by how much later the coder is taken. " + " ".join(words)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, curves)


def draw_courses(points: pl.DataFrame, *, name: str, title: str, names: tuple[str, str]) -> Figure:
    """Return one panel an action unit: both courses of one recording as z, 20 s around the greatest movement.

    ``points`` has ``action_unit, time, reference_value, coder_value``; ``names`` are the reference's and the coder's.
    """
    panels = points["action_unit"].unique(maintain_order=True).to_list()
    shown = []
    with open_canvas(60 + PANEL_PX * len(panels) * 0.7) as canvas:
        axes = lay_grid(canvas, panels, columns=1)
        for axis, panel in zip(axes, panels, strict=True):
            own = _standardise(points.filter(pl.col("action_unit") == panel))
            both = (own["reference_value"] + own["coder_value"]).to_numpy()
            middle = float(own["time"].to_numpy()[int(np.argmax(both))])
            start = max(middle - COURSE_S / 2, float(own["time"].to_numpy()[0]))
            near = own.filter(pl.col("time").is_between(start, start + COURSE_S))
            axis.grid()
            axis.plot(near["time"], near["reference_value"], color=style.OTHER, dashes=(5, 2), label=names[0])
            axis.plot(near["time"], near["coder_value"], color=style.OWN, label=names[1])
            axis.set(ylabel="z")
            shown.append(near)
        axes[-1].set_xlabel("time of the recording (s)")
        canvas.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=2, borderaxespad=0.2)
        alt = f"Courses of {', '.join(panels)} by {names[0]} and {names[1]}, 20 s around the greatest movement."
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, pl.concat(shown))


def _standardise(points: pl.DataFrame) -> pl.DataFrame:
    names = ("reference_value", "coder_value")
    return points.with_columns((pl.col(each) - pl.col(each).mean()) / pl.col(each).std() for each in names)
