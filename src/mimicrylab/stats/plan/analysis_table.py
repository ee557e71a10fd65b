"""The table that the model of one planned analysis sees, and what its columns are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from mimicrylab.protocol.analyses import Predictor

PERSON = "participant_id"
VALUE = "value"


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

    def add(
        self,
        table: pl.DataFrame,
        predictor: Predictor,
        columns: Sequence[str],
        *,
        levels: Mapping[str, tuple[str, ...]] | None = None,
        notes: Sequence[str] = (),
    ) -> AnalysisTable:
        """Return the table with a predictor's columns."""
        return replace(
            self,
            table=table,
            columns=self.columns | {predictor.name: tuple(columns)},
            levels=self.levels | dict(levels or {}),
            notes=(*self.notes, *notes),
        )
