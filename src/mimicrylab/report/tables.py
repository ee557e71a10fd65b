"""Tables of the report: one frame of numbers, shown in APA manner on the page and written whole as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
from markupsafe import Markup

from mimicrylab.report.wording import MISSING, close_percent

Align = Literal["text", "number"]

MOST_COLUMNS = 10
LONGEST_WHOLE = 24
LONGEST_UNSPLIT = 18
"""A table with more rows may be split over printed pages."""


def write_text(value: Any) -> str:
    """Return a value as plain text: an en dash where it is missing, list items joined by commas.

    Examples
    --------
    >>> write_text(None), write_text(["AU06", "AU12"]), write_text(True)
    ('–', 'AU06, AU12', 'yes')
    """
    if value is None or (isinstance(value, list) and not value):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return close_percent(", ".join(str(item) for item in value))
    return close_percent(str(value))


@dataclass(frozen=True)
class TableColumn:
    """One column as shown: which column of the frame, its heading, how a value is written and aligned.

    ``spanner`` is a heading above several neighbouring columns; ``emphasis`` names a Boolean column of the frame that
    says which cells are printed bold. A ``wide`` column holds sentences: it gets room, and other headings may wrap.
    ``link`` names a column of the frame with the anchor that the cell leads to.
    """

    name: str
    label: str | Markup
    write: Callable[[Any], str] = write_text
    align: Align = "text"
    spanner: str = ""
    emphasis: str | None = None
    wide: bool = False
    link: str | None = None


@dataclass(frozen=True)
class Cell:
    """One cell as printed."""

    text: str
    align: Align
    strong: bool = False
    wide: bool = False
    link: str = ""

    @property
    def is_short(self) -> bool:
        """Whether the text is short enough to stand in one line (a code such as ``P001-visit`` is not broken)."""
        return len(self.text) <= LONGEST_WHOLE


@dataclass(frozen=True)
class Spanner:
    """A heading over ``width`` columns; an empty label leaves the place free."""

    label: str
    width: int


@dataclass(frozen=True)
class ReportTable:
    """A table: its file name, title, the frame behind it and how to show it.

    The first column is the row's heading. ``group`` names a column whose value heads a group of rows (rows of a group
    must be neighbours). ``fold`` hides the rows behind a line to click on; they are printed all the same.
    """

    name: str
    title: str
    frame: pl.DataFrame
    columns: tuple[TableColumn, ...]
    group: str | None = None
    note: str | Markup = ""
    fold: bool = False
    number: int = field(default=0, compare=False)

    @property
    def is_short(self) -> bool:
        """Whether the table fits on a printed page with other things, so that it is not split."""
        return self.frame.height <= LONGEST_UNSPLIT

    @property
    def has_sentences(self) -> bool:
        """Whether a column is wide."""
        return any(column.wide for column in self.columns)

    @property
    def is_dense(self) -> bool:
        """Whether there are so many columns that they must stand closer together."""
        return len(self.columns) > MOST_COLUMNS

    @property
    def spanners(self) -> list[Spanner]:
        """Headings above the column headings, or an empty list where no column has one."""
        if not any(column.spanner for column in self.columns):
            return []
        found: list[Spanner] = []
        for column in self.columns:
            if found and column.spanner and found[-1].label == column.spanner:
                found[-1] = Spanner(column.spanner, found[-1].width + 1)
            else:
                found.append(Spanner(column.spanner, 1))
        return found

    @property
    def groups(self) -> list[tuple[str, list[list[Cell]]]]:
        """Rows of cells, gathered by the value of the group column (one group without a name where there is none)."""
        gathered: list[tuple[str, list[list[Cell]]]] = []
        for row in self.frame.iter_rows(named=True):
            label = write_text(row[self.group]) if self.group else ""
            if not gathered or gathered[-1][0] != label:
                gathered.append((label, []))
            gathered[-1][1].append(list(self._write_row(row)))
        return gathered

    def _write_row(self, row: dict[str, Any]) -> Iterator[Cell]:
        for column in self.columns:
            strong = bool(row[column.emphasis]) if column.emphasis else False
            link = (row[column.link] or "") if column.link else ""
            yield Cell(column.write(row[column.name]), column.align, strong, column.wide, link)

    def write_csv(self) -> str:
        """Return the whole frame as CSV: unrounded numbers, empty where missing, lists joined by semicolons."""
        return write_csv(self.frame)


def write_range(column: str, *, shift: int = 0) -> pl.Expr:
    """Return the least and the greatest value of a group as text: ``8``, or ``2–5``; null where there is none.

    Examples
    --------
    >>> pl.DataFrame({"n": [2, 5]}).select(write_range("n")).item()
    '2–5'
    """
    low, high = pl.col(column).min() + shift, pl.col(column).max() + shift
    text = pl.when(low == high).then(low.cast(pl.String)).otherwise(pl.format("{}–{}", low, high))
    return text.alias(column)


def write_csv(frame: pl.DataFrame) -> str:
    """Return a frame as CSV text; lists are joined by semicolons, missing values are empty.

    Examples
    --------
    >>> print(write_csv(pl.DataFrame({"unit": ["AU12"], "shown": [["happiness", "fear"]]})), end="")
    unit,shown
    AU12,happiness;fear
    """
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(";") for name in lists).write_csv()
