"""Does an effect depend on a moderator? The fitted lines by group, and the effect over the moderator's range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import wrap_label
from mimicrylab.report.figures.words import count_decimals, write_estimate
from mimicrylab.report.wording import choose_decimals, format_number, join_words
from mimicrylab.stats.samples import FloatArray

HEIGHT_PX = 342
LINES_SCHEMA = {
    "group": pl.String,
    "moderator": pl.Float64,
    "fitted": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}
SLOPES_SCHEMA = {
    "moderator": pl.Float64,
    "slope": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "significant": pl.Boolean,
}
PROBES_SCHEMA = {
    "place": pl.String,
    "moderator": pl.Float64,
    "slope": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}


@dataclass(frozen=True)
class ModerationText:
    """Words of the axes: the outcome, the moderator, and whose effect it is (``oxytocin - placebo``)."""

    outcome: str
    moderator: str
    effect: str


@dataclass(frozen=True)
class ModerationCurves:
    """What ``stats.moderation.probe_moderation`` found, as tables.

    ``points``: ``group, moderator, outcome``, one row a person; ``lines``: fitted lines with bands (LINES_SCHEMA);
    ``slopes``: the effect over the moderator (SLOPES_SCHEMA); ``probes``: simple slopes at -1 SD, mean, +1 SD
    (PROBES_SCHEMA); ``bounds``: Johnson-Neyman bounds within the observed moderators.
    """

    points: pl.DataFrame
    lines: pl.DataFrame
    slopes: pl.DataFrame
    probes: pl.DataFrame
    bounds: tuple[float, ...] = ()


def draw_moderation(curves: ModerationCurves, text: ModerationText, *, name: str, title: str) -> Figure:
    """Return two panels: people and fitted lines by group, and the effect over the moderator with its 95 % band.

    The region in which the effect differs from 0 (Johnson-Neyman, each moderator value for itself) is shaded, and its
    limits are named.
    """
    groups = curves.lines["group"].unique(maintain_order=True).to_list()
    alt = _describe_moderation(curves, text, groups)
    with open_canvas(HEIGHT_PX) as canvas:
        left, right = canvas.subplots(1, 2)
        _draw_lines(left, curves, groups)
        left.set_xlabel(text.moderator)
        left.set_ylabel(wrap_label(text.outcome, HEIGHT_PX - 90))
        left.set_title("Fitted lines")
        _draw_effect(right, curves)
        right.set_xlabel(text.moderator)
        right.set_ylabel(wrap_label(f"Effect: {text.effect}", HEIGHT_PX - 90))
        right.set_title("Effect at each value of the moderator")
        handles = _list_handles(groups, curves)
        canvas.legend(
            handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2, columnspacing=1.4
        )
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, _gather_data(curves))


def _draw_lines(axis: Axes, curves: ModerationCurves, groups: Sequence[str]) -> None:
    axis.grid()
    named = set(curves.points["group"].unique())
    for place, group in enumerate(groups):
        colour, marker = style.SERIES_COLOURS[place], style.SERIES_MARKERS[place]
        dots = curves.points.filter(pl.col("group") == group) if group in named else curves.points.clear()
        axis.plot(dots["moderator"], dots["outcome"], marker, color=colour, markersize=3.8, mew=0, alpha=0.55)
        line = curves.lines.filter(pl.col("group") == group)
        x = line["moderator"].to_numpy()
        axis.fill_between(x, line["ci_low"].to_numpy(), line["ci_high"].to_numpy(), color=colour, alpha=0.18, lw=0)
        axis.plot(x, line["fitted"], color=colour, dashes=style.SERIES_DASHES[place] or (None, None), linewidth=2)
    if not named & set(groups):  # a predictor of numbers: people belong to no line
        axis.plot(curves.points["moderator"], curves.points["outcome"], "o", color=style.PERSON, markersize=3.8, mew=0)


def _draw_effect(axis: Axes, curves: ModerationCurves) -> None:
    slopes = curves.slopes
    x = slopes["moderator"].to_numpy()
    low, high = slopes["ci_low"].to_numpy(), slopes["ci_high"].to_numpy()
    inside = _find_region(x, low, high, curves.bounds)
    for start, stop in inside:
        axis.axvspan(start, stop, color=style.GROUND, linewidth=0, zorder=0)
    axis.axhline(0, color=style.QUIET, linewidth=0.8, zorder=1)
    axis.fill_between(x, low, high, color=style.INK, alpha=0.14, linewidth=0, zorder=2)
    axis.plot(x, slopes["slope"], color=style.INK, linewidth=2, zorder=3)
    for row in curves.probes.iter_rows(named=True):
        place = row["moderator"]
        axis.plot([place, place], [row["ci_low"], row["ci_high"]], color=style.INK, linewidth=1.4, zorder=4)
        axis.plot([place], [row["slope"]], "D", color=style.INK, markersize=6, mec="white", mew=0.8, zorder=5)
        axis.annotate(
            row["place"], (place, row["ci_high"]), (0, 4), textcoords="offset points", ha="center", color=style.QUIET
        )
    decimals = choose_decimals(curves.bounds)
    for bound in curves.bounds:
        axis.axvline(bound, color=style.OTHER, linewidth=1.2, dashes=(4, 2), zorder=2)
        right_half = bound > (x.min() + x.max()) / 2
        axis.annotate(
            format_number(bound, decimals=decimals),
            (bound, 0.02),
            (-5 if right_half else 5, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if right_half else "left",
            color=style.OTHER,
            fontweight="bold",
        )
    axis.set_xlim(x.min(), x.max())
    axis.margins(y=0.12)


def _find_region(
    x: FloatArray, low: FloatArray, high: FloatArray, bounds: Sequence[float]
) -> list[tuple[float, float]]:
    """Return the stretches between the ends and the bounds in which the band leaves 0 out."""
    edges = [float(x[0]), *sorted(bounds), float(x[-1])]
    stretches = []
    for start, stop in pairwise(edges):
        middle = (start + stop) / 2
        if np.interp(middle, x, low) > 0 or np.interp(middle, x, high) < 0:
            stretches.append((start, stop))
    return stretches


def _list_handles(groups: Sequence[str], curves: ModerationCurves) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            color=style.SERIES_COLOURS[place],
            marker=style.SERIES_MARKERS[place],
            markersize=4.5,
            label=group,
            dashes=style.SERIES_DASHES[place] or (None, None),
        )
        for place, group in enumerate(groups)
    ]
    handles.append(Patch(color=style.QUIET, alpha=0.25, linewidth=0, label="95% band"))
    if curves.slopes["significant"].any():
        label = "effect differs from 0"
        if curves.bounds:
            label += " (limits named)"
        handles.append(Patch(facecolor=style.GROUND, edgecolor=style.RULE, linewidth=0.6, label=label))
    return handles


def _gather_data(curves: ModerationCurves) -> pl.DataFrame:
    """Return one table: ``part`` says whether a row is a person, a fitted line, the effect, a probe or a bound."""
    bounds = pl.DataFrame({"moderator": list(curves.bounds)}, schema={"moderator": pl.Float64})
    parts = {
        "person": curves.points.rename({"outcome": "value"}),
        "line": curves.lines.rename({"fitted": "value"}),
        "effect": curves.slopes.rename({"slope": "value"}),
        "simple slope": curves.probes.rename({"slope": "value"}),
        "Johnson-Neyman bound": bounds,
    }
    gathered = [frame.select(pl.lit(part).alias("part"), pl.all()) for part, frame in parts.items()]
    return pl.concat(gathered, how="diagonal_relaxed")


def _describe_moderation(curves: ModerationCurves, text: ModerationText, groups: Sequence[str]) -> str:
    sentences = [f"{text.outcome} against {text.moderator}: points and fitted lines of {join_words(list(groups))}."]
    decimals = count_decimals(curves.probes, "slope", "ci_low", "ci_high")
    slopes = [
        f"{row['place']} {write_estimate(row['slope'], row['ci_low'], row['ci_high'], decimals=decimals)}"
        for row in curves.probes.iter_rows(named=True)
    ]
    sentences.append(f"Effect ({text.effect}) with 95% intervals: {'; '.join(slopes)}.")
    if curves.bounds:
        decimals = choose_decimals(curves.bounds)
        bounds = join_words([format_number(bound, decimals=decimals) for bound in curves.bounds])
        sentences.append(f"It turns significant at {text.moderator} = {bounds}.")
    elif curves.slopes["significant"].all():
        sentences.append("It differs from 0 at every observed value of the moderator.")
    else:
        sentences.append("It differs from 0 at no observed value of the moderator.")
    return " ".join(sentences)
