"""From columns of a table to the matrix of a linear model, explicitly: no formula language, nothing hidden.

Numbers enter as they are; words are treatment-coded against a reference (the first in sorted order unless named), or
sum-coded, the last level being minus the sum of the others (R's ``contr.sum``); ``"a:b"`` is the product of two
predictors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import linalg

from mimicrylab.errors import InputError, UnknownNameError, count_things
from mimicrylab.stats.samples import FloatArray, find_column

INTERCEPT = "Intercept"
RANK_TOLERANCE = 1e-9
Coding = Literal["treatment", "sum"]


@dataclass(frozen=True)
class ModelMatrix:
    """Columns of a linear model (people x columns, the intercept first), their names and the predictors they code."""

    values: FloatArray
    names: tuple[str, ...]
    sources: tuple[str, ...]

    def find_columns(self, predictor: str) -> list[int]:
        """Return the positions of the columns that code a predictor."""
        return [position for position, source in enumerate(self.sources) if source == predictor]


def list_columns(predictors: Sequence[str]) -> list[str]:
    """Return the table's columns that predictors use, each once: ``["a", "a:b"]`` uses a and b."""
    return list(dict.fromkeys(name for predictor in predictors for name in predictor.split(":")))


def keep_complete_rows(table: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return these columns of the rows that have a value in all of them, and a warning that counts the others.

    NaN is a missing value.

    Raises
    ------
    UnknownNameError
        A column that does not exist.
    InputError
        A column of lists or the like, or an infinite number.
    """
    chosen = table.select([find_column(table, name) for name in dict.fromkeys(columns)])
    for values in chosen:
        if values.dtype.is_float() and values.is_infinite().any():
            raise InputError("a value is infinite", where=f"column {values.name!r}", expected="finite numbers")
    complete = chosen.with_columns(pl.selectors.float().fill_nan(None)).drop_nulls()
    missing = chosen.height - complete.height
    return complete, ((f"{count_things(missing, 'row')} without every value left out",) if missing else ())


def take_numbers(table: pl.DataFrame, columns: Sequence[str]) -> FloatArray:
    """Return numeric columns of complete rows as rows x columns.

    Raises
    ------
    InputError
        A column holds words or infinite numbers.
    """
    for name in columns:
        values = find_column(table, name)
        if not (values.dtype.is_numeric() or values.dtype == pl.Boolean):
            raise InputError(
                "these are not numbers", where=f"column {name!r}", expected="numbers", found=str(values.dtype)
            )
        if values.cast(pl.Float64).is_infinite().any():
            raise InputError("a value is infinite", where=f"column {name!r}", expected="finite numbers")
    return table.select(pl.col(name).cast(pl.Float64) for name in columns).to_numpy()


def build_model_matrix(
    table: pl.DataFrame,
    predictors: Sequence[str],
    *,
    references: Mapping[str, str] | None = None,
    coding: Coding = "treatment",
) -> ModelMatrix:
    """Return the model matrix of complete rows.

    Raises
    ------
    UnknownNameError
        A column or a reference that does not exist.
    InputError
        A predictor that does not vary, or predictors that determine each other (the last of them is named).

    Examples
    --------
    >>> table = pl.DataFrame({"arm": ["a", "b", "a", "b", "b"], "EQ": [1.0, 2.0, 4.0, 3.0, 7.0]})
    >>> build_model_matrix(table, ["arm", "EQ", "arm:EQ"]).names
    ('Intercept', 'arm[b]', 'EQ', 'arm[b]:EQ')
    """
    parts = {name: _code_column(table, name, references or {}, coding) for name in list_columns(predictors)}
    names, columns, sources = [INTERCEPT], [np.ones(table.height)], [INTERCEPT]
    for predictor in predictors:
        product: list[tuple[str, FloatArray]] = [("", np.ones(table.height))]
        for name in predictor.split(":"):
            product = [
                (f"{left}:{label}" if left else label, values * column)
                for left, values in product
                for label, column in parts[name]
            ]
        names += [label for label, _ in product]
        columns += [values for _, values in product]
        sources += [predictor] * len(product)
    matrix = np.column_stack(columns)
    _refuse_dependence(matrix, names)
    return ModelMatrix(matrix, tuple(names), tuple(sources))


def _code_column(
    table: pl.DataFrame, name: str, references: Mapping[str, str], coding: Coding
) -> list[tuple[str, FloatArray]]:
    values = find_column(table, name)
    if values.n_unique() < 2:
        raise InputError("a predictor is the same for everybody", where=f"column {name!r}", expected="variation")
    if values.dtype.is_numeric() or values.dtype == pl.Boolean:
        return [(name, values.cast(pl.Float64).to_numpy())]
    levels = sorted(values.cast(pl.String).unique().to_list())
    reference = references.get(name, levels[0])
    if reference not in levels:
        raise UnknownNameError(f"reference of {name!r}", reference, levels)
    words = values.cast(pl.String)
    if coding == "sum":
        last = (words == levels[-1]).cast(pl.Float64).to_numpy()
        return [(f"{name}[{level}]", (words == level).cast(pl.Float64).to_numpy() - last) for level in levels[:-1]]
    return [
        (f"{name}[{level}]", (words == level).cast(pl.Float64).to_numpy()) for level in levels if level != reference
    ]


def _refuse_dependence(matrix: FloatArray, names: Sequence[str]) -> None:
    people, columns = matrix.shape
    if people <= columns:
        raise InputError(
            "fewer people than the model needs",
            expected=f"more than {columns}",
            found=str(people),
            do="fewer predictors",
        )
    scaled = matrix / np.linalg.norm(matrix, axis=0)
    triangle, order = linalg.qr(scaled, mode="r", pivoting=True)
    dependent = [order[i] for i in range(columns) if abs(triangle[i, i]) < RANK_TOLERANCE * abs(triangle[0, 0])]
    if dependent:
        raise InputError(
            "predictors determine each other",
            where="predictors",
            found=f"{', '.join(sorted(names[i] for i in dependent))} follows from the others",
            do="leave it out",
        )
