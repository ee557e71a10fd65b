"""The frames table of a program's rows: missing faces null, impossible values counted, every frame there once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from mimicrylab.errors import DamagedFileError, count_things
from mimicrylab.readers.coded_columns import CodedColumn
from mimicrylab.readers.delimited import DelimitedText, parse_numbers
from mimicrylab.readers.frame_rows import complete_frames, count_frames, doubt_rate, drop_repeated_rows
from mimicrylab.readers.number_lines import list_line_notes
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES

MAXIMUM_DAMAGED_SHARE = 0.1
"""A file with a larger share of unreadable lines or cells is refused: what is left would not be the recording."""

CONDITION_RANGES = {
    "confidence": (0.0, 1.0),
    "pitch": (-180.0, 180.0),
    "yaw": (-180.0, 180.0),
    "roll": (-180.0, 180.0),
    "box_width": (0.0, 1e5),
    "box_height": (0.0, 1e5),
    "faces_found": (0.0, 1000.0),
}
TYPES = {column.name: column.dtype for column in (*FRAMES.columns, *FRAME_CONDITIONS)}


@dataclass(frozen=True)
class CodedRows:
    """A program's rows in our terms, before they are checked.

    Attributes
    ----------
    rows
        ``frame`` (0-based), ``face``, ``time`` (s), ``success`` (True or False), conditions (``confidence``, ``pitch``
        ...) and signals, all numbers.
    signals
        What each signal is, by name.
    counts
        Further counts for the summary, such as stale rows.
    notes
        What is to be said about the columns.
    n_damaged
        Cells that hold no number.
    """

    rows: pl.DataFrame
    signals: Mapping[str, CodedColumn]
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()
    n_damaged: int = 0


def take_signals(
    text: DelimitedText, known: Mapping[str, CodedColumn], *, keep: pl.Series | None = None
) -> tuple[pl.DataFrame, int]:
    """Return the columns that are known as numbers under our names, and how many cells hold no number.

    ``keep`` picks the rows.
    """
    columns = []
    n_damaged = 0
    for column, about in known.items():
        cells = text.text(column)
        picked = cells if keep is None else cells.filter(keep)
        values, damaged = parse_numbers(picked, decimal_comma=text.mark != ",")
        columns.append(values.alias(about.name))
        n_damaged += damaged
    return pl.DataFrame(columns), n_damaged


def build_frames(coded: CodedRows, text: DelimitedText, *, where: str) -> Imported:
    """Return the frames table of a program's rows.

    A row without a face has ``success`` False and nothing else; a frame without a row is a frame without a face.

    Raises
    ------
    DamagedFileError
        More than a tenth of the lines or cells is damaged, a frame comes twice with different values, or times do not
        increase.
    """
    placed = coded.rows.filter(
        pl.col("time").is_finite() & pl.col("frame").is_between(0, 2**31 - 1) & pl.col("face").is_between(0, 2**15 - 1)
    ).with_columns(pl.col("frame").cast(pl.Int32), pl.col("face").cast(pl.Int16), pl.col("success").fill_null(False))
    n_without_place = coded.rows.height - placed.height
    n_unreadable = text.n_broken + n_without_place
    _refuse_too_many(
        n_unreadable - text.cut_off, text.n_lines, "lines cannot be read", where=where, none_left=not placed.height
    )
    unique = drop_repeated_rows(placed, where=where)
    cleared, n_impossible = _clear_values(unique, coded.signals)
    with_face = int(cleared["success"].sum())
    n_cells = with_face * max(len(coded.signals), 1)
    n_damaged = coded.n_damaged + n_impossible
    _refuse_too_many(n_damaged, n_cells, "cells are no number or out of range", where=where)
    complete = complete_frames(cleared, where=where)
    conditions = [column.name for column in FRAME_CONDITIONS if column.name in complete.columns]
    frames = complete.select(
        *(
            (pl.col(name) if name in complete.columns else pl.lit(None)).cast(TYPES[name]).alias(name)
            for name in FRAMES.names
            if name != "recording_id"
        ),
        *(pl.col(name).cast(TYPES[name]) for name in conditions),
        *(pl.col(name).cast(pl.Float32) for name in coded.signals),
    )
    counts = count_frames(frames) | {
        "unreadable lines": n_unreadable,
        "repeated lines": placed.height - unique.height,
        "damaged cells": n_damaged,
        "frames filled in": complete.height - cleared.height,
        **coded.counts,
    }
    notes = [*list_line_notes(text.n_broken, cut_off=text.cut_off)]
    if text.encoding == "cp1252":
        notes.append("the text is not UTF-8 and was read as Windows-1252")
    if n_without_place:
        notes.append(f"{count_things(n_without_place, 'line')} without a time or a frame left out")
    notes += list(coded.notes)
    if n_damaged:
        notes.append(f"{count_things(n_damaged, 'cell')} held no number or an impossible one and became missing")
    if counts["frames filled in"]:
        notes.append(f"{count_things(counts['frames filled in'], 'frame')} without a row became frames without a face")
    return Imported({FRAMES.name: frames}, counts, (*notes, *doubt_rate(frames)))


def _refuse_too_many(n_wrong: int, n_all: int, what: str, *, where: str, none_left: bool = False) -> None:
    if none_left or n_wrong > MAXIMUM_DAMAGED_SHARE * n_all:
        raise DamagedFileError(
            f"too many {what}",
            where=where,
            expected=f"at most {MAXIMUM_DAMAGED_SHARE:.0%}",
            found=f"{n_wrong} of {n_all}",
            do="use the file as the program wrote it, or let the program write it again",
        )


def _clear_values(rows: pl.DataFrame, signals: Mapping[str, CodedColumn]) -> tuple[pl.DataFrame, int]:
    """Return ``rows`` with null where there is no face or a value is out of range, and the number of the latter."""
    ranges = {name: (about.minimum, about.maximum) for name, about in signals.items()}
    limits: dict[str, tuple[float | None, float | None]] = {
        name: CONDITION_RANGES.get(name, (None, None)) for name in rows.columns
    } | ranges
    names = [name for name in rows.columns if name not in ("frame", "face", "time", "success")]
    possible = {name: _is_possible(name, *limits[name]) for name in names}
    n_impossible = sum(int(rows.select((pl.col("success") & ~test).sum()).item() or 0) for test in possible.values())
    cleared = rows.with_columns(
        pl.when(pl.col("success") & test).then(pl.col(name)).alias(name) for name, test in possible.items()
    )
    return cleared, n_impossible


def _is_possible(name: str, minimum: float | None, maximum: float | None) -> pl.Expr:
    test = pl.lit(True)
    if minimum is not None:
        test = test & (pl.col(name).fill_null(minimum) >= minimum)
    if maximum is not None:
        test = test & (pl.col(name).fill_null(maximum) <= maximum)
    return test
