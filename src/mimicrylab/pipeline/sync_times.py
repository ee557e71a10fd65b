"""Times to synchronise with: of a log, a study's events, or a trigger channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.coding.traces import Trace
from mimicrylab.errors import InputError, MissingError, UnknownNameError, count_things
from mimicrylab.readers.delimited import DelimitedText, read_delimited
from mimicrylab.readers.emg_files import BINARY_ENDINGS, read_binary

UNITS = {"s": 1.0, "ms": 1e-3}
TIME_COLUMNS = ("time", "onset", "timestamp", "time_s", "onset_s", "time_ms", "onset_ms", "seconds")


@dataclass(frozen=True)
class LogTimes:
    """Which times of a log count: the table, the column, its unit (``s`` or ``ms``), and cells a line must have."""

    path: Path
    column: str
    unit: str = "s"
    where: Mapping[str, str] = field(default_factory=dict)


def read_log_times(log: LogTimes) -> NDArray[np.float64]:
    """Return the times of a log (s), as they stand.

    Raises
    ------
    MissingError, InputError, UnknownNameError
        There is no such table, column or unit; or no line has the cells wanted; or a time is no number.
    """
    text = _read_table(log.path, (log.column, *log.where))
    chosen = pl.Series([True] * text.cells.height)
    for name, wanted in log.where.items():
        chosen &= (text.text(name).str.strip_chars() == wanted).fill_null(False)
    if not chosen.any():
        stated = ", ".join(f"{name}={wanted}" for name, wanted in log.where.items())
        raise InputError("no line of the log has the cells wanted", where=str(log.path), expected=stated)
    times, n_damaged = text.numbers(log.column)
    if n_damaged:
        what = count_things(n_damaged, "time of the log is no number", "times of the log are no numbers")
        raise InputError(what, where=f"{log.path}: {log.column}")
    return times.filter(chosen).drop_nulls().to_numpy() * _read_unit(log.unit)


def read_event_times(events: pl.DataFrame, recording_id: str, *, trial_type: str = "stimulus") -> NDArray[np.float64]:
    """Return the onsets of a recording's events of one kind (s).

    Raises
    ------
    InputError
        The recording has none.
    """
    own = events.filter((pl.col("recording_id") == recording_id) & (pl.col("trial_type") == trial_type))
    if own.is_empty():
        kinds = events.filter(pl.col("recording_id") == recording_id)["trial_type"].unique().sort().to_list()
        raise InputError(
            f"the recording has no events of the kind {trial_type!r}",
            where="events",
            expected=f"one of {', '.join(kinds)}" if kinds else "events of this recording",
            do="--trial-type KIND" if kinds else "mimicrylab import events",
        )
    return own["onset"].to_numpy()


def read_trigger(path: Path, column: str, *, time_column: str | None = None, unit: str = "s") -> Trace:
    """Return a trigger channel over time: a column of a table with times, or a channel of an EDF or BrainVision file.

    Raises
    ------
    MissingError, DamagedFileError, DependencyError
        There is no such file, or it cannot be read.
    InputError, UnknownNameError
        There is no such column, channel or unit, or no column with times.
    """
    if path.suffix.lower() in BINARY_ENDINGS:
        recording = read_binary(path)
        if column not in recording.channels:
            raise UnknownNameError("channel", column, recording.channels, where=str(path))
        values = recording.channels[column]
        times = recording.start_s + np.arange(values.size) / recording.rate_hz
        return Trace(times, values, recording.units[column] or "trigger", 1 / recording.rate_hz)
    text = _read_table(path, (column, *((time_column,) if time_column else ())))
    clock = time_column or next((name for name in text.columns if name.strip().lower() in TIME_COLUMNS), None)
    if clock is None:
        raise InputError(
            "no column of the trigger's table is known to hold its times",
            where=str(path),
            found=f"the columns {', '.join(text.columns)}",
            do="--trigger-time COLUMN",
        )
    table = pl.DataFrame({"time": text.numbers(clock)[0] * _read_unit(unit), "value": text.numbers(column)[0]})
    known = table.drop_nulls().sort("time").unique("time", keep="first", maintain_order=True)
    if known.height < 3:
        raise InputError("the trigger has fewer than three values", where=f"{path}: {column}")
    times = known["time"].to_numpy()
    return Trace(times, known["value"].to_numpy(), "trigger", float(np.median(np.diff(times))))


def _read_table(path: Path, columns: tuple[str, ...]) -> DelimitedText:
    if not path.is_file():
        raise MissingError("there is no such table", where=str(path))
    expected = f"columns {', '.join(columns)}"
    return read_delimited(path, is_header=lambda names: set(columns) <= set(names), expected=expected, short_lines=True)


def _read_unit(unit: str) -> float:
    if unit not in UNITS:
        raise UnknownNameError("time unit", unit, UNITS)
    return UNITS[unit]
