"""Any table of numbers and words: CSV or TSV, Excel, SPSS or Parquet, with the line of every row.

Nothing is guessed silently: what was read as a decimal comma, as missing, or in words behind a code is said in notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from mimicrylab.errors import DamagedFileError, DependencyError, InputError, MissingError, count_things
from mimicrylab.readers.cell_numbers import read_cells
from mimicrylab.readers.text_table import read_text_table

EXTRA = 'pip install "mimicrylab[tables]"'
NAMED_LINES = 5
AGAIN = "save it again in the program that made it, or as CSV"


@dataclass(frozen=True)
class DataFile:
    """A table as read: every column holds numbers (Float64) or words (String); null is missing.

    Parameters
    ----------
    name
        Name of the file.
    rows
        The table.
    lines
        Line (of a text) or row (of a sheet) of each row, 1-based, the names of the columns being the first.
    labels
        Column -> the words behind its codes (SPSS value labels).
    words
        The cells as they were written, where the file holds text (``001`` stays ``001``).
    notes
        What was done to the cells on the way.
    """

    name: str
    rows: pl.DataFrame
    lines: tuple[int, ...]
    labels: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    words: Mapping[str, pl.Series] = field(default_factory=dict)

    def take_words(self, column: str) -> pl.Series:
        """Return a column as words: the words behind its codes, else the cells as written, whole numbers without .0."""
        if column in self.words:
            return self.words[column]
        values = self.rows[column]
        if not values.dtype.is_numeric():
            return values
        labels = self.labels.get(column, {})
        return pl.Series(column, [_write_code(value, labels) for value in values], dtype=pl.String)

    def name_lines(self, which: pl.Series) -> str:
        """Return the first lines for which a condition holds: ``lines 4, 9 and 3 more``."""
        lines = [str(line) for line, holds in zip(self.lines, which, strict=True) if holds]
        rest = f" and {len(lines) - NAMED_LINES} more" if len(lines) > NAMED_LINES else ""
        return f"line{'s' if len(lines) > 1 else ''} {', '.join(lines[:NAMED_LINES])}{rest}"


def read_data_file(path: Path, *, sheet: str | None = None, missing: Sequence[str | float] = ()) -> DataFile:
    """Read a table by its ending: .csv, .tsv, .txt, .xlsx, .xls, .ods, .sav, .zsav, .parquet.

    Parameters
    ----------
    path
        The file.
    sheet
        Sheet of an Excel file; the first if left out.
    missing
        Further marks of missing values (-99, "k.A."), in every column.

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        It is no such file inside.
    DependencyError
        Excel or SPSS, and the package that reads them is not installed.
    InputError
        The ending is none of these; the table is empty, or a column has no name or comes twice.
    """
    if not path.is_file():
        raise MissingError("there is no such table", where=str(path))
    ending = path.suffix.lower()
    if ending not in READERS:
        raise InputError(
            f"a table of the kind {ending or '(no ending)'} is not read",
            where=path.name,
            expected=", ".join(sorted(READERS)),
            do="save it as CSV",
        )
    if sheet is not None and ending not in SHEETS:
        raise InputError("only a spreadsheet has sheets", where=path.name, found=f"sheet: {sheet}")
    found = READERS[ending](path, sheet)
    _check_columns(found)
    rows, words, notes = read_cells(found.rows, missing)
    return replace(found, rows=rows, words=words, notes=(*found.notes, *notes))


def _write_code(value: float | None, labels: Mapping[float, str]) -> str | None:
    if value is None:
        return None
    return labels.get(value, f"{value:.0f}" if value == int(value) else f"{value:g}")


def _check_columns(found: DataFile) -> None:
    if found.rows.is_empty():
        raise InputError("the table has no row", where=found.name)
    nameless = [name for name in found.rows.columns if not name.strip()]
    if nameless:
        raise InputError(
            "a column has no name", where=f"{found.name}:1", do="give every column a name in the first line"
        )


def _read_text(path: Path, sheet: str | None) -> DataFile:
    del sheet
    table = read_text_table(path)
    names = [name for name in table.columns if name]
    rows = pl.DataFrame(
        {name: [row.cells.get(name) for row in table.rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )
    return DataFile(path.name, rows, tuple(row.line for row in table.rows))


def _read_parquet(path: Path, sheet: str | None) -> DataFile:
    del sheet
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DamagedFileError("this is not a readable Parquet file", where=str(path), do=AGAIN) from error
    return DataFile(path.name, _simplify(frame), tuple(range(2, frame.height + 2)))


def _simplify(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of numbers and words: true and false become yes and no, dates words; lists are left out."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() or dtype == pl.Binary]
    boolean = [name for name, dtype in frame.schema.items() if dtype == pl.Boolean]
    plain = frame.drop(nested).with_columns(
        pl.col(name).replace_strict({True: "yes", False: "no"}, return_dtype=pl.String) for name in boolean
    )
    other = [name for name, dtype in plain.schema.items() if not dtype.is_numeric() and dtype != pl.String]
    return plain.with_columns(pl.col(name).cast(pl.String) for name in other)


def _read_sheet(path: Path, sheet: str | None) -> DataFile:
    try:
        import fastexcel
    except ImportError as error:
        raise DependencyError("Excel files are read by the package fastexcel", where=path.name, do=EXTRA) from error
    try:
        book = fastexcel.read_excel(path)
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise InputError(f"there is no sheet {sheet!r}", where=path.name, found=", ".join(names))
        chosen = sheet if sheet is not None else names[0]
        cells = book.load_sheet(chosen, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise DamagedFileError("this is not a readable spreadsheet", where=str(path), do=AGAIN) from error
    notes = [f"sheet {chosen!r} of {', '.join(names)}"] if len(names) > 1 and sheet is None else []
    rows, lines = _take_header(cells, path)
    errors = [name for name in rows.columns if rows[name].cast(pl.String).str.starts_with("#").any()]
    if errors:
        raise InputError("a cell holds an error of the spreadsheet (#...)", where=path.name, found=", ".join(errors))
    return DataFile(path.name, rows, lines, notes=tuple(notes))


def _take_header(cells: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, tuple[int, ...]]:
    """Return the rows below the first row that is not empty, without empty rows and columns, and their row numbers."""
    numbered = cells.with_row_index("_row", offset=1)
    filled = numbered.filter(pl.any_horizontal(pl.exclude("_row").is_not_null()))
    if filled.height < 2:
        raise InputError("the sheet has no row below its first", where=path.name)
    header = [None if cell is None else str(cell).strip() for cell in filled.drop("_row").row(0)]
    body = filled.slice(1)
    kept = [
        (column, name or "")
        for column, name in zip(filled.columns[1:], header, strict=True)
        if name or body[column].count()
    ]
    names = [name for _, name in kept]
    repeated = next((name for name in names if name and names.count(name) > 1), None)
    if repeated is not None:
        raise InputError(f"the column {repeated!r} comes twice", where=f"{path.name}:{filled['_row'][0]}")
    if "" in names:
        raise InputError("a column has no name", where=f"{path.name}:{filled['_row'][0]}")
    return body.select(pl.col(column).alias(name) for column, name in kept), tuple(body["_row"])


def _read_spss(path: Path, sheet: str | None) -> DataFile:
    del sheet
    try:
        import pyreadstat
    except ImportError as error:
        raise DependencyError("SPSS files are read by the package pyreadstat", where=path.name, do=EXTRA) from error
    try:
        frame, about = pyreadstat.read_sav(str(path), user_missing=True, output_format="polars")
    except (pyreadstat.ReadstatError, OSError, UnicodeDecodeError) as error:
        raise DamagedFileError("this is not a readable SPSS file", where=str(path), do=AGAIN) from error
    rows = _simplify(frame)
    notes = []
    for name, ranges in about.missing_ranges.items():
        if name in rows.columns and rows.schema[name].is_numeric():
            ends = [_find_ends(one) for one in ranges]
            inside = pl.any_horizontal(pl.col(name).is_between(low, high) for low, high in ends)
            number = rows.select(inside.fill_null(False).sum()).item()
            rows = rows.with_columns(pl.when(~inside).then(pl.col(name)).alias(name))
            if number:
                notes.append(f"{count_things(number, 'value')} of {name} declared missing in SPSS")
    labels = {
        name: {float(code): str(word) for code, word in words.items() if isinstance(code, int | float)}
        for name, words in about.variable_value_labels.items()
        if name in rows.columns and rows.schema[name].is_numeric()
    }
    return DataFile(path.name, rows, tuple(range(1, rows.height + 1)), labels, tuple(notes))


def _find_ends(declared: Any) -> tuple[float, float]:
    """Return the smallest and largest code of a declaration of missing values."""
    if isinstance(declared, Mapping):
        return float(declared["lo"]), float(declared["hi"])
    return float(declared), float(declared)


SHEETS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"})
READERS: Mapping[str, Callable[[Path, str | None], DataFile]] = {
    ".csv": _read_text,
    ".tsv": _read_text,
    ".txt": _read_text,
    ".parquet": _read_parquet,
    ".sav": _read_spss,
    ".zsav": _read_spss,
    **dict.fromkeys(SHEETS, _read_sheet),
}
