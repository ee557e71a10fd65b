"""Figures of relations: correlations, regressions, groups at a covariate, moderation, prediction, latencies."""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl

from mimicrylab.report.answers.naming import name_column
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.planned.forest import CORRELATIONS, draw_forest
from mimicrylab.report.figures.planned.groups import draw_all_tests, draw_group_comparison
from mimicrylab.report.figures.planned.shown import Shown, lower_first, name_covariate, title_figure
from mimicrylab.report.figures.prediction import draw_predictions
from mimicrylab.report.figures.scatter import draw_scatter, fit_parallel_lines
from mimicrylab.report.figures.survival import draw_survival
from mimicrylab.report.wording import format_bounded, format_p
from mimicrylab.stats.correlation import bound_correlation
from mimicrylab.stats.estimates import Estimate

MOST_SCATTERS = 9
SEEN = {
    "whole_sample": "the very people that the model was fitted to",
    "split_70_30": "30% of the rows, of people whom the model may have seen in other rows",
}
"""Whose outcome is predicted where a study is repeated as published."""


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
    covariate = name_covariate(shown, "covariate", covariates[0])
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
