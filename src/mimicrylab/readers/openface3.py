"""OpenFace 3: the CSV of its demonstration program, a row a face in a frame, with eight numbers that have no names.

- ``action_units`` is a list of eight probabilities. The program does not say which action unit is which, and accounts
  of it contradict each other. They become ``unit_1`` ... ``unit_8``, which are no action units, unless the option
  ``action_units`` states them: a claim of whoever imports, which is stored with the frames.
- ``emotion`` is the number of one word (0 neutral, 1 happiness ... as its manual lists them) and becomes a column of 0
  or 1 for each emotion.
- ``timestamp`` is the time of day at which the frame was computed, and is not read: the frame rate must be stated, or
  the study have the video.
- Files that other programs wrote of the same model, with columns ``AU01_r`` to ``AU08_r``, number the same eight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.readers.coded_columns import CodedColumn, list_left_out
from mimicrylab.readers.coded_frames import CodedRows, build_frames
from mimicrylab.readers.delimited import DelimitedText, find_header, parse_numbers, read_beginning, read_delimited
from mimicrylab.readers.frame_times import check_rate, time_frames
from mimicrylab.readers.openface_columns import is_numbered
from mimicrylab.readers.reader import Imported, ReaderDescription

N_UNITS = 8
UNIT = "0-1"
FLAG_UNIT = "0 or 1"
EMOTION_ORDER = ("neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt")
LIST, EMOTION, FACE, BOX = "action_units", "emotion", "face_id", "face_detection"
FRAME = ("frame_index", "frame")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
UNIT_NAME = re.compile(r"AU\d\d[LR]?$")
GROUPS = {
    "landmarks": re.compile(r"landmarks$"),
    "gaze, the time of day and paths": re.compile(r"(gaze_\w+|timestamp|video_path|image_path|success|confidence)$"),
}
EXPECTED = "a column action_units and face_detection, or AU01_r to AU08_r, as OpenFace 3 and programs around it write"


@dataclass(frozen=True)
class OpenFace3Reader:
    """Reads CSV files of OpenFace 3.

    Attributes
    ----------
    frames_per_second
        Rate to compute times from; the file itself has none.
    action_units
        What the eight numbers are, in order, as a text: ``AU01,AU02,AU04,AU06,AU09,AU12,AU25,AU26``. Empty: not known.
    """

    frames_per_second: float | None = None
    action_units: str = ""

    def __post_init__(self) -> None:
        check_rate(self.frames_per_second)
        names = self._list_names()
        if names and (len(names) != N_UNITS or len(set(names)) != N_UNITS or not all(map(UNIT_NAME.match, names))):
            raise InputError(
                "the eight numbers of OpenFace 3 need eight different action units, or none",
                expected="AU01,AU02,AU04,AU06,AU09,AU12,AU25,AU26 (as an example)",
                found=self.action_units,
            )

    def _list_names(self) -> list[str]:
        return [name.strip() for name in str(self.action_units).split(",") if name.strip()]

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        stated = [f"AU{n:02}" for n in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43, 45)]
        return ReaderDescription(
            name="openface3",
            program="OpenFace 3",
            level="frames",
            endings=(".csv",),
            summary="CSV of its demonstration program; eight numbers without names",
            signals={
                **{f"unit_{n}": UNIT for n in range(1, N_UNITS + 1)},
                **dict.fromkeys(stated, UNIT),
                **dict.fromkeys(EMOTION_ORDER, FLAG_UNIT),
            },
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a CSV of OpenFace 3.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return "its column action_units" if LIST in names else "its columns AU03_r and AU08_r, which OpenFace 2 lacks"

    def read(self, path: Path) -> Imported:
        """Return the frames of one CSV.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or no frame rate was stated.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        names = self._list_names() or [f"unit_{n}" for n in range(1, N_UNITS + 1)]
        units, n_damaged = _read_units(text, names)
        frame_column = next((name for name in FRAME if name in text.columns), None)
        frame = text.numbers(frame_column)[0] if frame_column else pl.Series([0.0] * text.cells.height)
        if frame_column and not (frame == 0).any():
            frame = frame - 1
        nothing = pl.Series([None] * text.cells.height, dtype=pl.Float64)
        placed = time_frames(frame, nothing, rate=self.frames_per_second, whole_s=False, where=str(path))
        emotion = text.numbers(EMOTION)[0]
        emotions = [(emotion == n).cast(pl.Float64).alias(name) for n, name in enumerate(EMOTION_ORDER)]
        boxes = text.text(BOX).str.extract_all(NUMBER.pattern)
        box = [boxes.list.get(place, null_on_oob=True).cast(pl.Float64, strict=False) for place in range(5)]
        rows = units.with_columns(
            frame.alias("frame"),
            placed.time_s.alias("time"),
            text.numbers(FACE)[0].fill_null(0).alias("face"),
            units.select(pl.any_horizontal(pl.all().is_not_null())).to_series().alias("success"),
            box[0].alias("box_x"),
            box[1].alias("box_y"),
            (box[2] - box[0]).alias("box_width"),
            (box[3] - box[1]).alias("box_height"),
            box[4].alias("confidence"),
            *emotions,
        )
        about = {
            **{name: CodedColumn(LIST, name, UNIT, 0, None) for name in names},
            **{name: CodedColumn(EMOTION, name, FLAG_UNIT, 0, 1) for name in EMOTION_ORDER},
        }
        used = [LIST, EMOTION, FACE, BOX, *FRAME, *(name for name in text.columns if is_numbered(name))]
        notes = [_say_names(self._list_names()), *list_left_out(text.columns, used, groups=GROUPS)]
        imported = build_frames(CodedRows(rows, about, {}, notes, n_damaged), text, where=str(path))
        return Imported(imported.tables, imported.counts, imported.notes, placed.error_s)


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    return {LIST, BOX} <= found or {"AU03_r", "AU08_r"} <= found


def _say_names(names: Sequence[str]) -> str:
    if names:
        return f"the eight numbers are taken for {', '.join(names)}, as stated; OpenFace 3 does not say so"
    return (
        "OpenFace 3 does not say which action units its eight numbers are: they are kept as unit_1 to unit_8, and are "
        "no action units; if you know, --option action_units=AU01,AU02,..."
    )


def _read_units(text: DelimitedText, names: Sequence[str]) -> tuple[pl.DataFrame, int]:
    if LIST in text.columns:
        cells = text.text(LIST)
        lists = cells.str.extract_all(NUMBER.pattern)
        whole = lists.list.len() == N_UNITS
        n_damaged = int((cells.is_not_null() & (cells != "") & ~whole).sum())
        columns = [
            lists.list.get(place, null_on_oob=True).cast(pl.Float64, strict=False).alias(name)
            for place, name in enumerate(names)
        ]
        frame = pl.DataFrame(columns).with_columns(pl.when(whole).then(pl.all()))
        return frame, n_damaged
    columns, n_damaged = [], 0
    for place, name in enumerate(names, 1):
        values, damaged = parse_numbers(text.text(f"AU{place:02}_r"))
        columns.append(values.alias(name))
        n_damaged += damaged
    return pl.DataFrame(columns), n_damaged
