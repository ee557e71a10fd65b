"""The table of one planned analysis: its outcome with every predictor beside it, one column each.

Treatment is the person's arm; a trait, covariate or moderator is a column of the people or the person's mean of a
measure (of one block, where the plan names one); a within factor is a condition of the outcome; features are one column
a signal (and emotion) of a measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError, MissingError, UnknownNameError
from mimicrylab.protocol.analyses import Analysis, Dimension, Outcome, Predictor
from mimicrylab.stats.plan.analysis_table import PERSON, VALUE, AnalysisTable
from mimicrylab.stats.plan.averages import CONGRUENCE
from mimicrylab.stats.plan.congruence_levels import SHOWN
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.measure_predictors import attach_features, attach_measure
from mimicrylab.stats.plan.scores import find_people_column, list_levels, recode_answers, split_at_median
from mimicrylab.stats.plan.select import Selection, select_outcome

ARM = "arm"
MULTIVARIATE = frozenset({"multivariate_regression"})
"""Models that have an outcome for each signal (or score), whether for_each says so or not."""

OF_TRIALS = frozenset({"mixed", "survival"})
"""Models whose rows are trials where the plan does not say otherwise."""


def build_table(data: PlanData, analysis: Analysis) -> AnalysisTable:
    """Return the table of one analysis.

    Raises
    ------
    UnknownNameError
        A measure, score, signal, group or condition that does not exist.
    MissingError
        Arms are asked for and not known.
    InputError
        What the plan asks for does not fit together, or nobody is left.
    """
    selection = select_outcome(
        data,
        _widen_outcome(data, analysis),
        blocks=analysis.blocks,
        conditions=_list_conditions(analysis),
        trials=_is_of_trials(analysis),
    )
    name = _name_outcome(analysis)
    cells = tuple(each for each in selection.dimensions if each in _list_cells(analysis, selection))
    frame = selection.table.rename({VALUE: name})
    notes = (*selection.notes, *_list_column_notes(data, [str(analysis.outcome.score)]))
    built = AnalysisTable(frame, name, selection.unit, cells, levels=dict(selection.levels), notes=notes)
    for predictor in analysis.predictors:
        built = _attach(built, data, analysis, predictor, selection)
    return _keep_groups(built, data, analysis)


def _is_of_trials(analysis: Analysis) -> bool:
    """Whether a row is a trial: as declared, else in mixed models and in survival (an onset belongs to a trial)."""
    return analysis.rows == "trials" or (analysis.rows is None and analysis.model in OF_TRIALS)


def _name_outcome(analysis: Analysis) -> str:
    """Return the outcome's column: its own name, or ``value`` where a predictor has that name."""
    name = analysis.outcome.measure or str(analysis.outcome.score)
    taken = {predictor.name for predictor in analysis.predictors if predictor.block is None}
    return VALUE if name in taken else name


def _widen_outcome(data: PlanData, analysis: Analysis) -> Outcome:
    """Return the outcome with a dimension for its signals (or scores) where the model has an outcome for each."""
    outcome = analysis.outcome
    if analysis.model not in MULTIVARIATE or {"signal", "score"} & set(outcome.for_each):
        return outcome
    extra: Dimension = (
        "score" if outcome.score is not None and outcome.score not in set(data.values["measure"].unique()) else "signal"
    )
    return outcome.model_copy(update={"for_each": (*outcome.for_each, extra)})


def _list_conditions(analysis: Analysis) -> tuple[str, ...]:
    """Return what tells a person's rows apart: within factors, and in rows of conditions the emotion shown."""
    own = [predictor.name for predictor in analysis.predictors if predictor.kind == "within"]
    if analysis.rows == "conditions" and analysis.outcome.measure is not None:
        own.append(SHOWN if CONGRUENCE in own else "emotion")
    return tuple(dict.fromkeys(own))


def _list_cells(analysis: Analysis, selection: Selection) -> set[str]:
    within = {predictor.name for predictor in analysis.predictors if predictor.kind == "within"}
    named = set(analysis.outcome.for_each)
    extra = set(selection.dimensions) - set(_list_conditions(analysis))
    return (named | extra) - within


def _list_column_notes(data: PlanData, columns: Sequence[str]) -> list[str]:
    return [data.column_notes[name] for name in columns if name in data.column_notes]


def _attach(
    built: AnalysisTable, data: PlanData, analysis: Analysis, predictor: Predictor, selection: Selection
) -> AnalysisTable:
    if predictor.kind == "treatment":
        return _attach_arm(built, data, predictor)
    if predictor.kind == "within":
        return built.add(built.table, predictor, (predictor.name,))
    if predictor.kind == "features":
        return attach_features(built, data, analysis, predictor)
    if predictor.name in set(data.values["measure"].unique()) or data.find_request(predictor.name) is not None:
        return attach_measure(built, data, analysis, predictor, selection)
    return _attach_column(built, data, predictor)


def _attach_arm(built: AnalysisTable, data: PlanData, predictor: Predictor) -> AnalysisTable:
    if ARM not in data.people.columns:
        raise MissingError(
            "nobody's arm is known",
            where=f"predictor {predictor.name!r}",
            do="mimicrylab unblind, once the data are final (of a table: say in the plan file which column is the arm)",
        )
    arms = data.people.select(PERSON, pl.col(ARM).alias(predictor.name))
    table = built.table.join(arms, on=PERSON, how="left", maintain_order="left")
    levels = {predictor.name: list_levels(table[predictor.name], first=data.arms)}
    return built.add(table, predictor, (predictor.name,), levels=levels)


def _attach_column(built: AnalysisTable, data: PlanData, predictor: Predictor) -> AnalysisTable:
    column = find_people_column(data, predictor.name)
    people = data.people.select(PERSON, pl.col(column).alias(predictor.name))
    if predictor.name == built.outcome:
        raise InputError(f"{predictor.name!r} is outcome and predictor", do="take one of them out")
    notes = _list_column_notes(data, [column])
    levels: dict[str, tuple[str, ...]] = {}
    if predictor.recode:
        people = people.with_columns(recode_answers(people[predictor.name], dict(predictor.recode)))
        levels = {predictor.name: tuple(predictor.recode)}
        _refuse_empty_levels(people[predictor.name], predictor)
    elif predictor.split_at_median is not None:
        side = predictor.split_at_median
        inside = people.filter(pl.col(PERSON).is_in(_list_valued(built).implode()))
        halves, median = split_at_median(inside[predictor.name], low_includes_median=side == "low_includes_median")
        people = inside.with_columns(halves)
        levels = {predictor.name: ("low", "high")}
        sizes = ", ".join(f"{level} {(halves == level).sum()}" for level in ("low", "high"))
        notes.append(f"{predictor.name} is cut at its median ({median:g}; {sizes})")
    elif not people.schema[predictor.name].is_numeric():
        people = people.with_columns(pl.col(predictor.name).cast(pl.String))
        levels = {predictor.name: list_levels(people[predictor.name])}
    table = built.table.join(people, on=PERSON, how="left", maintain_order="left")
    return built.add(table, predictor, (predictor.name,), levels=levels, notes=notes)


def _list_valued(built: AnalysisTable) -> pl.Series:
    """Return the people with an outcome."""
    return built.table.filter(pl.col(built.outcome).is_not_null())[PERSON].unique()


def _refuse_empty_levels(values: pl.Series, predictor: Predictor) -> None:
    present = set(values.drop_nulls())
    empty = [level for level in predictor.recode if level not in present]
    if empty:
        raise InputError(
            f"nobody is in the level {empty[0]!r} of {predictor.name!r}",
            where=f"recode of {predictor.name!r}",
            do="look whether the answers under recode are written as in the form",
        )


def _keep_groups(built: AnalysisTable, data: PlanData, analysis: Analysis) -> AnalysisTable:
    """Return the table of the groups that are named: levels of a predictor, or arms.

    Raises
    ------
    MissingError
        Arms are named and nobody's arm is known.
    UnknownNameError
        A group is no level of a predictor, and no arm.
    """
    if not analysis.groups:
        return built
    for column in _list_grouping(built, analysis):
        levels = built.levels[column]
        if set(analysis.groups) <= set(levels):
            kept = tuple(level for level in analysis.groups if level in levels)
            table = built.table.filter(pl.col(column).cast(pl.String).is_in(list(kept)))
            return replace(built, table=table, levels=built.levels | {column: kept})
    if set(analysis.groups) <= set(data.arms) and ARM not in data.people.columns:
        raise MissingError(
            "arms are named, and nobody's arm is known",
            where=f"groups of analysis {analysis.id!r}",
            do="mimicrylab unblind, once the data are final",
        )
    arms = set(data.people[ARM].drop_nulls()) if ARM in data.people.columns else set()
    known = {level for column in _list_grouping(built, analysis) for level in built.levels[column]} | arms
    for group in analysis.groups:
        if group not in known or (group not in arms and len(analysis.groups) > 1):
            raise UnknownNameError("group (nobody is in it):", group, known, where=f"analysis {analysis.id!r}")
    people = data.people.filter(pl.col(ARM).is_in(list(analysis.groups)))
    return replace(built, table=built.table.filter(pl.col(PERSON).is_in(people[PERSON].implode())))


def _list_grouping(built: AnalysisTable, analysis: Analysis) -> Iterator[str]:
    """Yield the columns of words that can make groups."""
    for kind in ("treatment", "trait", "within"):
        for predictor in analysis.predictors:
            if predictor.kind == kind:
                yield from (name for name in built.columns[predictor.name] if name in built.levels)
