"""What a table and a column are, and the words that several tables share."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import UnknownNameError

EMOTIONS = ("anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The field's words, in the order used everywhere. A vendor's word ("joy") is mapped at the reader."""

BLOCK_ROLES = ("baseline", "test", "washout")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``minimum`` and ``maximum`` bound the values (inclusive); ``choices`` lists the only values allowed;
    ``null`` says what a missing value means, or is empty where null is not allowed.
    """

    name: str
    dtype: pl.DataType | type[pl.DataType]
    meaning: str
    unit: str = ""
    null: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: what a row is, which columns identify it, and its columns.

    ``open_ended`` tables may have further columns behind the declared ones (signals, demographics);
    ``extra`` says what they are.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    open_ended: bool = False
    extra: str = ""

    def column(self, name: str) -> Column:
        """Return the column called ``name``; an unknown one is an ``UnknownNameError`` that proposes the nearest."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError(f"column of table {self.name!r}", name, [c.name for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the declared columns, in order."""
        return tuple(column.name for column in self.columns)

    def empty(self) -> pl.DataFrame:
        """Return a frame with the declared columns and no row."""
        return pl.DataFrame(schema={column.name: column.dtype for column in self.columns})
