"""Figures of several conditions or outcomes at once: repeated measures, mixed models, multivariate regression."""

from __future__ import annotations

import polars as pl
from scipy import stats

from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.planned.forest import draw_forest
from mimicrylab.report.figures.planned.groups import draw_all_tests, name_effect_axis
from mimicrylab.report.figures.planned.means import MOST_PANELS, draw_group_means, find_outcome_column
from mimicrylab.report.figures.planned.shown import Shown, name_part, title_figure
from mimicrylab.report.figures.profiles import PROFILE_SCHEMA, draw_profiles
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.stats.estimates import DEFAULT_LEVEL
from mimicrylab.stats.samples import MINIMUM_PEOPLE, PERSON

ORDERED = ("bin", "block_position", "trial", "phase")
"""Conditions with an order: a line joins their means."""
MEANS = ("n", "mean", "ci_low", "ci_high")
PHASES = ("before", "after")
"""In time, not by name."""


def draw_factorial(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the means of all conditions with their intervals, as the model gives them."""
    means = _find_means(shown)
    if means is None:
        return draw_all_tests(shown, name)
    cells = shown.list_columns("cell")
    factors = [column for column in means.columns if column not in {*MEANS, *cells}]
    if not factors:
        return draw_all_tests(shown, name)
    groups = shown.list_columns("group")
    across = next((factor for factor in factors if factor in ORDERED), None)
    within = [factor for factor in factors if factor not in groups] or factors
    across = across or max(within, key=lambda factor: means[factor].n_unique())
    others = [factor for factor in factors if factor != across]
    series = next((factor for factor in others if factor in groups), None) or next(iter(others), None)
    rest = [factor for factor in factors if factor not in {across, series}]
    data = _arrange(shown, means, across=across, series=series, rest=rest)
    if data["panel"].n_unique() > MOST_PANELS:
        return draw_all_tests(shown, name)
    words = " and ".join(shown.name_factor(factor) for factor in factors)
    title = f"{shown.name_outcome()} by {words}: means with 95% intervals ({shown.people})."
    profile = draw_profiles(
        data,
        unit=shown.name_axis(),
        name=f"{name}-means",
        title=title,
        joined=across in ORDERED,
        zero=bool((data["mean"].min() or 0) < 0),  # type: ignore[operator]
    )
    return (profile, *_draw_effects(shown, name))


def _find_means(shown: Shown) -> pl.DataFrame | None:
    """Return the means of the conditions: those of the result, or over people of the table; None without conditions."""
    means = shown.result.curves.get("means")
    if means is not None and not means.is_empty():
        return means if "ci_low" in means.columns else _add_intervals(means)
    factors = shown.list_columns("condition", "group")
    if shown.outcome is None or not factors or PERSON not in shown.table.columns:
        return None
    keys = [*shown.list_columns("cell"), *factors]
    people = average_within(shown.table.drop_nulls(factors), [PERSON, *keys], value=shown.outcome)
    return summarise_people(people, keys, value=shown.outcome).select(*keys, *MEANS).sort(keys)


def _add_intervals(means: pl.DataFrame) -> pl.DataFrame:
    """Return means with their 95 % intervals from n and SD, where three people or more have a value."""
    reach = [
        float(stats.t.ppf((1 + DEFAULT_LEVEL) / 2, n - 1)) * sd / n**0.5 if n >= MINIMUM_PEOPLE and sd else None
        for n, sd in means.select("n", "sd").iter_rows()
    ]
    width = pl.Series(reach, dtype=pl.Float64)
    return means.drop("sd").with_columns(
        (pl.col("mean") - width).alias("ci_low"), (pl.col("mean") + width).alias("ci_high")
    )


def _arrange(shown: Shown, means: pl.DataFrame, *, across: str, series: str | None, rest: list[str]) -> pl.DataFrame:
    labelled = shown.add_panels(means)
    if across == "phase":
        time = pl.col("phase").replace_strict(
            dict(zip(PHASES, range(2), strict=True)), default=2, return_dtype=pl.Int64
        )
        labelled = labelled.sort(time, maintain_order=True)
    panel = pl.col("panel")
    if rest:
        names = [pl.col(factor).cast(pl.String).map_elements(name_part, return_dtype=pl.String) for factor in rest]
        alone = not shown.list_columns("cell")
        panel = pl.concat_str([*([] if alone else [panel]), *names], separator=", ")
    line = pl.col(series).cast(pl.String).map_elements(name_part, return_dtype=pl.String) if series else pl.lit("all")
    return labelled.select(
        panel.alias("panel"),
        pl.col(across).cast(pl.String).map_elements(_name_place, return_dtype=pl.String).alias("condition"),
        line.alias("series"),
        *[pl.col(column).cast(PROFILE_SCHEMA[column]) for column in ("mean", "ci_low", "ci_high", "n")],
    )


def _name_place(place: str) -> str:
    try:
        return f"{float(place):g}"
    except ValueError:
        return name_part(place)


def _draw_effects(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the tests that have an interval (contrasts, coefficients), where there are several."""
    found = [one for one in shown.tests if one.ci_low is not None]
    title = f"{shown.name_outcome()}: every contrast with its interval ({shown.people})."
    return title_figure(draw_forest(shown, found, name=f"{name}-tests", title=title, unit=shown.name_axis()))


def draw_outcomes(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the means of every outcome by group, and the coefficient of every outcome with its interval."""
    groups = shown.list_columns("group", "condition")
    column = find_outcome_column(shown)
    if shown.outcome is None or column is None:
        return ()
    figures: tuple[Figure, ...] = ()
    if len(groups) == 1:
        figures += draw_group_means(shown, column, groups[0], name)
    coefficients = [one for one in shown.result.estimates if one.ci_low is not None and one.estimate is not None]
    title = f"{shown.name_outcome()}: the coefficient of every outcome with its interval ({shown.people})."
    unit = name_effect_axis(shown, coefficients)
    return figures + title_figure(draw_forest(shown, coefficients, name=f"{name}-effects", title=title, unit=unit))
