"""Tables of MediaPipe's 52 blendshapes, from whichever program wrote them: a row a frame, a column a blendshape.

Columns are called as MediaPipe calls them (``mouthSmileLeft``, ``_neutral`` among them or not), with or without
``bs_``, in camelCase or with underscores, and become ``bs_mouthSmileLeft``, from 0 to 1. They are no action units:
what they can and cannot say about them stands in the chapter on action units. Times come from a column of times whose
unit its name says (``time_s``, ``timestamp_ms``), from one whose unit is stated, or from the frame's number and a
stated rate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from mimicrylab.errors import InputError, UnknownNameError
from mimicrylab.readers.coded_columns import CodedColumn, fold_name, index_columns, list_left_out, match_known
from mimicrylab.readers.coded_frames import CodedRows, build_frames, take_signals
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited
from mimicrylab.readers.frame_times import check_rate, read_clock, time_frames
from mimicrylab.readers.reader import Imported, ReaderDescription

NAMES = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
    "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight",
    "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker",
    "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
    "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight",
)  # fmt: skip
UNIT = "0-1 (model activation)"
PREFIX = "bs_"


def list_blendshape_columns() -> tuple[CodedColumn, ...]:
    """Return what becomes of the 52 columns: ``bs_`` before the name."""
    return tuple(CodedColumn(name, f"{PREFIX}{name.lstrip('_')}", UNIT, 0, 1) for name in NAMES)


SIGNALS: Mapping[str, CodedColumn] = {
    **index_columns(list_blendshape_columns()),
    **{f"bs{fold_name(each.column)}": each for each in list_blendshape_columns()},
}
SMALLEST_HEADER = 10
FRAME = ("frame", "frameidx", "frameindex", "framenumber", "framenr")
TIMES = {"times": 1.0, "timesec": 1.0, "seconds": 1.0, "timestamps": 1.0, "timems": 1000.0, "timestampms": 1000.0}
"""Folded name of a column of times -> its units a second."""
UNSAID_TIMES = ("time", "timestamp", "t")
UNITS = {"s": 1.0, "ms": 1000.0, "us": 1e6}
FACE = ("face", "faceid", "faceindex")
GROUPS = {"further notes of the program": re.compile(r"(?i)(file|image|video|path|name)")}
EXPECTED = f"at least {SMALLEST_HEADER} of MediaPipe's blendshapes (browInnerUp, mouthSmileLeft ...) as columns"


@dataclass(frozen=True)
class BlendshapesReader:
    """Reads tables of blendshapes.

    Attributes
    ----------
    frames_per_second
        Rate to compute times from, in place of the file's; None: the file's.
    time_unit
        Unit of a column ``time`` or ``timestamp``, which does not say it: ``s``, ``ms`` or ``us``. Never guessed.
    """

    frames_per_second: float | None = None
    time_unit: Literal["s", "ms", "us"] | None = None

    def __post_init__(self) -> None:
        check_rate(self.frames_per_second)
        if self.time_unit is not None and self.time_unit not in UNITS:
            raise UnknownNameError("time unit", self.time_unit, UNITS)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="blendshapes",
            program="MediaPipe Face Landmarker, through any program",
            level="frames",
            endings=(".csv", ".tsv", ".txt"),
            summary="table of the 52 blendshapes, a row a frame",
            signals={each.name: each.unit for each in SIGNALS.values()},
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as such a table.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=is_blendshape_header, expected=EXPECTED)
        n_known = sum(fold_name(name) in SIGNALS for name in names)
        return f"{n_known} of MediaPipe's blendshapes among its columns"

    def read(self, path: Path) -> Imported:
        """Return the frames of one table.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or the unit of the times is not known.
        """
        text = read_delimited(path, is_header=is_blendshape_header, expected=EXPECTED)
        known = match_known(text.columns, SIGNALS)
        signals, n_damaged = take_signals(text, known)
        folded = {fold_name(name): name for name in reversed(text.columns)}
        frame_column = next((folded[name] for name in FRAME if name in folded), None)
        frame = (
            pl.Series("frame", range(signals.height), dtype=pl.Float64)
            if frame_column is None
            else text.numbers(frame_column)[0].alias("frame")
        )
        time_column, seconds = self._read_times(text, folded)
        placed = time_frames(frame, seconds, rate=self.frames_per_second, whole_s=False, where=str(path))
        face_column = next((folded[name] for name in FACE if name in folded), None)
        face = text.numbers(face_column)[0] if face_column else pl.Series([0.0] * signals.height)
        rows = signals.with_columns(
            frame,
            placed.time_s.alias("time"),
            face.fill_null(0).alias("face"),
            signals.select(pl.any_horizontal(pl.all().is_not_null())).to_series().alias("success"),
        )
        used = [*known, *(name for name in (frame_column, time_column, face_column) if name)]
        notes = [*placed.notes, *list_left_out(text.columns, used, groups=GROUPS)]
        coded = CodedRows(rows, {each.name: each for each in known.values()}, {}, notes, n_damaged)
        imported = build_frames(coded, text, where=str(path))
        return Imported(imported.tables, imported.counts, imported.notes, placed.error_s)

    def _read_times(self, text: DelimitedText, folded: Mapping[str, str]) -> tuple[str | None, pl.Series]:
        nothing = pl.Series([None] * text.cells.height, dtype=pl.Float64)
        for name, a_second in TIMES.items():
            if name in folded:
                return folded[name], text.numbers(folded[name])[0] / a_second
        column = next((folded[name] for name in UNSAID_TIMES if name in folded), None)
        if column is None or self.frames_per_second is not None:
            return column, nothing
        if self.time_unit is None:
            raise InputError(
                f"the unit of the column {column!r} is not known",
                where=text.name,
                do="state it: --option time_unit=ms (or s, us); or the frame rate: --fps 30",
            )
        clock = read_clock(text.text(column)) if self.time_unit == "s" else text.numbers(column)[0]
        return column, clock / UNITS[self.time_unit]


def is_blendshape_header(names: Sequence[str]) -> bool:
    """Return whether a header is that of a table of blendshapes."""
    return len({fold_name(name) for name in names} & SIGNALS.keys()) >= SMALLEST_HEADER
