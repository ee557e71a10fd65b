"""What the logs of stimulus programs have in common: rows of which some show a stimulus, columns that must be found.

Which column is what is stated where it cannot be told: a log's columns are mostly the researcher's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError, count_things
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.readers.delimited import DelimitedText, parse_numbers
from mimicrylab.readers.events_table import ROW_SCHEMA
from mimicrylab.readers.reader import Imported
from mimicrylab.schemas import EVENTS

MEDIA = re.compile(
    r"[^\s\"'<>=(,;|]+\.(?:jpe?g|png|gif|bmp|tiff?|webp|mp4|m4v|avi|mov|mpe?g|wmv|webm|mkv|ogv|wav|mp3)\b",
    re.IGNORECASE,
)
"""A file of a picture, a film or a sound, anywhere in a cell."""

SHOWING = re.compile(r"(?i)(stim|image|picture|pic|video|movie|clip|face|film|photo)")
"""Parts of names that people give to what shows a stimulus."""

KNOWN = ("recording", "onset", "duration", "stimulus", "emotion", "block", "phase", "trial", "model")


@dataclass(frozen=True)
class LogColumns:
    """Which of a log's columns is what; None: there is none."""

    onset: str | None = None
    stop: str | None = None
    duration: str | None = None
    stimulus: str | None = None
    emotion: str | None = None
    recording: str | None = None
    block: str | None = None
    phase: str | None = None
    trial: str | None = None
    model: str | None = None


def check_columns(columns: Mapping[str, str]) -> None:
    """Refuse statements about columns that logs do not have.

    Raises
    ------
    UnknownNameError
        A name is none of ours.
    """
    for name in columns:
        if name not in KNOWN:
            raise UnknownNameError("column to state", name, KNOWN)


def take_stated(found: LogColumns, stated: Mapping[str, str], text: DelimitedText) -> LogColumns:
    """Return the columns with those that were stated in place of those that were found.

    Raises
    ------
    UnknownNameError
        A stated column is not in the log.
    """
    from dataclasses import replace

    for column in stated.values():
        if column not in text.columns:
            raise UnknownNameError("column", column, [each for each in text.columns if each], where=text.name)
    changed = replace(found, **stated)
    return replace(changed, stop=None) if "duration" in stated or "onset" in stated else changed


def find_media_column(text: DelimitedText, *, among: Sequence[str] | None = None) -> str | None:
    """Return the column that names files of pictures or films, or None; of several the one with most names.

    Raises
    ------
    InputError
        Two columns name as many.
    """
    counts = {
        name: int(text.text(name).str.contains(f"(?i){MEDIA.pattern}").sum())
        for name in dict.fromkeys(among or text.columns)
        if name
    }
    most = max(counts.values(), default=0)
    best = [name for name, count in counts.items() if count == most and most > 0]
    if len(best) > 1:
        preferred = [name for name in best if SHOWING.search(name)]
        if len(preferred) != 1:
            raise InputError(
                "several columns name files that could have been shown",
                where=text.name,
                found=", ".join(best),
                do=f"state which one: --column stimulus={best[0]}",
            )
        return preferred[0]
    return best[0] if best else None


def choose_onset(names: Sequence[str], *, where: str, filled: Callable[[str], int]) -> str | None:
    """Return the column of onsets among ``names``: the only one, or the one whose name says that it shows something.

    Raises
    ------
    InputError
        Several could be meant.
    """
    there = [name for name in names if filled(name)]
    if len(there) <= 1:
        return there[0] if there else None
    showing = [name for name in there if SHOWING.search(name)]
    if len(showing) == 1:
        return showing[0]
    raise InputError(
        "several columns could be the onset of the stimuli",
        where=where,
        found=", ".join((showing or there)[:8]),
        do=f"state which one: --column onset={(showing or there)[0]}",
    )


def extract_media(cells: pl.Series) -> pl.Series:
    """Return the file that each cell names, or the cell itself where it names none.

    Examples
    --------
    >>> extract_media(pl.Series(["<img src='img/joy.png'>", "joy", None])).to_list()
    ['img/joy.png', 'joy', None]
    """
    found = cells.str.extract(f"(?i)({MEDIA.pattern})")
    return found.zip_with(found.is_not_null(), cells)


@dataclass(frozen=True)
class LogTimes:
    """Onsets and durations (s, null: not known) of a log's rows, and how far they may be off (s; None: not known)."""

    onset: pl.Series
    duration: pl.Series
    error_s: float | None = None


def read_times(text: DelimitedText, columns: LogColumns, *, a_second: float) -> LogTimes:
    """Return onsets and durations from columns of numbers; the duration may be an onset and a stop.

    Raises
    ------
    InputError
        No column of onsets is known.
    """
    if columns.onset is None:
        raise InputError(
            "no column of onsets is known",
            where=text.name,
            found=f"the columns {', '.join(name for name in text.columns[:20] if name)}",
            do="state it: --column onset=NAME",
        )
    onset = text.numbers(columns.onset)[0] / a_second
    nothing = pl.Series("duration", [None] * onset.len(), dtype=pl.Float64)
    duration = nothing
    if columns.duration is not None:
        duration = text.numbers(columns.duration)[0] / a_second
    elif columns.stop is not None:
        duration = text.numbers(columns.stop)[0] / a_second - onset
    return LogTimes(onset, duration.zip_with((duration > 0).fill_null(False), nothing))


def build_log(
    text: DelimitedText,
    columns: LogColumns,
    times: LogTimes,
    *,
    notes: Sequence[str] = (),
    keep: pl.Series | None = None,
) -> Imported:
    """Return the rows of a log that show something, with the columns of an events reader.

    A row counts where it has an onset and names a stimulus or an emotion; ``keep`` picks among them. Rows with only one
    of the two are counted.

    Raises
    ------
    InputError
        No column says what was shown, no row counts, or a word is no emotion.
    """
    if columns.stimulus is None and columns.emotion is None:
        raise InputError(
            "no column says what was shown",
            where=text.name,
            found=f"the columns {', '.join(name for name in text.columns[:20] if name)}",
            do="state it: --column stimulus=NAME or --column emotion=NAME",
        )
    frame = pl.DataFrame(
        {
            "line": text.lines.cast(pl.Int32),
            "recording": _take(text, columns.recording),
            "onset": times.onset,
            "duration": times.duration,
            "trial_type": pl.Series(["stimulus"] * times.onset.len(), dtype=pl.String),
            "stimulus": extract_media(_take(text, columns.stimulus)),
            "stimulus_emotion": _name_emotions(_take(text, columns.emotion), text.name),
            "model_id": _take(text, columns.model),
            "block": _take(text, columns.block),
            "block_role": pl.Series([None] * times.onset.len(), dtype=pl.String),
            "phase": _take(text, columns.phase),
            "trial": parse_numbers(_take(text, columns.trial))[0],
        },
        schema=ROW_SCHEMA,
    )
    named = pl.col("stimulus").is_not_null() | pl.col("stimulus_emotion").is_not_null()
    timed = pl.col("onset").is_not_null()
    mask = pl.lit(True) if keep is None else keep
    rows = frame.filter(named & timed & mask)
    if not rows.height:
        raise InputError(
            "no row of the log has both an onset and something that was shown",
            where=text.name,
            expected=f"numbers in {columns.onset!r} and names in {(columns.stimulus or columns.emotion)!r}",
            do="state the columns: --column onset=NAME --column stimulus=NAME",
        )
    without_time = frame.filter(named & ~timed & mask).height
    more = []
    if without_time:
        more.append(f"{count_things(without_time, 'row')} name something shown and have no onset: left out")
    if text.n_broken:
        more.append(f"{count_things(text.n_broken, 'line')} could not be read")
    more.append(_describe_columns(columns))
    return Imported({EVENTS.name: rows}, {"events": rows.height}, (*notes, *more), times.error_s)


def _describe_columns(columns: LogColumns) -> str:
    from dataclasses import asdict

    parts = [f"{name} = {column}" for name, column in asdict(columns).items() if column]
    return f"columns taken: {', '.join(parts)}"


def _take(text: DelimitedText, column: str | None) -> pl.Series:
    cells = text.text(column or "")
    return (
        cells.to_frame("c").select(pl.when(~pl.col("c").str.to_lowercase().is_in(EMPTY)).then(pl.col("c"))).to_series()
    )


EMPTY = ("", "na", "n/a", "nan", "none", "null", "undefined")


def _name_emotions(words: pl.Series, where: str) -> pl.Series:
    meant = {word: name_emotion(word, where=where) for word in words.drop_nulls().unique(maintain_order=True)}
    return words.replace_strict(meant, default=None, return_dtype=pl.String) if meant else words


def make_text(path: Path, rows: Sequence[Mapping[str, object]], lines: Sequence[int]) -> DelimitedText:
    """Return rows that stand in no table (log frames, JSON) as one, a column for each name that any row has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = {
        str(place): [None if row.get(name) is None else str(row[name]) for row in rows]
        for place, name in enumerate(names)
    }
    frame = pl.DataFrame(cells, schema={str(place): pl.String for place in range(len(names))})
    return DelimitedText(
        path.name, (), tuple(names), frame, pl.Series("line", lines, dtype=pl.Int64), ",", len(rows), 0, False
    )
