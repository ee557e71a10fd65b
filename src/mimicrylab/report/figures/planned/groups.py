"""Figures of groups and conditions: two groups, one sample, pairs, frequencies, descriptions."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.report.answers.setting import split_level, split_term
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.frequencies import draw_frequencies
from mimicrylab.report.figures.groups import draw_groups
from mimicrylab.report.figures.normality import draw_quantiles
from mimicrylab.report.figures.pairs import draw_pairs
from mimicrylab.report.figures.planned.forest import draw_forest
from mimicrylab.report.figures.planned.means import draw_group_means, draw_shown_means, find_outcome_column
from mimicrylab.report.figures.planned.shown import Shown, lower_first, name_part, title_figure
from mimicrylab.report.figures.rows import draw_group_rows
from mimicrylab.report.wording import MINUS
from mimicrylab.stats.estimates import Estimate
from mimicrylab.stats.samples import PERSON

MOST_PANELS = 9
"""Cells that are shown person by person; more are shown as estimates with intervals alone."""
MOST_QQ_PANELS = 6
MOST_VIOLINS = 4
MOST_CHARACTERS = 44
"""More groups, or longer names together, stand below each other instead of side by side."""
IN_TIME = ("phase", "block", "block_position", "bin")
"""Conditions that come after each other."""


def draw_group_comparison(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the violins of each cell, the Q-Q plots (of a t test), and all differences where there are several."""
    columns = shown.list_columns("group", "condition")
    if not columns or shown.outcome is None:
        return ()
    values = shown.take_values(group=columns[0])
    several = values["panel"].n_unique()
    by = shown.name_factor(columns[0])
    figures: tuple[Figure, ...] = ()
    if several <= MOST_PANELS:
        title = f"{shown.name_outcome()} by {by} ({shown.people})."
        figures += (_draw_values(shown, values, name=f"{name}-groups", title=title),)
    elif (column := find_outcome_column(shown)) is not None:
        figures += draw_group_means(shown, column, columns[0], name)
    figures += draw_all_tests(shown, name)
    if shown.result.analysis.model == "two_groups" and not shown.result.analysis.as_published:
        figures += _draw_normality(shown, values, name)
    return figures


def _draw_values(
    shown: Shown, values: pl.DataFrame, *, name: str, title: str, reference: float | None = None
) -> Figure:
    """Return violins, or rows where one panel has many groups or long names."""
    groups = values["group"].unique()
    many = len(groups) > MOST_VIOLINS or len(groups) * max(len(group) for group in groups) > MOST_CHARACTERS
    if values["panel"].n_unique() == 1 and many:
        return draw_group_rows(values, unit=shown.name_axis(), name=name, title=title, reference=reference)
    return draw_groups(values, unit=shown.name_axis(), name=name, title=title, reference=reference)


def draw_all_tests(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the estimates of all cells with their intervals, where there are several."""
    label = name_effect_axis(shown, shown.tests)
    title = f"{shown.name_outcome()}: every test of the analysis with its interval ({shown.people})."
    return title_figure(draw_forest(shown, shown.tests, name=f"{name}-tests", title=title, unit=label))


def name_effect_axis(shown: Shown, estimates: Sequence[Estimate]) -> str:
    """Return what the estimates are, for their axis: the difference that they are where they all are the same one."""
    unit = shown.name_axis()
    terms = {split_term(one.term)[1].split(" between ")[0] for one in estimates}
    if len(terms) != 1:
        return unit
    term = terms.pop()
    level = split_level(term)
    if level is not None and level[0] in shown.table.columns:
        return f"{shown.name_effect(level[0])}: {lower_first(unit)}"
    return f"{term.replace(' - ', f' {MINUS} ')}: {lower_first(unit)}" if " - " in term else unit


def _draw_normality(shown: Shown, values: pl.DataFrame, name: str) -> tuple[Figure, ...]:
    alone = values["panel"].n_unique() == 1
    panel = pl.col("group") if alone else pl.format("{}, {}", "panel", "group")
    named = values.select(panel.alias("panel"), "value")
    if named["panel"].n_unique() > MOST_QQ_PANELS:
        return ()
    title = f"{shown.name_outcome()}: quantiles of each group against those of a normal distribution."
    return title_figure(draw_quantiles(named, unit=shown.name_axis(), name=f"{name}-normality", title=title))


def draw_one_sample(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return every person's value in each cell against the value that it is tested against."""
    if shown.outcome is None:
        return ()
    labelled = shown.add_panels(shown.table)
    values = labelled.select(
        pl.lit("all").alias("panel"), pl.col("panel").alias("group"), pl.col(shown.outcome).alias("value")
    )
    figures: tuple[Figure, ...] = ()
    if values["group"].n_unique() <= MOST_PANELS:
        title = f"{shown.name_outcome()}: every person, and the mean ({shown.people})."
        figures += (
            _draw_values(
                shown, values, name=f"{name}-values", title=title, reference=shown.result.analysis.compared_with
            ),
        )
    return figures + draw_all_tests(shown, name)


def draw_paired(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the pairs of one cell person by person, and all differences where there are several cells."""
    columns = shown.list_columns("condition")
    if not columns or shown.outcome is None:
        return ()
    levels = shown.order_groups(columns[0])
    cells = shown.list_columns("cell")
    alone = not cells or shown.table.select(cells).n_unique() == 1
    if not alone or len(levels) != 2:
        forest = draw_all_tests(shown, name)
        return forest or draw_group_comparison(shown, name)
    came = shown.table[columns[0]].cast(pl.String).drop_nulls()  # what came first stands first, whatever is subtracted
    shown_first = came[0] if columns[0] in IN_TIME else levels[1]
    wide = shown.table.pivot(
        columns[0], index=PERSON, values=shown.outcome, on_columns=levels, aggregate_function="mean"
    ).rename({level: name_part(level) for level in levels})
    title = f"{shown.name_outcome()}: {name_part(levels[0])} and {name_part(levels[1])} of the same people."
    return title_figure(
        draw_pairs(wide, unit=shown.name_axis(), name=f"{name}-pairs", title=title, shown_first=name_part(shown_first))
    )


def draw_counts(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the contingency table as bars of shares."""
    counts = shown.result.curves.get("counts")
    if counts is None:
        return ()
    labelled = shown.add_panels(counts)
    group, category = (next(iter(shown.list_columns(role)), None) for role in ("group", "outcome"))
    if group is None or category is None or not {group, category} <= set(counts.columns):
        return ()
    figures = []
    for place, ((panel,), own) in enumerate(labelled.group_by("panel", maintain_order=True)):
        named = own.select(
            pl.col(group).cast(pl.String).map_elements(name_part, return_dtype=pl.String).alias("group"),
            pl.col(category).cast(pl.String).map_elements(name_part, return_dtype=pl.String).alias("category"),
            "n",
        )
        title = f"{panel} by {shown.name_factor(group)} ({shown.people})."
        suffix = f"-{place + 1}" if labelled["panel"].n_unique() > 1 else ""
        figures.append(draw_frequencies(named, name=f"{name}-counts{suffix}", title=title))
    return tuple(figures)


def draw_description(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return the distribution of each cell, by group where there are groups."""
    if shown.outcome is None or not shown.table[shown.outcome].dtype.is_numeric():
        return ()
    columns = shown.list_columns("group", "condition")
    if columns:
        values = shown.take_values(group=columns[0])
        by = f" by {shown.name_factor(columns[0])}"
    else:
        labelled = shown.add_panels(shown.table)
        group = pl.col("panel") if shown.list_columns("cell") else pl.lit("everybody")
        values = labelled.select(
            pl.lit("all").alias("panel"), group.alias("group"), pl.col(shown.outcome).alias("value")
        )
        by = ""
    if values["panel"].n_unique() > MOST_PANELS or values["group"].n_unique() > MOST_PANELS:
        return draw_shown_means(shown, name)
    title = f"{shown.name_outcome()}{by} ({shown.people})."
    return (_draw_values(shown, values, name=f"{name}-groups", title=title),)
