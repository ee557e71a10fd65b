"""Delimited text of electromyograms: a row a sample, a column a channel, with or without a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.errors import DamagedFileError, InputError
from mimicrylab.readers.delimited import DelimitedText, read_delimited
from mimicrylab.readers.emg_files import EmgRecording, find_words
from mimicrylab.readers.emg_muscles import find_muscle

TEXT_ENDINGS = (".txt", ".csv", ".tsv", ".asc", ".dat")
SAMPLING = re.compile(r"([\d.]+)\s*(msec|ms|sec|s)/sample", re.IGNORECASE)
RATE = re.compile(r"(?:sampling|sample)[ _]?(?:rate|frequency)\D{0,12}([\d.]+)", re.IGNORECASE)
UNIT_IN_NAME = re.compile(r"[\[(]\s*(µV|μV|uV|mV|V)\s*[\])]", re.IGNORECASE)
LARGEST_VALUE = 1e9
"""No amplifier writes a number beyond, whatever its unit."""


@dataclass(frozen=True)
class TextLayout:
    """How a text file is laid out.

    Attributes
    ----------
    columns
        Names of the columns of a file without a header; empty: it has one.
    time_column
        The column of times; None: one called ``time``, or none, and the rate is stated.
    time_unit_s
        Seconds in a unit of it; None: its name says the unit (``time_s``, ``msec``, ``min``).
    rate_hz
        Samples a second, where there are no times; None: from them, or from the lines above the header.
    marker_column
        The column of markers; None: one called ``marker`` or ``trigger``, or none.
    channels
        Columns that are muscles though their names do not say so.
    """

    columns: tuple[str, ...] = ()
    time_column: str | None = None
    time_unit_s: float | None = None
    rate_hz: float | None = None
    marker_column: str | None = None
    channels: tuple[str, ...] = ()


TIME_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "seconds", "time_s", "time (s)", "time[s]", "time [s]", "time_sec"), 1.0),
    **dict.fromkeys(("ms", "msec", "time_ms", "time (ms)", "time[ms]", "time [ms]", "timestamp_ms"), 1e-3),
    **dict.fromkeys(("min", "minutes", "time_min", "time (min)"), 60.0),
}
UNSAID_TIMES = ("time", "timestamp", "t")
MARKERS = ("marker", "markers", "trigger", "triggers", "event", "events", "digital", "stim", "status")


def read_text(path: Path, layout: TextLayout) -> EmgRecording:
    """Read a delimited text file: a row a sample, a column a channel, above it any number of lines.

    Raises
    ------
    MissingError
        There is no such file.
    DamagedFileError
        Times do not increase evenly, or too many lines are broken.
    InputError
        No column is a muscle, or the sampling rate or the times' unit is not known.
    """
    text = _read_table(path, layout)
    names = list(layout.columns) or list(text.columns)
    time_column = layout.time_column or next((n for n in names if n.lower() in (*TIME_UNITS, *UNSAID_TIMES)), None)
    marker_column = layout.marker_column or next((n for n in names if n.lower() in MARKERS), None)
    for stated in (layout.time_column, layout.marker_column):
        if stated is not None and stated not in names:
            raise InputError(f"there is no column {stated!r}", where=str(path), found=", ".join(names))
    channels: dict[str, NDArray[np.float64]] = {}
    n_damaged = 0
    for name in names:
        if name not in (time_column, marker_column) and (name in layout.channels or find_muscle(name)):
            values, damaged = text.numbers(name)
            samples = values.fill_null(float("nan")).to_numpy().astype(np.float64)
            impossible = np.abs(samples) > LARGEST_VALUE
            channels[name] = np.where(impossible, np.nan, samples)
            n_damaged += damaged + int(impossible.sum())
    if not channels:
        raise InputError(
            "no column is known as a muscle",
            where=str(path),
            expected="names like zygomaticus or corrugator",
            found=f"the columns {', '.join(names)}",
            do="say which is which: --option muscles=CH1:zygomaticus,CH2:corrugator",
        )
    rate, start, notes = _find_rate(text, names, time_column, layout, path)
    if text.n_broken or n_damaged:
        notes = (*notes, f"{text.n_broken} broken lines and {n_damaged} cells that hold no number")
    if text.n_broken > 0.1 * text.n_lines or n_damaged > 0.1 * text.n_lines * len(channels):
        raise DamagedFileError("too much of the file cannot be read", where=str(path), found=notes[-1])
    markers = () if marker_column is None else find_words(text.text(marker_column).to_list(), rate)
    units = {name: match[1] if (match := UNIT_IN_NAME.search(name)) else None for name in channels}
    left_out = [name for name in names if name and name not in (*channels, time_column, marker_column)]
    if left_out:
        notes = (*notes, f"columns left out, no muscle known: {', '.join(map(repr, left_out))}")
    return EmgRecording(rate, channels, units, tuple(markers), start, notes)


def _read_table(path: Path, layout: TextLayout) -> DelimitedText:
    if layout.columns:
        wanted = len(layout.columns)
        expected = f"lines of {wanted} numbers, for the columns {', '.join(layout.columns)}"
        found = read_delimited(
            path, is_header=lambda cells: len(cells) == wanted and all(map(_is_number, cells)), expected=expected
        )
        return _put_header_back(found, layout.columns)
    known = {name.lower() for name in layout.channels}
    return read_delimited(
        path,
        is_header=lambda cells: any(find_muscle(cell) or cell.lower() in known for cell in cells),
        expected="a line with names of muscles (zygomaticus, corrugator ...), or --option muscles=CH1:zygomaticus",
        short_lines=True,
    )


def _put_header_back(text: DelimitedText, names: Sequence[str]) -> DelimitedText:
    """Return a table whose first line was taken for a header, with that line among the rows."""
    first = pl.DataFrame([dict(zip(text.cells.columns, text.columns, strict=True))], schema=text.cells.schema)
    line = int(text.lines[0]) - 1 if text.lines.len() else 1
    return replace(
        text,
        columns=tuple(names),
        cells=pl.concat([first, text.cells]),
        lines=pl.concat([pl.Series("line", [line], dtype=pl.Int64), text.lines]),
        n_lines=text.n_lines + 1,
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _find_rate(
    text: DelimitedText, names: Sequence[str], time_column: str | None, layout: TextLayout, path: Path
) -> tuple[float, float, tuple[str, ...]]:
    """Return samples a second, the time of the first sample (s), and what is to be said."""
    if layout.rate_hz is not None:
        return layout.rate_hz, 0.0, ()
    if time_column is not None and time_column in names:
        unit = layout.time_unit_s or TIME_UNITS.get(time_column.lower())
        if unit is None:
            raise InputError(
                f"the unit of the column {time_column!r} is not known",
                where=str(path),
                do="state it: --option time_unit=ms (or s, min); or the rate: --option rate_hz=1000",
            )
        times = text.numbers(time_column)[0].to_numpy() * unit
        known = np.flatnonzero(np.isfinite(times))
        if known.size < 2:
            raise DamagedFileError("fewer than two samples have a time", where=str(path))
        steps = np.diff(times[known]) / np.diff(known)
        usual = float(np.median(steps))
        if not usual > 0 or steps.min() <= 0:
            raise DamagedFileError("times do not increase from sample to sample", where=str(path))
        first, last = int(known[0]), int(known[-1])
        rate = float((last - first) / (times[last] - times[first]))
        if steps.max() > 1.5 * usual + 1e-9:
            raise DamagedFileError(
                "samples are missing: the times have gaps",
                where=str(path),
                found=f"a step of {steps.max():.4g} s among steps of {usual:.4g} s",
                do="export the recording again, or cut it into files without a gap",
            )
        return rate, float(times[first]) - first / rate, ()
    above = "\n".join(text.preamble)
    if match := SAMPLING.search(above):
        step = float(match[1]) * (1e-3 if match[2].lower().startswith("m") else 1.0)
        return 1 / step, 0.0, (f"{1 / step:g} samples a second, as a line above the columns says",)
    if match := RATE.search(above):
        return float(match[1]), 0.0, (f"{float(match[1]):g} samples a second, as a line above the columns says",)
    raise InputError(
        "the file does not say how many samples a second it has",
        where=str(path),
        do="state it: --option rate_hz=1000",
    )
