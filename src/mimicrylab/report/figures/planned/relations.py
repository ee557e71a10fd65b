"""Figures of relations: correlations, regressions, groups at a covariate, moderation, prediction, latencies."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl

from mimicrylab.report.answers.naming import name_column
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.moderation import (
    PROBES_SCHEMA,
    ModerationCurves,
    ModerationText,
    draw_moderation,
)
from mimicrylab.report.figures.planned.forest import CORRELATIONS, draw_forest
from mimicrylab.report.figures.planned.groups import draw_all_tests, draw_group_comparison
from mimicrylab.report.figures.planned.shown import Shown, lower_first, name_part, title_figure
from mimicrylab.report.figures.prediction import draw_predictions
from mimicrylab.report.figures.scatter import draw_scatter, fit_parallel_lines
from mimicrylab.report.figures.survival import draw_survival
from mimicrylab.report.wording import MINUS, format_bounded, format_p
from mimicrylab.stats.correlation import bound_correlation
from mimicrylab.stats.estimates import Estimate

MOST_SCATTERS = 9
SEEN = {
    "whole_sample": "the very people that the model was fitted to",
    "split_70_30": "30% of the rows, of people whom the model may have seen in other rows",
}
"""Whose outcome is predicted where a study is repeated as published."""
PROBES = {"-1 SD": f"{MINUS}1 SD", "the mean": "mean", "+1 SD": "+1 SD"}
"""Places of simple slopes as their terms name them -> as the figure does."""


def draw_correlations(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the points of each cell, and all correlations sorted with their intervals where there are several."""
    traits = shown.list_columns("trait", "covariate", "moderator", "feature")
    if len(traits) != 1 or shown.outcome is None:
        return _draw_sorted(shown, name)
    points = _take_points(shown, traits[0])
    figures = _draw_sorted(shown, name)
    if points["panel"].n_unique() > MOST_SCATTERS:
        return figures
    trait = name_column(traits[0], shown.words)
    title = f"{shown.name_outcome()} and {trait} ({shown.people})."
    scatter = draw_scatter(
        points,
        x_label=trait,
        y_label=shown.name_axis(),
        name=f"{name}-scatter",
        title=title,
        remarks=_write_remarks(shown, points),
    )
    return (*figures, scatter)


def _take_points(shown: Shown, x: str, *, group: str | None = None) -> pl.DataFrame:
    labelled = shown.add_panels(shown.table)
    names = pl.col(group).cast(pl.String) if group else pl.lit("all")
    points = labelled.select(
        "panel",
        names.alias("group"),
        pl.col(x).cast(pl.Float64).alias("x"),
        pl.col(shown.outcome or "").cast(pl.Float64).alias("y"),
    ).drop_nulls("group")
    if group is None:
        return points
    order = {level: place for place, level in enumerate(shown.order_groups(group))}
    ranks = {panel: place for place, panel in enumerate(points["panel"].unique(maintain_order=True))}
    return points.sort(
        pl.col("panel").replace_strict(ranks, return_dtype=pl.Int64),
        pl.col("group").replace_strict(order, return_dtype=pl.Int64),
        maintain_order=True,
    )


def _draw_sorted(shown: Shown, name: str) -> tuple[Figure, ...]:
    found = [one for one in shown.result.estimates if one.estimate is not None and one.unit in CORRELATIONS]
    traits = shown.list_columns("trait", "covariate")
    trait = f" with {name_column(traits[0], shown.words)}" if len(traits) == 1 else ""
    title = (
        f"Correlations of {lower_first(shown.name_outcome())}{trait}, sorted, with their intervals ({shown.people})."
    )
    unit = f"{found[0].unit}{trait}" if found else ""
    return title_figure(draw_forest(shown, found, name=f"{name}-correlations", title=title, unit=unit, ordered=True))


def _write_remarks(shown: Shown, points: pl.DataFrame) -> dict[str, str]:
    """Return r and p of each panel."""
    panels = points["panel"].unique(maintain_order=True).to_list()
    found = [one for one in shown.tests if one.unit in CORRELATIONS]
    if len(panels) == 1 and len(found) == 1:
        return {panels[0]: _write_correlation(found[0])}
    by_name = {", ".join(part for part in shown.name_test(one) if part): _write_correlation(one) for one in found}
    return {panel: by_name[panel] for panel in panels if panel in by_name}


def _write_correlation(one: Estimate) -> str:
    symbol = {"Pearson's r": "r", "Spearman's rho": "rho", "Kendall's tau-b": "tau"}[one.unit]
    p = one.p if one.p_adjusted is None else one.p_adjusted
    text = f"{symbol} = {format_bounded(one.estimate)}"
    if p is None:
        return text
    written = format_p(p)
    return f"{text}, p {written if written[0] in '<>' else f'= {written}'}"


def draw_regression(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return points and line of one numeric predictor, groups of one of words, and the coefficients asked for."""
    numbers = [
        column
        for column in shown.list_columns("trait", "covariate", "moderator", "feature")
        if shown.table[column].dtype.is_numeric()
    ]
    words = shown.list_columns("group", "condition")
    figures: tuple[Figure, ...] = ()
    if len(numbers) == 1 and not words and shown.outcome is not None:
        points = _take_points(shown, numbers[0])
        if points["panel"].n_unique() <= MOST_SCATTERS:
            predictor = name_column(numbers[0], shown.words)
            title = f"{shown.name_outcome()} and {predictor} ({shown.people})."
            figures += (
                draw_scatter(points, x_label=predictor, y_label=shown.name_axis(), name=f"{name}-scatter", title=title),
            )
    if len(words) == 1 and not numbers:
        return draw_group_comparison(shown, name)
    if len(numbers) > 1:
        return figures + _draw_partial_correlations(shown, name)
    return figures + draw_all_tests(shown, name)


def _draw_partial_correlations(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the coefficients asked for as partial correlations: predictors of any scale on one axis."""
    found = [partial for one in shown.tests if (partial := _find_partial(one)) is not None]
    outcome = lower_first(shown.name_outcome())
    title = f"Partial correlations of each predictor with {outcome}, the others held ({shown.people})."
    unit = f"Partial correlation with {outcome}"
    return title_figure(draw_forest(shown, found, name=f"{name}-tests", title=title, unit=unit))


def _find_partial(one: Estimate) -> Estimate | None:
    """Return t / sqrt(t^2 + df) with its interval by Fisher's z in place of a coefficient; None without a t."""
    if one.statistic is None or one.statistic.name != "t" or one.statistic.value is None or not one.df:
        return None
    t, df = one.statistic.value, one.df[0]
    r = t / math.sqrt(t * t + df)
    low, high = bound_correlation(r, round(df) + 2, level=one.ci_level)
    return replace(one, estimate=r, ci_low=low, ci_high=high, unit="partial correlation")


def draw_at_covariate(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the points by group against the covariate, with the parallel lines that the model compares."""
    covariates = shown.list_columns("covariate", "moderator")
    groups = shown.list_columns("group", "condition")
    if len(covariates) != 1 or len(groups) != 1 or shown.outcome is None:
        return draw_all_tests(shown, name)
    points = _take_points(shown, covariates[0], group=groups[0])
    forest = draw_all_tests(shown, name)
    if points["panel"].n_unique() > MOST_SCATTERS:
        return forest
    covariate = _name_moderator(shown, "covariate", covariates[0])
    by = f"{shown.name_factor(groups[0])}, against {lower_first(covariate)}"
    title = f"{shown.name_outcome()} by {by}: parallel lines ({shown.people})."
    scatter = draw_scatter(
        points,
        x_label=covariate,
        y_label=shown.name_axis(),
        name=f"{name}-lines",
        title=title,
        lines=fit_parallel_lines(points),
    )
    return (scatter, *forest)


def _name_moderator(shown: Shown, kind: str, column: str) -> str:
    """Return a covariate or moderator in words, with the block that it is taken from."""
    for predictor in shown.result.analysis.predictors:
        if predictor.kind == kind:
            text = name_column(predictor.name, shown.words)
            text = text[:1].upper() + text[1:]
            return f"{text} in the {predictor.block.replace('_', ' ')} block" if predictor.block else text
    return name_column(column, shown.words)


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
            _name_moderator(shown, "moderator", moderators[0]),
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


def _place_probes(effects: list[Estimate], values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> pl.DataFrame:
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


def draw_predicted(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return predicted against observed values of each model and feature set."""
    predicted = shown.result.curves.get("predicted")
    if predicted is None or predicted.is_empty():
        return ()
    keys = [column for column in predicted.columns if column not in {"participant_id", "observed", "predicted"}]
    labelled = predicted.with_columns(
        pl.concat_str([pl.col(key).cast(pl.String) for key in keys], separator=", ")
        .str.replace_all("_", " ")
        .alias("panel")
        if keys
        else pl.lit("model").alias("panel")
    )
    whom = SEEN.get(shown.result.analysis.validation or "", "people whom the model had not seen")
    title = f"{shown.name_outcome()}: predicted in {whom}, against observed."
    return (
        draw_predictions(
            labelled.select("panel", "observed", "predicted"),
            unit=shown.name_outcome(),
            name=f"{name}-predicted",
            title=title,
            whom=whom,
            remarks=_write_fits(shown, labelled["panel"].unique(maintain_order=True).to_list()),
        ),
    )


def _write_fits(shown: Shown, panels: list[str]) -> dict[str, str]:
    found = [one for one in shown.result.estimates if "R squared" in one.term and one.estimate is not None]
    if len(found) != len(panels):
        return {}
    return {panel: f"R² = {format_bounded(one.estimate)}" for panel, one in zip(panels, found, strict=True)}


def draw_latencies(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the curves of people still without an onset, one figure a cell."""
    survival = shown.result.curves.get("survival")
    if survival is None or survival.is_empty():
        return ()
    labelled = shown.add_panels(survival)
    panels = labelled["panel"].unique(maintain_order=True).to_list()
    figures = []
    for place, panel in enumerate(panels):
        own = labelled.filter(pl.col("panel") == panel)
        until = float(own["time_s"].max() or 0.0)  # type: ignore[arg-type]
        suffix = f"-{place + 1}" if len(panels) > 1 else ""
        title = f"{panel}: share of people without an onset yet ({shown.people})."
        figures.append(draw_survival(own, until_s=until, name=f"{name}-latency{suffix}", title=title))
    return tuple(figures)
