"""Random terms of a mixed model: which coefficients vary over people or stimuli, and their part of the design.

A term has one grouping (people, stimulus models) and some columns, the intercept first: each level of the grouping has
its own deviation in each. Groupings may be crossed in any way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.errors import InputError
from mimicrylab.stats.model_matrix import INTERCEPT, ModelMatrix, list_columns
from mimicrylab.stats.samples import MINIMUM_PEOPLE, FloatArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RandomTerm:
    """Deviations of each level of a grouping.

    Parameters
    ----------
    grouping
        Column whose levels deviate.
    slopes
        Predictors whose effect varies.
    names
        Columns that vary, the intercept first.
    levels
        Each row's level, from 0.
    values
        Rows x columns, each column divided by its ``scale`` (root mean square), so that no unit is favoured.
    scale
        What each column was divided by.
    correlated
        Whether the deviations of one level may go together (one full covariance), or are independent.
    """

    grouping: str
    slopes: tuple[str, ...]
    names: tuple[str, ...]
    levels: IntArray
    values: FloatArray
    scale: FloatArray
    correlated: bool

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.names)

    @property
    def count(self) -> int:
        """Number of levels."""
        return int(self.levels.max()) + 1

    @property
    def places(self) -> tuple[IntArray, IntArray]:
        """Row and column of each parameter in the lower-triangular root of the covariance."""
        if self.correlated:
            rows, columns = np.tril_indices(self.width)
            return rows.astype(np.int64), columns.astype(np.int64)
        diagonal = np.arange(self.width)
        return diagonal, diagonal


def list_within(table: pl.DataFrame, predictors: Sequence[str], *, grouping: str) -> list[str]:
    """Return the predictors that vary within levels of a grouping; of a product every part must.

    Examples
    --------
    >>> table = pl.DataFrame({"id": [1, 1, 2, 2], "arm": ["a", "a", "b", "b"], "block": ["x", "y", "x", "y"]})
    >>> list_within(table, ["arm", "block", "arm:block"], grouping="id")
    ['block']
    """
    counts = table.group_by(grouping).agg(pl.col(name).n_unique() for name in list_columns(predictors))
    varying = {name for name in list_columns(predictors) if counts[name].max() != 1}
    return [predictor for predictor in predictors if set(predictor.split(":")) <= varying]


def build_random_term(
    table: pl.DataFrame, matrix: ModelMatrix, *, grouping: str, slopes: Sequence[str], correlated: bool
) -> RandomTerm:
    """Return a random intercept and slopes (of predictors of the model) over the levels of a grouping.

    Raises
    ------
    InputError
        Fewer than three levels, a slope of what never varies within a level, or as many deviations as rows.
    """
    within = list_within(table, [*slopes], grouping=grouping)
    for slope in slopes:
        if slope not in within:
            raise InputError(
                f"a slope of {slope!r} over {grouping!r} cannot be estimated",
                where="slopes",
                found=f"it never varies within one {grouping}",
                do="leave this slope out; its effect stays in the model",
            )
    levels = np.asarray(table[grouping].rank("dense").cast(pl.Int64).to_numpy() - 1)
    columns = [0, *(place for slope in slopes for place in matrix.find_columns(slope))]
    count = int(levels.max()) + 1
    if count < MINIMUM_PEOPLE:
        raise InputError(
            f"{grouping!r} has too few levels for a random term",
            where=f"column {grouping!r}",
            expected=f"at least {MINIMUM_PEOPLE}",
            found=str(count),
            do="make it a predictor, or leave it out",
        )
    if count * len(columns) >= table.height:
        raise InputError(
            "as many deviations as rows: a slope cannot be told from noise",
            where=f"slopes over {grouping!r}",
            expected=f"more than {count * len(columns)} rows",
            found=str(table.height),
            do="give a row a trial, not a mean a condition; for means use repeated measures or a contrast; or name"
            " fewer slopes",
        )
    values = matrix.values[:, columns]
    scale = np.sqrt((values**2).mean(axis=0))
    names = tuple(INTERCEPT if place == 0 else matrix.names[place] for place in columns)
    return RandomTerm(grouping, tuple(slopes), names, levels, values / scale, scale, correlated)
