"""From a plan's data and one analysis to the question that its model is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.protocol.analyses import Analysis
from mimicrylab.protocol.plan_shapes import KNOWS_PEOPLE, find_misfits, find_unsound_rows
from mimicrylab.protocol.yaml_source import Path
from mimicrylab.stats.plan.data import PlanData
from mimicrylab.stats.plan.models.question import Question
from mimicrylab.stats.plan.predictors import build_table
from mimicrylab.stats.samples import PERSON

ROW_JOIN = " row "
"""Between a person and the number of the row, where rows are taken for people as published."""


def refuse_misfit(analysis: Analysis) -> None:
    """Refuse an analysis whose method or predictors do not fit its model, or whose rows are taken for people.

    Raises
    ------
    InputError
        Something does not fit; the first of these things is told.
    RefusedError
        Rows of one person would be taken for different people.
    """
    for path, message in find_unsound_rows(analysis):
        raise RefusedError(message, where=_name_place(analysis, path))
    for path, message in find_misfits(analysis):
        raise InputError(message, where=_name_place(analysis, path))


def _name_place(analysis: Analysis, path: Path) -> str:
    return f"analysis {analysis.id!r}, {'.'.join(str(part) for part in path)}"


def ask_question(data: PlanData, analysis: Analysis, seed: int) -> Question:
    """Return the question of one analysis: its table with every predictor.

    Raises
    ------
    UnknownNameError, MissingError, InputError
        See ``predictors.build_table``.
    """
    built = build_table(data, analysis)
    names = dict(_clear_names([*built.table.columns]))
    columns = {name: tuple(names[column] for column in own) for name, own in built.columns.items()}
    return Question(
        analysis,
        data,
        built.table.rename(names),
        names[built.outcome],
        built.unit or "",
        tuple(names[cell] for cell in built.cells),
        columns,
        {names.get(column, column): levels for column, levels in built.levels.items()},
        seed,
        built.notes,
    )


def stack_rows(question: Question) -> Question:
    """Return the question with each row taken for a person, where a published study did that; else as it is.

    ``participant_id`` then names the row, so that no model can tell whose it is.
    """
    if not is_stacked_as_published(question):
        return question
    number = pl.int_range(pl.len()).over(PERSON).cast(pl.String)
    table = question.table.with_columns((pl.col(PERSON) + ROW_JOIN + number).alias(PERSON))
    return replace(question, table=table)


def is_stacked_as_published(question: Question) -> bool:
    """Return whether several rows of a person are taken for people, as a published study did."""
    analysis = question.analysis
    if not analysis.as_published or analysis.model in KNOWS_PEOPLE or analysis.method == "cluster":
        return False
    return has_stacked_rows(question)


def has_stacked_rows(question: Question) -> bool:
    """Return whether a person has several rows in one test."""
    predictors = {name for columns in question.columns.values() for name in columns}
    keys = [PERSON, *(name for name in question.cells if name not in predictors)]
    if question.analysis.model == "multivariate_regression":
        keys = [PERSON, *question.cells]
    return question.table.select(keys).n_unique() < question.table.height


def _clear_names(columns: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each column with a name that no model reads as a product (``a:b``)."""
    taken: set[str] = set()
    for column in columns:
        name = column.replace(":", " ")
        while name in taken:
            name += "'"
        taken.add(name)
        yield column, name
