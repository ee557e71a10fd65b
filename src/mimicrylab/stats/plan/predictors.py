"""The table of one planned analysis: its outcome with every predictor beside it, one column each.

Treatment is the person's arm; a trait, covariate or moderator is a column of the people or the person's mean of a
measure (of one block, where the plan names one); a within factor is a condition of the outcome; features are one column
a signal (and emotion) of a measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from mimicrylab.errors import InputError, MissingError, UnknownNameError, count_things
from mimicrylab.protocol.analyses import Analysis, Dimension, Outcome, Predictor
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.scores import find_people_column, list_levels, recode_answers, split_at_median
from mimicrylab.stats.plan.select import Selection, select_outcome

PERSON = "participant_id"
ARM = "arm"
VALUE = "value"
FEATURE_JOIN = ":"
"""Stands between emotion and signal in a feature's column."""

MULTIVARIATE = frozenset({"multivariate_regression"})
"""Models that have an outcome for each signal (or score), whether for_each says so or not."""

OF_TRIALS = frozenset({"mixed", "survival"})
"""Models whose rows are trials where the plan does not say otherwise."""


@dataclass(frozen=True)
class AnalysisTable:
    """The table that a model sees, and what its columns are.

    Parameters
    ----------
    table
        ``participant_id``, the columns of ``cells``, the outcome, and the predictors' columns. One row a person, or a
        person and condition, or a trial (``rows``). Missing values are null.
    outcome, unit
        Column of the outcome, and its unit (None: several; the column ``unit`` then says which cell has which).
    cells
        Columns that tell tests apart: ``for_each``.
    columns
        Predictor's name -> its columns.
    levels
        Column of words -> its levels in order (arms as declared, recoded levels as declared, low before high, emotions
        in the field's order, phases as they came).
    notes
        What was left out, and why.
    """

    table: pl.DataFrame
    outcome: str
    unit: str | None = None
    cells: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


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
        "score" if outcome.score is not None and outcome.score not in set(data.values["measure"]) else "signal"
    )
    return outcome.model_copy(update={"for_each": (*outcome.for_each, extra)})


def _list_conditions(analysis: Analysis) -> tuple[str, ...]:
    own = [predictor.name for predictor in analysis.predictors if predictor.kind == "within"]
    more = ["emotion"] if analysis.rows == "conditions" else []
    return tuple(dict.fromkeys([*own, *more]))


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
        return _add(built, built.table, predictor, (predictor.name,))
    if predictor.kind == "features":
        return _attach_features(built, data, predictor)
    if predictor.name in set(data.values["measure"]) or data.find_request(predictor.name) is not None:
        return _attach_measure(built, data, analysis, predictor, selection)
    return _attach_column(built, data, predictor)


def _add(
    built: AnalysisTable,
    table: pl.DataFrame,
    predictor: Predictor,
    columns: Sequence[str],
    *,
    levels: dict[str, tuple[str, ...]] | None = None,
    notes: Sequence[str] = (),
) -> AnalysisTable:
    return replace(
        built,
        table=table,
        columns=built.columns | {predictor.name: tuple(columns)},
        levels=built.levels | (levels or {}),
        notes=(*built.notes, *notes),
    )


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
    return _add(built, table, predictor, (predictor.name,), levels=levels)


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
    return _add(built, table, predictor, (predictor.name,), levels=levels, notes=notes)


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


def _attach_measure(
    built: AnalysisTable, data: PlanData, analysis: Analysis, predictor: Predictor, selection: Selection
) -> AnalysisTable:
    """Add a person's mean of a measure: of the outcome's own signals, unless the predictor names others."""
    column = predictor.name if predictor.block is None else f"{predictor.name}_{predictor.block}"
    if column == built.outcome:
        raise InputError(
            f"{predictor.name!r} is outcome and predictor",
            where=f"analysis {analysis.id!r}",
            do="name the block that the predictor is taken from (block: neutral), or another measure",
        )
    blocks = () if predictor.block is None else (predictor.block,)
    follows = not predictor.signals and analysis.outcome.measure is not None and not selection.signals.is_empty()
    by = [name for name in built.cells if name in selection.signals.columns] if follows else []
    pieces = []
    for key, signals in _list_signals(selection, by) if follows else iter([((), predictor.signals)]):
        outcome = Outcome(measure=predictor.name, signals=signals, emotions=predictor.emotions)
        own = select_outcome(data, outcome, blocks=blocks).table.select(PERSON, pl.col(VALUE).alias(column))
        pieces.append(own.with_columns(pl.lit(part).alias(name) for name, part in zip(by, key, strict=True)))
    people = pl.concat(pieces)
    table = built.table.join(people, on=[PERSON, *by], how="left", maintain_order="left")
    return _add(built, table, predictor, (column,))


def _list_signals(selection: Selection, by: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield each cell of the outcome and the signals that it is made of."""
    if not by:
        yield (), tuple(selection.signals["signal"].unique(maintain_order=True))
        return
    for key, rows in selection.signals.group_by(by, maintain_order=True):
        yield tuple(str(part) for part in key), tuple(rows["signal"].unique(maintain_order=True))


def _attach_features(built: AnalysisTable, data: PlanData, predictor: Predictor) -> AnalysisTable:
    outcome = Outcome(
        measure=predictor.name, signals=predictor.signals, emotions=predictor.emotions, for_each=predictor.for_each
    )
    blocks = () if predictor.block is None else (predictor.block,)
    selection = select_outcome(data, outcome, blocks=blocks)
    named = [
        name for name in ("block", "phase", "model_id", "neutral", "emotion", "signal") if name in selection.dimensions
    ]
    if not named:
        named_values = selection.table.with_columns(pl.lit(predictor.name).alias("_feature"))
    else:
        named_values = selection.table.with_columns(pl.concat_str(named, separator=FEATURE_JOIN).alias("_feature"))
    features = list(named_values["_feature"].unique(maintain_order=True))
    wide = named_values.pivot("_feature", index=PERSON, values=VALUE)
    clash = [name for name in features if name in built.table.columns]
    if clash:
        raise InputError(f"the feature {clash[0]!r} is a column of the outcome already", where=f"{predictor.name!r}")
    table = built.table.join(wide, on=PERSON, how="left", maintain_order="left")
    missing = table.filter(pl.all_horizontal(pl.col(features).is_null())).height
    notes = [f"{count_things(missing, 'row')} without any feature of {predictor.name}"] if missing else []
    return _add(built, table, predictor, features, notes=[*selection.notes, *notes])


def _keep_groups(built: AnalysisTable, data: PlanData, analysis: Analysis) -> AnalysisTable:
    """Return the table of the groups that are named: levels of the grouping predictor, or arms where there is none."""
    if not analysis.groups:
        return built
    column = next((name for name in _list_grouping(built, analysis) if name in built.levels), None)
    if column is None:
        if ARM not in data.people.columns:
            raise MissingError(
                "groups are named, and nobody's arm is known",
                where=f"groups of analysis {analysis.id!r}",
                do="mimicrylab unblind, once the data are final",
            )
        people = data.people.filter(pl.col(ARM).is_in(list(analysis.groups)))
        _refuse_unknown_groups(analysis, data.people[ARM].drop_nulls().unique().to_list())
        return replace(built, table=built.table.filter(pl.col(PERSON).is_in(people[PERSON].implode())))
    _refuse_unknown_groups(analysis, built.levels[column])
    kept = tuple(level for level in analysis.groups if level in built.levels[column])
    table = built.table.filter(pl.col(column).cast(pl.String).is_in(list(kept)))
    return replace(built, table=table, levels=built.levels | {column: kept})


def _list_grouping(built: AnalysisTable, analysis: Analysis) -> Iterator[str]:
    for kind in ("treatment", "trait", "within"):
        for predictor in analysis.predictors:
            if predictor.kind == kind:
                yield from built.columns[predictor.name]


def _refuse_unknown_groups(analysis: Analysis, levels: Sequence[str]) -> None:
    for group in analysis.groups:
        if group not in levels:
            raise UnknownNameError("group", group, levels, where=f"groups of analysis {analysis.id!r}")
