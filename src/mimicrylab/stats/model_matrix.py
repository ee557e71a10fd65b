"""From columns of a table to the matrix of a linear model, explicitly: no formula language, nothing hidden.

Numbers enter as they are; words are treatment-coded against a reference (the first in sorted order unless named);
``"a:b"`` is the product of two predictors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import linalg

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.stats.samples import FloatArray, find_column

INTERCEPT = "Intercept"
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True)
class ModelMatrix:
    """Columns of a linear model (people x columns, the intercept first) with their names."""

    values: FloatArray
    names: tuple[str, ...]


def list_columns(predictors: Sequence[str]) -> list[str]:
    """Return the table's columns that predictors use, each once: ``["a", "a:b"]`` uses a and b."""
    return list(dict.fromkeys(name for predictor in predictors for name in predictor.split(":")))


def build_model_matrix(
    table: pl.DataFrame, predictors: Sequence[str], *, references: Mapping[str, str] | None = None
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
    parts = {name: _code_column(table, name, references or {}) for name in list_columns(predictors)}
    names, columns = [INTERCEPT], [np.ones(table.height)]
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
    matrix = np.column_stack(columns)
    _refuse_dependence(matrix, names)
    return ModelMatrix(matrix, tuple(names))


def _code_column(table: pl.DataFrame, name: str, references: Mapping[str, str]) -> list[tuple[str, FloatArray]]:
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
