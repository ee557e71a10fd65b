"""Figures of moderation: the fitted lines and the effect over the moderator, a figure a cell."""

from __future__ import annotations

import numpy as np
import polars as pl

from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.moderation import (
    PROBES_SCHEMA,
    ModerationCurves,
    ModerationText,
    draw_moderation,
)
from mimicrylab.report.figures.planned.shown import Shown, lower_first, name_covariate, name_part
from mimicrylab.report.wording import MINUS
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.samples import FloatArray

PROBES = {"-1 SD": f"{MINUS}1 SD", "the mean": "mean", "+1 SD": "+1 SD"}
"""Places of simple slopes as their terms name them -> as the figure does."""


def draw_moderations(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return, for each cell, the fitted lines and the effect over the moderator with its Johnson-Neyman region."""
    lines, slopes = (shown.result.curves.get(key) for key in ("simple_slopes", "johnson_neyman"))
    if lines is None or slopes is None or shown.outcome is None:
        return ()
    moderators = shown.list_columns("moderator")
    predictors = shown.list_columns("group", "trait", "condition")
    if len(moderators) != 1 or len(predictors) != 1:
        return ()
    panels = {key: shown.add_panels(frame) for key, frame in (("lines", lines), ("slopes", slopes))}
    table = shown.add_panels(shown.table)
    names = panels["slopes"]["panel"].unique(maintain_order=True).to_list()
    figures = []
    for place, panel in enumerate(names):
        own = {key: frame.filter(pl.col("panel") == panel) for key, frame in panels.items()}
        people = table.filter(pl.col("panel") == panel).drop_nulls([shown.outcome, moderators[0], predictors[0]])
        values = people[moderators[0]].cast(pl.Float64)
        points = people.select(
            pl.col(predictors[0]).cast(pl.String).alias("group"),
            values.alias("moderator"),
            pl.col(shown.outcome).cast(pl.Float64).alias("outcome"),
        )
        effects = [one for one in shown.result.estimates if " at " in one.term and _belongs(one, panel, names)]
        curves = ModerationCurves(
            points,
            _order_lines(shown, own["lines"], predictors[0]),
            own["slopes"].select("moderator", "slope", "ci_low", "ci_high", "significant"),
            _place_probes(effects, values.to_numpy()),
            _find_bounds(own["slopes"]),
        )
        text = ModerationText(
            shown.name_axis(),
            name_covariate(shown, "moderator", moderators[0]),
            shown.name_effect(predictors[0]),
        )
        subject = panel if len(names) > 1 else shown.name_outcome()
        effect = f"the effect of {shown.name_factor(predictors[0])} by {lower_first(text.moderator)}"
        title = f"{subject}: {effect} ({shown.people})."
        suffix = f"-{place + 1}" if len(names) > 1 else ""
        figures.append(draw_moderation(curves, text, name=f"{name}-moderation{suffix}", title=title))
    return tuple(figures)


def _belongs(one: Estimate, panel: str, panels: list[str]) -> bool:
    if len(panels) == 1:
        return True
    head = ", ".join(name_part(part) for part in one.term.rpartition(": ")[0].split(", "))
    return head == panel


def _order_lines(shown: Shown, lines: pl.DataFrame, predictor: str) -> pl.DataFrame:
    order = shown.order_groups(predictor)
    ranks = {
        level: order.index(level) if level in order else place for place, level in enumerate(lines["level"].unique())
    }
    ranked = lines.sort(pl.col("level").replace_strict(ranks, return_dtype=pl.Int64), maintain_order=True)
    return ranked.select(pl.col("level").alias("group"), "moderator", "fitted", "ci_low", "ci_high")


def _place_probes(effects: list[Estimate], values: FloatArray) -> pl.DataFrame:
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    places = {"-1 SD": mean - sd, "the mean": mean, "+1 SD": mean + sd}
    rows = []
    for one in effects:
        place = next((key for key in places if f" at {key} of " in one.term), None)
        if place is not None and values.min() <= places[place] <= values.max():
            rows.append((PROBES[place], places[place], one.estimate, one.ci_low, one.ci_high))
    return pl.DataFrame(rows, schema=PROBES_SCHEMA, orient="row")


def _find_bounds(slopes: pl.DataFrame) -> tuple[float, ...]:
    """Return where the band crosses 0, between the grid's points by straight lines."""
    x = slopes["moderator"].to_numpy()
    found = []
    for column in ("ci_low", "ci_high"):
        y = slopes[column].to_numpy()
        for place in np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0):
            share = y[place] / (y[place] - y[place + 1])
            found.append(float(x[place] + share * (x[place + 1] - x[place])))
    return tuple(sorted(found))
