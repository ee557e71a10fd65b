"""Small tables that people keep in spreadsheets: CSV or TSV, read as text with the line of every row."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mimicrylab.errors import InputError, MimicryLabError, MissingError, UnknownNameError, count_things, suggest_nearest

MARKS = ",;\t"
MISTAKES_SHOWN = 20
EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none", "."})
"""Cells that mean "not known" (BIDS writes n/a, R writes NA), in lower case."""


@dataclass(frozen=True)
class TextRow:
    """One row: the line of the file it begins in (1-based), and its cells by column; None: empty."""

    line: int
    cells: Mapping[str, str | None]


@dataclass(frozen=True)
class TextTable:
    """A table as text: the file's name, its columns in order, its rows, and the mark between the cells."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[TextRow, ...]
    mark: str


def read_text_table(path: Path) -> TextTable:
    """Read a CSV or TSV file in UTF-8; the mark that the first line holds most of separates the cells.

    Raises
    ------
    MissingError
        There is no such file.
    InputError
        It is empty or no text, a column has no name or comes twice, or a line has more or fewer cells than the first.
    """
    rows, mark = _split_cells(_decode(path), path)
    if not rows:
        raise InputError("the table is empty", where=str(path), expected="a first line with the names of the columns")
    header = [name.strip() for name in rows[0][1]]
    while header and not header[-1]:
        header.pop()
    repeated = next((name for name in header if header.count(name) > 1), None)
    if repeated is not None:
        raise InputError(f"the column {repeated!r} comes twice", where=f"{path.name}:1")
    if len(rows) == 1:
        raise InputError("the table has a first line and no row below it", where=str(path))
    return TextTable(
        path.name, tuple(header), tuple(_read_row(line, cells, header, path) for line, cells in rows[1:]), mark
    )


def _decode(path: Path) -> str:
    if not path.is_file():
        raise MissingError("there is no such table", where=str(path))
    content = path.read_bytes()
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            "this is a spreadsheet, not a text table", where=str(path), do="save it as 'CSV UTF-8' in that program"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "the table is not in UTF-8",
            where=f"{path.name}:{content[: error.start].count(10) + 1}",
            do="save it as 'CSV UTF-8' in the spreadsheet program",
        ) from error
    if "\0" in text:
        raise InputError("this is not a text table", where=str(path), expected="CSV or TSV in UTF-8")
    return text


def _split_cells(text: str, path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    first = text.lstrip().split("\n", 1)[0]
    mark = max(MARKS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            "a line cannot be read", where=f"{path.name}:{line}", found=str(error), do="look for a lonely quote mark"
        ) from error
    return rows, mark


def _read_row(line: int, cells: Sequence[str], header: Sequence[str], path: Path) -> TextRow:
    beyond = [cell for cell in cells[len(header) :] if cell.strip()]
    if beyond or len(cells) < len(header):
        raise InputError(
            f"the line has {count_things(len(cells), 'cell')}, the first line {count_things(len(header), 'column')}",
            where=f"{path.name}:{line}",
            do="put a cell that holds the separating mark in quotes, and let empty cells stand",
        )
    values = (cell.strip() for cell in cells)
    return TextRow(line, {name: _read_text(value) for name, value in zip(header, values, strict=False) if name})


def _read_text(cell: str) -> str | None:
    return None if cell.lower() in EMPTY else cell


def map_columns(
    table: TextTable, known: Mapping[str, Sequence[str]], *, stated: Mapping[str, str], required: Sequence[str] = ()
) -> dict[str, str]:
    """Return which of the table's columns stands for each of our names: as stated, else by name or another known name.

    Parameters
    ----------
    table
        The table.
    known
        Our name -> other names that it may have.
    stated
        Our name -> the table's column, as the user stated it.
    required
        Our names that must be there.

    Raises
    ------
    UnknownNameError
        A stated name is not ours, or a stated column is not in the table.
    InputError
        Two columns could be meant, or a required one is missing.
    """
    for name, column in stated.items():
        if name not in known:
            raise UnknownNameError("column to state", name, known)
        if column not in table.columns:
            raise UnknownNameError("column", column, [each for each in table.columns if each], where=table.name)
    found = dict(stated)
    for name, others in known.items():
        candidates = [column for column in table.columns if column.lower() in (name, *others)]
        if name in stated or not candidates:
            continue
        if len(candidates) > 1:
            raise InputError(
                f"two columns could be the {name}: {candidates[0]!r} and {candidates[1]!r}",
                where=f"{table.name}:1",
                do=f"state one: --column {name}={candidates[0]}",
            )
        found[name] = candidates[0]
    for name in required:
        if name not in found:
            raise InputError(
                f"the column {name!r} is missing{suggest_nearest(name, table.columns)}",
                where=f"{table.name}:1",
                found=f"the columns {', '.join(column for column in table.columns if column)}",
                do=f"name it so, or state which one it is: --column {name}=NAME",
            )
    return found


def read_number(text: str, *, mark: str) -> float:
    """Return the number in a cell; a decimal comma is understood where semicolons separate the cells.

    Raises
    ------
    InputError
        The cell holds no finite number.

    Examples
    --------
    >>> read_number("1.5", mark=","), read_number("1,5", mark=";")
    (1.5, 1.5)
    """
    try:
        number = float(text.replace(",", ".") if mark == ";" and "." not in text else text)
    except ValueError:
        number = math.nan
    if "_" in text or not math.isfinite(number):
        hint = "write the decimal point as a point" if "," in text else "leave it empty if it is not known"
        raise InputError(f"{text!r} is not a number", do=hint)
    return number


def describe_mistake(error: MimicryLabError, *, table: str, line: int) -> str:
    """Return an error about one row in a single line, for the list of a table's mistakes."""
    parts = [f"{table}:{line}: {error.problem}"]
    parts += [f"expected {error.expected}"] if error.expected else []
    parts += [error.do] if error.do else []
    return "; ".join(parts)


def raise_mistakes(name: str, mistakes: Sequence[str]) -> None:
    """Raise an InputError that lists the mistakes of a table (the first 20), or do nothing if there is none."""
    if len(mistakes) == 1:
        raise InputError(mistakes[0])
    if mistakes:
        shown = mistakes[:MISTAKES_SHOWN]
        rest = [f"and {len(mistakes) - len(shown)} more"] if len(mistakes) > len(shown) else []
        raise InputError("\n  ".join([f"{len(mistakes)} mistakes in {name}", *shown, *rest]))
