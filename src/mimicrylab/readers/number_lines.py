"""Reading a large CSV of numbers that may be damaged: line by line, so that what is broken is counted, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import BinaryIO

import polars as pl

from mimicrylab.errors import count_things

CHUNK_LINES = 10_000


@dataclass(frozen=True)
class NumberLines:
    """The cells of the good lines, and how many lines there were.

    Attributes
    ----------
    cells
        The wanted columns as float64; null where a cell is empty or no finite number.
    n_lines
        Lines with something in them, good or broken.
    n_broken
        Lines with too few or too many cells.
    cut_off
        The last line has no line end and too few cells: the file stops in the middle. It is one of the broken ones.
    """

    cells: pl.DataFrame
    n_lines: int
    n_broken: int
    cut_off: bool


def read_number_lines(stream: BinaryIO, names: Sequence[str], wanted: Sequence[str]) -> NumberLines:
    r"""Return the ``wanted`` columns of the lines that follow a header whose cells were ``names``.

    Where the last line has no line end and its last cell is shorter than that of any other line, the file was cut off
    there, and the cell is left empty: it may have lost digits.

    Examples
    --------
    >>> lines = read_number_lines(BytesIO(b"1, 2.5\n2\n3, nan\n"), ["frame", "AU12_r"], ["AU12_r"])
    >>> lines.cells["AU12_r"].to_list(), lines.n_broken
    ([2.5, None], 1)
    """
    chunks = [pl.DataFrame(schema=dict.fromkeys(wanted, pl.Float64))]
    n_lines = n_broken = 0
    cut_off = False
    while lines := list(islice(stream, CHUNK_LINES)):
        filled = [line for line in lines if line.strip()]
        good = [line for line in filled if line.count(b",") == len(names) - 1 and b"\0" not in line]
        n_lines += len(filled)
        n_broken += len(filled) - len(good)
        if not lines[-1].endswith(b"\n"):
            if good and good[-1] is lines[-1]:
                good[-1] = _empty_short_last_cell(good[-1], good[:-1])
            else:
                cut_off = bool(lines[-1].strip())
        if good:
            chunks.append(_parse_lines(good, names, wanted))
    return NumberLines(pl.concat(chunks), n_lines, n_broken, cut_off)


def _parse_lines(lines: Sequence[bytes], names: Sequence[str], wanted: Sequence[str]) -> pl.DataFrame:
    texts = pl.read_csv(
        BytesIO(b"".join(lines).replace(b'"', b"")),
        has_header=False,
        new_columns=[str(place) for place in range(len(names))],
        infer_schema=False,
        quote_char=None,
        encoding="utf8-lossy",
    ).select(pl.col(str(names.index(name))).alias(name) for name in wanted)
    numbers = texts.with_columns(pl.all().str.strip_chars().cast(pl.Float64, strict=False))
    return numbers.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in wanted)


def _empty_short_last_cell(line: bytes, others: Sequence[bytes]) -> bytes:
    start, _, cell = line.rpartition(b",")
    usual = min((len(other.rpartition(b",")[2].strip()) for other in others), default=0)
    return start + b"," + (cell if len(cell.strip()) >= usual else b"") + b"\n"


def list_line_notes(n_broken: int, *, cut_off: bool) -> Iterator[str]:
    """Yield what is to be said about lines that could not be read."""
    if cut_off:
        yield "the file breaks off in its last line, which is left out: was the program still running?"
    if n_broken > cut_off:
        yield f"{count_things(n_broken - cut_off, 'line')} could not be read"
