"""Cells of a table as numbers: decimal commas, marks of missing values, and codes that may stand for missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from mimicrylab.errors import count_things
from mimicrylab.readers.text_table import EMPTY

COMMA_NUMBER = re.compile(r"^[+-]?\d+(,\d+)?([eE][+-]?\d+)?$")
THOUSANDS = re.compile(r"^[+-]?[1-9]\d{0,2}(,\d{3})+$")
SUSPECTED = (-9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0)
"""Codes that programs and people use for "missing"; one that is far from all other values is asked about."""


def read_cells(
    table: pl.DataFrame, missing: Sequence[str | float] = ()
) -> tuple[pl.DataFrame, dict[str, pl.Series], list[str]]:
    """Return a table with marks of missing values as null, and words that are numbers as numbers.

    Parameters
    ----------
    table
        Columns of numbers or words.
    missing
        Further marks of missing values, in every column.

    Returns
    -------
    tuple
        The table (Float64 and String); the cells as they were written, of columns that became numbers; and what was
        done to the cells.
    """
    marks = {str(mark).strip().lower() for mark in missing}
    numbers = [float(mark) for mark in missing if isinstance(mark, int | float)]
    notes: list[str] = []
    columns, commas, marked = [], [], 0
    kept_words = {column.name: _blank_words(column, marks) for column in table if _holds_words(column)}
    decimal_comma = any(_read_numbers(kept)[1] for kept, _ in kept_words.values())
    written: dict[str, pl.Series] = {}
    for column in table:
        if column.name not in kept_words:
            read = column.cast(pl.Float64)
            marked += int(read.is_in(numbers).sum()) if numbers else 0
            columns.append(_blank_numbers(read, numbers))
            continue
        kept, hits = kept_words[column.name]
        marked += hits
        values, comma = _read_numbers(kept, decimal_comma=decimal_comma)
        commas += [column.name] if comma else []
        if values is not None:
            marked += int(values.is_in(numbers).sum()) if numbers else 0
            values = _blank_numbers(values, numbers)
            written[column.name] = kept.set(values.is_null(), None)
        columns.append(kept if values is None else values)
    rows = pl.DataFrame(columns)
    if commas:
        notes.append(f"decimal commas are read as decimal points ({', '.join(commas)})")
    if marks:
        listed = ", ".join(mark if isinstance(mark, str) else f"{mark:g}" for mark in missing)
        notes.append(f"{count_things(marked, 'cell')} with {listed} {'is' if marked == 1 else 'are'} taken as missing")
    notes += _suspect_codes(rows)
    return rows, written, notes


def find_thousands(words: pl.Series) -> bool:
    """Return whether all numbers with commas of a column may be whole thousands, as 1,234 may.

    Examples
    --------
    >>> find_thousands(pl.Series(["1,234", "2,500"])), find_thousands(pl.Series(["1,234", "0,500"]))
    (True, False)
    """
    given = words.drop_nulls()
    commas = given.filter(given.str.contains(",", literal=True))
    return not commas.is_empty() and bool(
        given.str.contains(COMMA_NUMBER.pattern).all() and commas.str.contains(THOUSANDS.pattern).all()
    )


def _holds_words(column: pl.Series) -> bool:
    return not (column.dtype.is_numeric() or column.dtype == pl.Null)


def _blank_words(column: pl.Series, marks: set[str]) -> tuple[pl.Series, int]:
    """Return the words of a column without marks of missing values, and in how many cells stood one of ``marks``."""
    words = column.cast(pl.String).str.strip_chars()
    hit = words.str.to_lowercase().is_in(list(marks)).fill_null(False)
    empty = words.str.to_lowercase().is_in(list(EMPTY)).fill_null(False)
    return words.set(hit | empty, None), int(hit.sum())


def _blank_numbers(values: pl.Series, marks: Sequence[float]) -> pl.Series:
    finite = values.set(~values.is_finite().fill_null(True), None)
    return finite.set(finite.is_in(list(marks)).fill_null(False), None) if marks else finite


def _read_numbers(words: pl.Series, *, decimal_comma: bool = False) -> tuple[pl.Series | None, bool]:
    """Return the numbers of a column of words, and whether they had decimal commas; None where one is no number.

    1,234 may be a thousand or one and a bit: it is a number only where another column of the table tells which
    (``decimal_comma``).
    """
    given = words.drop_nulls()
    if given.is_empty():
        return words.cast(pl.Float64), False
    plain = words.cast(pl.Float64, strict=False)
    if plain.count() == len(given) and not given.str.contains("_", literal=True).any():
        return plain, False
    if not given.str.contains(COMMA_NUMBER.pattern).all():
        return None, False
    if find_thousands(given) and not decimal_comma:
        return None, False
    return words.str.replace(",", ".", literal=True).cast(pl.Float64), True


def _suspect_codes(rows: pl.DataFrame) -> list[str]:
    """Return a question for each column with a code far from all other values."""
    notes = []
    for column in rows:
        if not column.dtype.is_numeric():
            continue
        codes = [code for code in SUSPECTED if bool((column == code).any())]
        others = column.filter(~column.is_in(codes)).drop_nulls() if codes else column.drop_nulls()
        if not codes or others.is_empty():
            continue
        low, high = float(others.min()), float(others.max())  # type: ignore[arg-type]
        reach = max(high - low, abs(high), abs(low), 1.0)
        far = [f"{code:g}" for code in codes if code < low - reach or code > high + reach]
        if far:
            notes.append(
                f"the column {column.name!r} holds {' and '.join(far)}, far from all its other values: if that stands "
                f"for missing, write  missing: [{', '.join(far)}]  in the plan file"
            )
    return notes
