"""Large text tables of programs: a preamble to be passed over, a header to be found, lines that may be damaged.

A table is decoded once (UTF-8, UTF-16 with a byte order mark, else Windows-1252), the header is searched among the
first lines, and every line below is kept or counted as broken: what cannot be read is never guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from mimicrylab.errors import DamagedFileError, InputError, MissingError

MARKS = "\t;,"
LONGEST_PREAMBLE = 400
BEGINNING_BYTES = 1 << 20
"""A header stands within the first megabyte."""

MISSING_WORDS = ("", "nan", "na", "n/a", "none", "null", "-nan", "#n/a", ".")
"""Cells that mean "no value", in lower case."""

SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class DelimitedText:
    """A text table as text.

    Attributes
    ----------
    name
        Where it is, for messages.
    preamble
        The lines above the header.
    columns
        The header's cells, in order; an empty or repeated name may be among them.
    cells
        The good lines; its columns are called by place (``"0"``, ``"1"`` ...), all text, null where empty.
    lines
        The line of the file (1-based) of each row of ``cells``.
    mark
        What separates the cells.
    n_lines, n_broken
        Lines below the header with something in them, and how many of these have too few or too many cells.
    cut_off
        The last line has no line end and too few cells: the file stops in the middle.
    encoding
        How the bytes were read.
    """

    name: str
    preamble: tuple[str, ...]
    columns: tuple[str, ...]
    cells: pl.DataFrame
    lines: pl.Series
    mark: str
    n_lines: int
    n_broken: int
    cut_off: bool
    encoding: str = "utf-8"

    def text(self, name: str) -> pl.Series:
        """Return a column as text, null where it is empty; all null where there is no such column."""
        if name not in self.columns:
            return pl.Series(name, [None] * self.cells.height, dtype=pl.String)
        return self.cells[str(self.columns.index(name))].alias(name)

    def numbers(self, name: str) -> tuple[pl.Series, int]:
        """Return a column as float64, null where a cell is no finite number, and how many cells are damaged.

        A cell that is empty or says that there is no value is missing, not damaged. A decimal comma is understood
        where commas do not separate the cells.
        """
        return parse_numbers(self.text(name), decimal_comma=self.mark != ",")


def parse_numbers(text: pl.Series, *, decimal_comma: bool = False) -> tuple[pl.Series, int]:
    """Return numbers in text as float64, and how many cells hold something that is no finite number.

    Examples
    --------
    >>> values, n_damaged = parse_numbers(pl.Series(["1.5", "1,5", "NaN", "x"]), decimal_comma=True)
    >>> values.to_list(), n_damaged
    ([1.5, 1.5, None, None], 1)
    """
    value = pl.col("value")
    plain = text.alias("value").str.strip_chars().to_frame()
    if decimal_comma:
        commas = value.str.contains(",", literal=True) & ~value.str.contains(".", literal=True)
        plain = plain.select(pl.when(commas).then(value.str.replace(",", ".", literal=True)).otherwise(value))
    numbers = plain.select(
        value.cast(pl.Float64, strict=False).alias("number"),
        (value.is_null() | value.str.to_lowercase().is_in(MISSING_WORDS)).alias("missing"),
    ).with_columns(pl.when(pl.col("number").is_finite()).then(pl.col("number")).alias("number"))
    n_damaged = int((numbers["number"].is_null() & ~numbers["missing"]).sum())
    return numbers["number"].alias(text.name), n_damaged


def read_beginning(path: Path) -> str:
    """Return the beginning of a text file.

    Raises
    ------
    MissingError
        There is no such file.
    InputError
        The file is empty or no text.
    """
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    with path.open("rb") as stream:
        content = stream.read(BEGINNING_BYTES)
    return _decode(content, path, whole=False)[0]


def read_text_lines(path: Path) -> list[str]:
    """Return the lines of a text file.

    Raises
    ------
    MissingError
        There is no such file.
    InputError
        The file is empty or no text.
    """
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    return _decode(path.read_bytes(), path, whole=True)[0].split("\n")


def find_header(
    text: str, path: Path, *, is_header: Callable[[Sequence[str]], bool], expected: str
) -> tuple[int, str, list[str]]:
    """Return the place of the header's line (0-based), the mark between the cells, and the cells.

    Raises
    ------
    InputError
        No line among the first is such a header.
    """
    for place, line in enumerate(text.split("\n", LONGEST_PREAMBLE)[:LONGEST_PREAMBLE]):
        for mark in MARKS:
            if mark in line and is_header(names := _split_names(line, mark)):
                return place, mark, names
    raise InputError("no line of the file is a header of this program", where=str(path), expected=expected)


def read_delimited(
    path: Path, *, is_header: Callable[[Sequence[str]], bool], expected: str, short_lines: bool = False
) -> DelimitedText:
    """Read a text table whose header is the first line that ``is_header`` says yes to.

    Parameters
    ----------
    path
        The file.
    is_header
        Told the cells of a line, without spaces and quotes around them.
    expected
        What the header has, for the message.
    short_lines
        Whether a line may end before its last columns, as some programs write where nothing was measured.

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        The file is empty, or has a header and no line below it.
    InputError
        The file is no text, or no line is such a header.
    """
    if not path.is_file():
        raise MissingError("there is no such file", where=str(path))
    text, encoding = _decode(path.read_bytes(), path, whole=True)
    place, mark, names = find_header(text, path, is_header=is_header, expected=expected)
    lines = text.split("\n")
    preamble, body = lines[:place], lines[place + 1 :]
    good: list[str] = []
    numbers: list[int] = []
    n_lines = n_broken = 0
    cut_off = False
    for number, line in enumerate(body, place + 2):
        plain = line.rstrip("\r")
        if not plain.strip(f" {mark}"):
            continue
        n_lines += 1
        whole = _fit_line(plain, mark, len(names), short_lines=short_lines)
        if whole is None:
            n_broken += 1
            cut_off = number == place + 1 + len(body)
            continue
        good.append(whole)
        numbers.append(number)
    if not n_lines:
        raise DamagedFileError("the file has a header and no line below it", where=str(path))
    return DelimitedText(
        path.name,
        tuple(line.rstrip("\r") for line in preamble),
        tuple(names),
        _parse_cells(good, mark, len(names)),
        pl.Series("line", numbers, dtype=pl.Int64),
        mark,
        n_lines,
        n_broken,
        cut_off,
        encoding,
    )


def _decode(content: bytes, path: Path, *, whole: bool) -> tuple[str, str]:
    if not content.strip(b"\0\r\n\t "):
        raise DamagedFileError("the file is empty", where=str(path))
    if content.startswith(SPREADSHEETS):
        raise InputError(
            "this is a spreadsheet, not a text table", where=str(path), do="save it as 'CSV UTF-8' in that program"
        )
    for encoding in _list_encodings(content):
        try:
            text = content.decode(encoding, "strict" if whole else "ignore")
        except UnicodeDecodeError:
            continue
        if "\0" in text[:BEGINNING_BYTES]:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
    raise InputError("this is not a text file", where=str(path))


def _list_encodings(content: bytes) -> Iterator[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    yield "utf-8-sig"
    yield "cp1252"


def _split_names(line: str, mark: str) -> list[str]:
    cells = _split_quoted(line, mark) if '"' in line else line.split(mark)
    return [cell.strip().strip('"').strip() for cell in cells]


def _split_quoted(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return line.split(mark)


def _fit_line(line: str, mark: str, n_cells: int, *, short_lines: bool) -> str | None:
    """Return the line with exactly ``n_cells`` cells and no quotes, or None where it has another number."""
    if '"' in line:
        line = mark.join(cell.replace(mark, " ").replace('"', "") for cell in _split_quoted(line, mark))
    missing = n_cells - 1 - line.count(mark)
    if missing < 0:
        beyond = line.split(mark)[n_cells:]
        return None if any(cell.strip() for cell in beyond) else mark.join(line.split(mark)[:n_cells])
    if missing and not short_lines:
        return None
    return line + mark * missing


def _parse_cells(lines: Sequence[str], mark: str, n_cells: int) -> pl.DataFrame:
    names = [str(place) for place in range(n_cells)]
    if not lines:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    content = "\n".join(lines).replace("\0", " ").encode()
    return pl.read_csv(
        BytesIO(content + b"\n"),
        separator=mark,
        has_header=False,
        new_columns=names,
        infer_schema=False,
        quote_char=None,
    ).with_columns(pl.all().str.strip_chars())
