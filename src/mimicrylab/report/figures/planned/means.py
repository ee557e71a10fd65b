"""Means of many signals at once: by group, or by what was shown."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.report.figures.bars import draw_reaction_bars
from mimicrylab.report.figures.boxes import draw_reaction_boxes
from mimicrylab.report.figures.drawing import Figure
from mimicrylab.report.figures.planned.shown import Shown, name_part
from mimicrylab.report.figures.profiles import PROFILE_SCHEMA, draw_profiles
from mimicrylab.report.signals import find_action_unit, is_congruent
from mimicrylab.report.summaries import average_within, summarise_people
from mimicrylab.stats.samples import PERSON

MOST_PANELS = 12
MOST_SIGNALS = 30
OUTCOMES = ("signal", "score", "emotion", "block", "phase", "model_id")
"""What may tell outcomes apart, the first that an analysis has."""

NUMBERS = ("mean", "ci_low", "ci_high", "n")


def find_outcome_column(shown: Shown) -> str | None:
    """Return the cell whose levels are the outcomes (signals, mostly), or None."""
    cells = shown.list_columns("cell")
    return next((cell for cell in OUTCOMES if cell in cells), None)


def draw_group_means(shown: Shown, column: str, group: str, name: str) -> tuple[Figure, ...]:
    """Return the mean of each level of ``column`` by group, a panel for each of the other cells."""
    table = shown.add_panels(shown.table, without=[column]).filter(pl.col(group).is_not_null())
    people = average_within(table, [PERSON, "panel", column, group], value=shown.outcome or "")
    means = summarise_people(people, ["panel", column, group], value=shown.outcome or "")
    panels = means["panel"].unique(maintain_order=True).to_list()
    if len(panels) > MOST_PANELS:
        return ()
    ordered = means.sort(
        _rank("panel", panels), _rank(column, _order_levels(means[column])), _rank(group, shown.order_groups(group))
    )
    data = ordered.select("panel", _name(column).alias("condition"), _name(group).alias("series"), *_take_numbers())
    title = f"{shown.name_outcome()} by {shown.name_factor(group)}: means with 95% intervals ({shown.people})."
    lowest = data["mean"].min()
    profile = draw_profiles(
        data,
        unit=shown.name_axis(),
        name=f"{name}-means",
        title=title,
        zero=isinstance(lowest, float) and lowest < 0,
    )
    return (profile,)


def draw_shown_means(shown: Shown, name: str) -> tuple[Figure, ...]:
    """Return each signal by the emotion shown, a panel an emotion: means as bars, and everybody's values as boxes."""
    cells = shown.list_columns("cell")
    if set(cells) != {"signal", "emotion"} or PERSON not in shown.table.columns:
        return ()
    people = average_within(shown.table, [PERSON, "emotion", "signal"], value=shown.outcome or "")
    means = summarise_people(people, ["emotion", "signal"], value=shown.outcome or "")
    signals = _order_levels(means["signal"])
    if len(signals) > MOST_SIGNALS:
        return ()
    emotions = means["emotion"].unique(maintain_order=True).to_list()
    ordered = means.sort(_rank("emotion", emotions), _rank("signal", signals))
    congruent = [
        is_congruent(signal, emotion, tuple(shown.congruent.get(emotion, ())))
        for signal, emotion in ordered.select("signal", "emotion").iter_rows()
    ]
    data = ordered.select(
        pl.col("emotion").alias("stimulus_emotion"),
        _name("signal").alias("reaction"),
        pl.Series("congruent", congruent, dtype=pl.Boolean),
        *_take_numbers(),
    )
    title = f"{shown.name_outcome()} by the emotion shown: means with 95% intervals ({shown.people})."
    bars = draw_reaction_bars(data, unit=shown.name_axis(), name=f"{name}-means", title=title)
    marks = data.select("stimulus_emotion", "reaction", "congruent")
    spread = (
        marks.join(_name_people(people, shown.outcome or ""), on=["stimulus_emotion", "reaction"], how="left")
        .select("stimulus_emotion", "reaction", "congruent", "participant_id", "value")
        .sort(
            _rank("stimulus_emotion", emotions),
            _rank("reaction", marks["reaction"].unique(maintain_order=True).to_list()),
        )
    )
    title = f"{shown.name_outcome()} by the emotion shown: everybody's values ({shown.people})."
    return bars, draw_reaction_boxes(spread, unit=shown.name_axis(), name=f"{name}-boxes", title=title)


def _name_people(people: pl.DataFrame, outcome: str) -> pl.DataFrame:
    return people.select(
        pl.col("emotion").alias("stimulus_emotion"),
        _name("signal").alias("reaction"),
        PERSON,
        pl.col(outcome).alias("value"),
    )


def _order_levels(column: pl.Series) -> list[str]:
    levels = column.unique(maintain_order=True).to_list()
    return sorted(levels) if all(find_action_unit(str(level)) for level in levels) else levels


def _rank(column: str, levels: Sequence[str]) -> pl.Expr:
    ranks = {level: place for place, level in enumerate(levels)}
    return pl.col(column).replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64)


def _name(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).map_elements(name_part, return_dtype=pl.String)


def _take_numbers() -> list[pl.Expr]:
    return [pl.col(one).cast(PROFILE_SCHEMA[one]) for one in NUMBERS]
