"""Bars of the mean reaction to each stimulus emotion; the reaction that matches the stimulus stands out."""

from __future__ import annotations

import polars as pl

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.figures.panels import lay_panels, measure_height
from mimicrylab.report.figures.words import count_decimals
from mimicrylab.report.wording import format_number

BAR_HEIGHT = 0.62


def draw_reaction_bars(data: pl.DataFrame, *, unit: str, name: str, title: str) -> Figure:
    """Return one panel a stimulus, one bar a reaction: the mean over people, with its 95 % interval where there is one.

    ``data`` has ``stimulus_emotion, reaction, congruent, mean, ci_low, ci_high, n``, in the order to be shown. A
    missing mean leaves the row empty.
    """
    shown = data["stimulus_emotion"].unique(maintain_order=True).to_list()
    reactions = data["reaction"].unique(maintain_order=True).to_list()
    alt = _describe_bars(data, shown, unit=unit)
    with open_canvas(measure_height(len(shown), len(reactions))) as canvas:
        axes = lay_panels(canvas, [f"{emotion} shown" for emotion in shown], reactions, unit=unit, limits=_span(data))
        for axis, emotion in zip(axes, shown, strict=True):
            axis.axvline(0, color=style.QUIET, linewidth=0.8)
            for row in data.filter(pl.col("stimulus_emotion") == emotion).iter_rows(named=True):
                if row["mean"] is None:
                    continue
                place = reactions.index(row["reaction"])
                colour = style.OWN if row["congruent"] else style.RULE
                axis.barh(place, row["mean"], height=BAR_HEIGHT, color=colour, linewidth=0)
                if row["ci_low"] is not None:
                    ends = [row["ci_low"], row["ci_high"]]
                    axis.plot(ends, [place, place], color="white", linewidth=3)
                    axis.plot(ends, [place, place], color=style.INK, linewidth=1.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, data)


def _span(data: pl.DataFrame) -> tuple[float, float]:
    values = pl.concat([data[column].cast(pl.Float64) for column in ("mean", "ci_low", "ci_high")]).drop_nulls()
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)  # type: ignore[arg-type]
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.05 * (high - low) or 0.5
    return (low - margin if low < 0 else 0.0), high + margin


def _describe_bars(data: pl.DataFrame, shown: list[str], *, unit: str) -> str:
    sentences = [f"Bars of the mean over people, in {unit}, one panel for each stimulus emotion."]
    decimals = count_decimals(data, "mean")
    for emotion in shown:
        rows = data.filter((pl.col("stimulus_emotion") == emotion) & pl.col("mean").is_not_null())
        if rows.is_empty():
            sentences.append(f"{emotion} shown: no valid data.")
            continue
        top = rows.row(int(rows["mean"].arg_max() or 0), named=True)
        sentence = f"{emotion} shown: strongest {top['reaction']} {format_number(top['mean'], decimals=decimals)}"
        matching = rows.filter("congruent")
        if not matching.is_empty() and not top["congruent"]:
            own = "; ".join(
                f"{r['reaction']} {format_number(r['mean'], decimals=decimals)}" for r in matching.iter_rows(named=True)
            )
            sentence += f", congruent {own}"
        sentences.append(sentence + ".")
    return " ".join(sentences)
