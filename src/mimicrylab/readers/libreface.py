"""LibreFace: the CSV that it writes of a video, a row a frame in which a face was found.

Made after the program's source (version 0.2):

- ``au_1_intensity`` goes from 0 to 5, ``au_1`` is 0 or 1; ``facial_expression`` is one word and becomes a column of 0
  or 1 for each emotion.
- Frames without a face are left out by the program; they are filled in here, as frames without a face. What came before
  the first face and after the last is not known to it.
- ``frame_time_in_ms`` holds seconds in some versions and milliseconds in others: the time between frames tells which.
- ``pitch, yaw, roll`` are no degrees (the program multiplies angles by 360) and stay out. Gaze is in degrees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import UnknownNameError
from mimicrylab.protocol.emotions import name_emotion
from mimicrylab.readers.coded_columns import CodedColumn, fold_name, list_left_out
from mimicrylab.readers.coded_frames import CodedRows, build_frames, take_signals
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited
from mimicrylab.readers.frame_times import check_rate, time_frames
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import EMOTIONS

INTENSITY = re.compile(r"au_?0?(\d{1,2})_intensity$", re.IGNORECASE)
DETECTION = re.compile(r"au_?0?(\d{1,2})$", re.IGNORECASE)
INTENSITIES = (1, 2, 4, 5, 6, 9, 12, 15, 17, 20, 25, 26)
DETECTIONS = (1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24)
INTENSITY_UNIT, FLAG_UNIT = "0-5", "0 or 1"
EXPRESSION = "facial_expression"
FRAME, TIME = ("frame_idx", "frame", "frame_index"), "frame_time_in_ms"
MS_A_SECOND = 1000.0
LONGEST_STEP_S = 1.0
"""Frames are less than this apart; a median step above it is in milliseconds."""

GROUPS = {
    "landmarks": re.compile(r"(lm|landmark|mp_|x_|y_|z_)\w*"),
    "the head's angles, which are no degrees": re.compile(r"(pitch|yaw|roll)$"),
    "gaze": re.compile(r"gaze_"),
    "paths": re.compile(r"(path|file|image)"),
}
EXPECTED = "columns frame_idx or facial_expression, and au_12_intensity or au_12, as LibreFace writes them"


@dataclass(frozen=True)
class LibreFaceReader:
    """Reads CSV files of LibreFace.

    Attributes
    ----------
    frames_per_second
        Rate to compute times from, in place of the file's; None: the file's.
    """

    frames_per_second: float | None = None

    def __post_init__(self) -> None:
        check_rate(self.frames_per_second)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        intensities = {f"au_{n}_intensity": f"AU{n:02}" for n in INTENSITIES}
        detections = {f"au_{n}": f"AU{n:02}" for n in DETECTIONS}
        return ReaderDescription(
            name="libreface",
            program="LibreFace",
            level="frames",
            endings=(".csv",),
            summary="CSV of a video",
            signals={
                **dict.fromkeys(intensities, INTENSITY_UNIT),
                **dict.fromkeys(detections, FLAG_UNIT),
                **dict.fromkeys(EMOTIONS, FLAG_UNIT),
            },
            action_units={**intensities, **detections},
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a CSV of LibreFace.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        known = [name for name in names if INTENSITY.match(name) or name in (*FRAME, EXPRESSION)]
        return f"its columns {', '.join(known[:4])} ..."

    def read(self, path: Path) -> Imported:
        """Return the frames of one CSV.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        known = {name: column for name in dict.fromkeys(text.columns) if (column := _find_column(name))}
        signals, n_damaged = take_signals(text, known)
        frame_column = next((name for name in FRAME if name in text.columns), None)
        frame = text.numbers(frame_column)[0] if frame_column else pl.Series(range(signals.height), dtype=pl.Float64)
        seconds, notes = _read_times(text)
        placed = time_frames(frame, seconds, rate=self.frames_per_second, whole_s=False, where=str(path))
        emotions, emotion_columns, strange = _spread_expression(text.text(EXPRESSION))
        rows = signals.with_columns(
            frame.alias("frame"),
            placed.time_s.alias("time"),
            pl.lit(0).alias("face"),
            signals.select(pl.any_horizontal(pl.all().is_not_null())).to_series().alias("success"),
            *emotions,
        )
        if strange:
            notes.append(f"expressions not understood: {', '.join(strange)}")
        used = [*known, *([frame_column] if frame_column else []), TIME, EXPRESSION]
        notes += list_left_out(text.columns, used, groups=GROUPS)
        about = {each.name: each for each in (*known.values(), *emotion_columns)}
        imported = build_frames(CodedRows(rows, about, {}, notes, n_damaged), text, where=str(path))
        return Imported(imported.tables, imported.counts, imported.notes, placed.error_s)


def _is_header(names: Sequence[str]) -> bool:
    marked = {EXPRESSION, TIME, "frame_idx"} & set(names)
    return bool(marked) and any(INTENSITY.match(name) or DETECTION.match(name) for name in names)


def _find_column(name: str) -> CodedColumn | None:
    if match := INTENSITY.match(name):
        return CodedColumn(name, f"au_{int(match[1])}_intensity", INTENSITY_UNIT, 0, 5, f"AU{int(match[1]):02}")
    if match := DETECTION.match(name):
        return CodedColumn(name, f"au_{int(match[1])}", FLAG_UNIT, 0, 1, f"AU{int(match[1]):02}")
    return None


def _read_times(text: DelimitedText) -> tuple[pl.Series, list[str]]:
    times = text.numbers(TIME)[0]
    step = times.drop_nulls().diff().median()
    if not isinstance(step, float):
        return times / MS_A_SECOND, []
    if step < LONGEST_STEP_S:
        return times, [f"the column {TIME} holds seconds (frames are {step:.3g} apart)"]
    return times / MS_A_SECOND, []


def _spread_expression(words: pl.Series) -> tuple[list[pl.Series], list[CodedColumn], list[str]]:
    """Return a column of 0 or 1 for each emotion that the file names, and the words that are none."""
    meant: dict[str, str] = {}
    strange: list[str] = []
    for word in words.drop_nulls().unique(maintain_order=True):
        try:
            meant[word] = name_emotion(word)
        except UnknownNameError:
            strange.append(repr(fold_name(word)))
    if not meant:
        return [], [], strange
    named = words.replace_strict(meant, default=None, return_dtype=pl.String)
    columns: Mapping[str, CodedColumn] = {name: CodedColumn(EXPRESSION, name, FLAG_UNIT, 0, 1) for name in EMOTIONS}
    return [(named == name).cast(pl.Float64).alias(name) for name in columns], list(columns.values()), strange
