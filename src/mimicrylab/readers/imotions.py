"""What the exports of iMotions have in common, whichever program coded the face: rows of many sensors, one clock.

A row is one sensor's; programs repeat the last value of the others in it. Times are those of the log, to the
millisecond; a camera's frame reaches the log some time after it was taken, and not always equally late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mimicrylab.errors import InputError, count_things
from mimicrylab.readers.coded_columns import fold_name
from mimicrylab.readers.delimited import DelimitedText
from mimicrylab.readers.events_table import ROW_SCHEMA

TIME = "timestamp"
SOURCES = ("eventsource", "combinedeventsource", "eventsourcename")
STIMULUS = ("stimulusname", "sourcestimuliname")
SLIDE_EVENT = "slideevent"
FRAME_TIME = "frametime"
STARTS, ENDS = ("startmedia", "startslide"), ("endmedia", "endslide")
LATE_QUANTILE = 0.95


@dataclass(frozen=True)
class SensorRows:
    """The rows of one sensor.

    Attributes
    ----------
    keep
        Which of the file's rows they are.
    time_s
        Their times (s).
    n_stale
        Rows of other sensors, in which the face's values stand from before.
    n_same_time
        Rows that were left out because another row of the sensor has the same millisecond.
    time_error_s
        How unevenly late frames reached the log (s): 95 % are nearer to their usual place.
    """

    keep: pl.Series
    time_s: pl.Series
    n_stale: int
    n_same_time: int
    time_error_s: float | None


def pick_rows(text: DelimitedText, sensor: str, signals: Sequence[str]) -> SensorRows:
    """Return the rows of a sensor: those whose source names it, or, in files without sources, those with a value.

    Parameters
    ----------
    text
        The export.
    sensor
        A part of the source's name, such as ``FACET``.
    signals
        The columns that hold what the sensor measured.

    Raises
    ------
    InputError
        There is no column of times, or no row of this sensor.
    """
    folded = {fold_name(name): name for name in reversed(text.columns)}
    if TIME not in folded:
        raise InputError("the export has no column Timestamp", where=text.name)
    times, _ = text.numbers(folded[TIME])
    filled = pl.DataFrame([text.text(name).alias(str(n)) for n, name in enumerate(signals)]).select(
        pl.any_horizontal(pl.all().is_not_null() & (pl.all() != ""))
    )
    has_values = filled.to_series()
    sources = [text.cells[str(place)] for place, name in enumerate(text.columns) if fold_name(name) in SOURCES]
    named = [
        source.str.to_uppercase().str.contains(sensor.upper(), literal=True).fill_null(False) for source in sources
    ]
    from_sensor = named[0] if named else has_values
    for other in named[1:]:
        from_sensor = from_sensor | other
    if not from_sensor.any():
        from_sensor = has_values
    first = pl.DataFrame({"t": times, "k": from_sensor, "v": has_values}).with_columns(
        pl.int_range(pl.len()).alias("row")
    )
    chosen = first.filter("k", pl.col("t").is_not_null()).sort("t", "v", descending=[False, True], maintain_order=True)
    single = chosen.unique("t", keep="first", maintain_order=True)
    if not single.height:
        raise InputError(f"the export has no row of {sensor}", where=text.name)
    keep = first["row"].is_in(single["row"].implode()).alias("keep")
    return SensorRows(
        keep,
        times.filter(keep) / 1000,
        int((has_values & ~from_sensor).sum()),
        chosen.height - single.height,
        _measure_lateness(text, folded, keep, times),
    )


def _measure_lateness(
    text: DelimitedText, folded: Mapping[str, str], keep: pl.Series, times: pl.Series
) -> float | None:
    """Return how far the log's times lie from the camera's, after each stimulus's usual distance (s)."""
    logged = times.filter(keep)
    if FRAME_TIME in folded:
        taken = text.numbers(folded[FRAME_TIME])[0].filter(keep)
        part = text.text(next((folded[name] for name in STIMULUS if name in folded), "")).filter(keep).fill_null("")
        late = pl.DataFrame({"late": logged - taken, "part": part}).drop_nulls()
        away = late.select((pl.col("late") - pl.col("late").median().over("part")).abs())
    else:
        steps = logged.diff().drop_nulls().to_frame("late")
        away = steps.select((pl.col("late") - pl.col("late").median()).abs())
    value = away.to_series().quantile(LATE_QUANTILE)
    return None if value is None else value / 1000


def list_row_notes(rows: SensorRows) -> list[str]:
    """Return what is to be said about the rows and their times."""
    notes = []
    if rows.n_stale:
        notes.append(f"{count_things(rows.n_stale, 'row')} of other sensors dropped: the face's values there are stale")
    if rows.n_same_time:
        notes.append(f"{count_things(rows.n_same_time, 'row')} of a millisecond that has another row left out")
    if rows.time_error_s is not None:
        notes.append(f"times are the log's; 95 % of the frames reached it within {1000 * rows.time_error_s:.0f} ms")
    return notes


def list_shown(text: DelimitedText) -> pl.DataFrame:
    """Return what was shown when, as the export says it: a row a showing, with the columns of an events reader.

    Where ``SlideEvent`` marks starts and ends, these count; else each run of one stimulus name is a showing.
    """
    folded = {fold_name(name): name for name in reversed(text.columns)}
    name = next((folded[each] for each in STIMULUS if each in folded), None)
    if name is None:
        return pl.DataFrame(schema=ROW_SCHEMA)
    rows = pl.DataFrame(
        {
            "line": text.lines,
            "time": text.numbers(folded[TIME])[0] / 1000,
            "stimulus": text.text(name),
            "event": text.text(folded.get(SLIDE_EVENT, "")).str.to_lowercase(),
        }
    ).filter(pl.col("time").is_not_null())
    shown = _pair_slide_events(rows) if rows["event"].is_in(STARTS).any() else _find_runs(rows)
    return pl.DataFrame(
        [
            {"line": line, "onset": onset, "duration": duration, "trial_type": "stimulus", "stimulus": stimulus}
            for line, onset, duration, stimulus in shown
        ],
        schema=ROW_SCHEMA,
    )


def _pair_slide_events(rows: pl.DataFrame) -> list[tuple[int, float, float | None, str]]:
    start_word, end_word = next(pair for pair in zip(STARTS, ENDS, strict=True) if (rows["event"] == pair[0]).any())
    marks = rows.filter(pl.col("event").is_in([start_word, end_word]), pl.col("stimulus").is_not_null())
    shown: list[tuple[int, float, float | None, str]] = []
    open_row: dict[str, object] | None = None
    for row in marks.iter_rows(named=True):
        if row["event"] == start_word:
            shown.append((row["line"], row["time"], None, row["stimulus"]))
            open_row = row
        elif open_row is not None and open_row["stimulus"] == row["stimulus"] and shown:
            line, onset, _, stimulus = shown[-1]
            shown[-1] = (line, onset, row["time"] - onset if row["time"] > onset else None, stimulus)
            open_row = None
    return shown


def _find_runs(rows: pl.DataFrame) -> list[tuple[int, float, float | None, str]]:
    runs = (
        rows.with_columns(pl.col("stimulus").rle_id().alias("run"))
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("line").first(),
            pl.col("time").first(),
            pl.col("time").last().alias("last"),
            pl.col("stimulus").first(),
        )
        .with_columns(pl.col("time").shift(-1).alias("next"))
        .filter(pl.col("stimulus").is_not_null() & (pl.col("stimulus") != ""))
    )
    shown: list[tuple[int, float, float | None, str]] = []
    for row in runs.iter_rows(named=True):
        stop = row["next"] if row["next"] is not None else row["last"]
        shown.append((row["line"], row["time"], stop - row["time"] if stop > row["time"] else None, row["stimulus"]))
    return shown
