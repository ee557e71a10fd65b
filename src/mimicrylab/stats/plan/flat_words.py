"""Codes of a table that stand for words: groups by number, or SPSS's value labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mimicrylab.protocol.analyses import Analysis, Predictor
from mimicrylab.protocol.plan_file import PlanFile
from mimicrylab.protocol.references import Finding
from mimicrylab.readers.cell_numbers import find_thousands
from mimicrylab.readers.data_files import DataFile
from mimicrylab.stats.plan.flat_columns import FlatColumns

GROUPING = frozenset({"two_groups", "rank_groups", "frequencies"})
"""Models in which a trait makes groups."""

NUMERIC = frozenset({"correlation", "prediction"})
"""Models in which a trait is a number."""

TWO = 2


@dataclass(frozen=True)
class WordColumns:
    """Own names of the columns that are used as words, and what to say of them."""

    names: frozenset[str]
    notes: tuple[str, ...]


def find_words(file: DataFile, found: FlatColumns, plan: PlanFile) -> WordColumns:
    """Return the columns of numbers that the plan uses as groups: they become words.

    A trait makes groups in tests of groups, where the plan recodes it or names groups, and in other models where it has
    words behind exactly two codes; else it is a number.
    """
    wordy: dict[str, None] = {}
    for analysis in plan.analyses:
        if analysis.model == "frequencies" and analysis.outcome.score in found.of_people:
            wordy[str(analysis.outcome.score)] = None
        for predictor in analysis.predictors:
            if predictor.name in found.of_people and _makes_groups(file, found, analysis, predictor):
                wordy[predictor.name] = None
    notes = []
    for name in wordy:
        labels = file.labels.get(found.named[name])
        if labels:
            listed = ", ".join(f"{code:g} {word}" for code, word in sorted(labels.items()))
            notes.append(f"{name}: the words behind its codes ({listed})")
    return WordColumns(frozenset(wordy), tuple(notes))


def _makes_groups(file: DataFile, found: FlatColumns, analysis: Analysis, predictor: Predictor) -> bool:
    if predictor.kind != "trait" or predictor.split_at_median is not None:
        return False
    if predictor.recode or analysis.model in GROUPING:
        return True
    if analysis.model in NUMERIC:
        return False
    return len(file.labels.get(found.named[predictor.name], {})) == TWO


def check_words(file: DataFile, found: FlatColumns, plan: PlanFile) -> Iterator[Finding]:
    """Yield a finding for each column that the plan takes for numbers and that holds words; and one used as both."""
    words = find_words(file, found, plan).names
    for index, analysis in enumerate(plan.analyses):
        here = ("analyses", index)
        score = analysis.outcome.score
        if score in found.of_people and analysis.model not in {"frequencies", "description"}:
            yield from _check_numbers(file, found, str(score), (*here, "outcome", "score"), words)
        for number, predictor in enumerate(analysis.predictors):
            path = (*here, "predictors", number, "name")
            number_wanted = predictor.kind in {"covariate", "moderator"} or predictor.split_at_median is not None
            number_wanted = number_wanted or (predictor.kind == "trait" and analysis.model in NUMERIC)
            if predictor.name in found.of_people and number_wanted:
                yield from _check_numbers(file, found, predictor.name, path, words)
    for name, measure in plan.measures.items():
        for column in measure.columns:
            if not file.rows.schema[column].is_numeric():
                yield ("measures", name, "columns", column), _describe_words(file, column)


def _check_numbers(
    file: DataFile, found: FlatColumns, name: str, path: tuple[str | int, ...], words: frozenset[str]
) -> Iterator[Finding]:
    column = found.named[name]
    if not file.rows.schema[column].is_numeric():
        yield path, _describe_words(file, column)
    elif name in words:
        yield (
            path,
            f"{name!r} makes groups in one analysis and is a number here: give the column a second name "
            f"(columns: {{{name}_number: {column}}})",
        )


def _describe_words(file: DataFile, column: str) -> str:
    """Return which cells of a column are no numbers, with their lines."""
    words = file.rows[column]
    if find_thousands(words):
        return (
            f"numbers are needed, and in {column!r} of {file.name} 1,234 may be a thousand or a little more than one; "
            "save the table with decimal points, or without commas between thousands"
        )
    wrong = words.is_not_null() & words.cast(pl.Float64, strict=False).is_null()
    return (
        f"numbers are needed, and {column!r} holds words ({file.name}: {file.name_lines(wrong)}); mend the cells, or "
        "write  missing: [...]  if they mean that nothing is known"
    )
