"""py-feat 1 and 2: the CSV of a Fex table, one row a face in a frame.

- ``AU01`` ... are probabilities from 0 to 1 (some models write 0 or 1 only); emotions are probabilities as well.
- A frame without a face is a row of empty cells. Several faces of a frame are rows of the same ``frame``: they are told
  apart by ``Identity`` where it was computed, else by their order in the frame, which may change between frames.
- ``approx_time`` is minutes and seconds: the frame rate that fits is taken, with its error, unless it is stated.
- Angles: version 1 writes degrees, version 2 radians. py-feat documents pitch up, yaw and roll to the person's right
  as positive; real files of version 1 have roll the other way round, as their landmarks show.
- Version 2 also writes blendshapes (they become ``bs_`` ...), valence and arousal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mimicrylab.readers.blendshapes import list_blendshape_columns
from mimicrylab.readers.coded_columns import CodedColumn, fold_name, list_left_out
from mimicrylab.readers.coded_frames import CodedRows, build_frames, take_signals
from mimicrylab.readers.delimited import DelimitedText, find_header, read_beginning, read_delimited
from mimicrylab.readers.frame_times import check_rate, read_clock, time_frames
from mimicrylab.readers.reader import Imported, ReaderDescription

ACTION_UNITS = tuple(
    f"AU{n:02}" for n in (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 18, 20, 22, 23, 24, 25, 26, 27, 28, 43, 45)
)
EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral", "contempt")
PROBABILITY = "0-1"
SIGNALS: Mapping[str, CodedColumn] = {
    each.column: each
    for each in (
        *(CodedColumn(name, name, PROBABILITY, 0, 1) for name in ACTION_UNITS),
        *(CodedColumn(name, name, PROBABILITY, 0, 1) for name in EMOTIONS),
        *(CodedColumn(name, name, "-1 to 1", -1, 1) for name in ("valence", "arousal")),
        *list_blendshape_columns(),
    )
}
BOX = {
    "box_x": "FaceRectX",
    "box_y": "FaceRectY",
    "box_width": "FaceRectWidth",
    "box_height": "FaceRectHeight",
    "confidence": "FaceScore",
}
ANGLES = {"pitch": ("Pitch", -1.0), "yaw": ("Yaw", -1.0), "roll": ("Roll", 1.0)}
ROLL_OF_VERSION_2 = -1.0
LARGEST_RADIAN = 3.2
SECOND_VERSION = ("gaze_pitch", "FrameHeight", "Identity")
TIME, FRAME, IDENTITY = "approx_time", "frame", "Identity"
GROUPS = {
    "landmarks and the mesh": re.compile(r"(?i)(mesh_)?[xyz]_\d+$"),
    "the face's fingerprint (Identity_1 ...)": re.compile(r"Identity_\d+$"),
    "gaze, which some of its models measure against the head and some against the camera": re.compile(r"gaze_"),
    "the picture's size and the file's name": re.compile(r"(input|FrameHeight|FrameWidth|[XYZ]|)$"),
}
EXPECTED = "columns FaceRectX (or FaceScore) and AU01, as py-feat writes them"


@dataclass(frozen=True)
class PyfeatReader:
    """Reads CSV files of py-feat.

    Attributes
    ----------
    frames_per_second
        Rate to compute times from, in place of the file's times; None: the file's.
    """

    frames_per_second: float | None = None

    def __post_init__(self) -> None:
        check_rate(self.frames_per_second)

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="pyfeat",
            program="py-feat 1 and 2",
            level="frames",
            endings=(".csv",),
            summary="CSV of a Fex table",
            signals={each.name: each.unit for each in SIGNALS.values()},
            proven_on="real files",
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as a CSV of py-feat.

        Raises
        ------
        InputError
            It is none.
        """
        _, _, names = find_header(read_beginning(path), path, is_header=_is_header, expected=EXPECTED)
        return f"its columns {', '.join(name for name in names if name in ('FaceRectX', 'FaceScore', 'AU01', 'AU12'))}"

    def read(self, path: Path) -> Imported:
        """Return the frames of one CSV.

        Raises
        ------
        MissingError, DamagedFileError, InputError
            As every reader; or there are no times and no frame rate was stated.
        """
        text = read_delimited(path, is_header=_is_header, expected=EXPECTED)
        known = {name: SIGNALS[name] for name in dict.fromkeys(text.columns) if name in SIGNALS}
        signals, n_damaged = take_signals(text, known)
        frame = text.numbers(FRAME)[0] if FRAME in text.columns else pl.Series(range(signals.height), dtype=pl.Float64)
        stamps = text.text(TIME)
        placed = time_frames(
            frame,
            read_clock(stamps),
            rate=self.frames_per_second,
            whole_s=bool(stamps.str.contains(":").any()),
            where=str(path),
        )
        conditions, angle_notes = _read_conditions(text)
        measured = signals.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        rows = signals.with_columns(
            frame.alias("frame"), placed.time_s.alias("time"), measured.alias("success"), *conditions
        )
        faced, face_notes = _number_faces(rows, text.text(IDENTITY))
        used = [*known, *BOX.values(), *(column for column, _ in ANGLES.values()), TIME, FRAME, IDENTITY]
        notes = [*placed.notes, *angle_notes, *face_notes, *list_left_out(text.columns, used, groups=GROUPS)]
        coded = CodedRows(faced, {each.name: each for each in known.values()}, {}, notes, n_damaged)
        imported = build_frames(coded, text, where=str(path))
        return Imported(imported.tables, imported.counts, imported.notes, placed.error_s)


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    boxed = {"FaceRectX", "FaceScore"} & found
    return bool(boxed) and any(fold_name(name) in ("au01", "au12") for name in found)


def _read_conditions(text: DelimitedText) -> tuple[list[pl.Series], list[str]]:
    conditions = [text.numbers(column)[0].alias(name) for name, column in BOX.items() if column in text.columns]
    second = bool({*SECOND_VERSION} & {*text.columns})
    angles = {name: text.numbers(column)[0] for name, (column, _) in ANGLES.items() if column in text.columns}
    largest = max((float(each.abs().max() or 0) for each in angles.values()), default=0.0)  # type: ignore[arg-type]
    in_radians = second and largest <= LARGEST_RADIAN
    factor = 180 / math.pi if in_radians else 1.0
    for name, values in angles.items():
        sign = ROLL_OF_VERSION_2 if second and name == "roll" else ANGLES[name][1]
        conditions.append((values * sign * factor).alias(name))
    notes = ["the head's angles are radians, as version 2 writes them, and became degrees"] if in_radians else []
    return conditions, notes


def _number_faces(rows: pl.DataFrame, identities: pl.Series) -> tuple[pl.DataFrame, list[str]]:
    """Return ``rows`` with the face's number: by identity, else by order within the frame."""
    within = pl.int_range(pl.len()).over("frame")
    if not rows["frame"].is_duplicated().any():
        return rows.with_columns(pl.lit(0).alias("face")), []
    names = identities.drop_nulls().unique(maintain_order=True).to_list()
    if names and not pl.DataFrame({"f": rows["frame"], "i": identities}).drop_nulls().is_duplicated().any():
        numbers = identities.replace_strict(dict(zip(names, range(len(names)), strict=True)), default=0)
        faced = rows.with_columns(numbers.alias("face"))
        note = "faces are told apart by py-feat's Identity"
    else:
        faced = rows.with_columns(within.alias("face"))
        note = "faces are numbered by their order in each frame: check that it is always the same person"
    counted = pl.col("success").sum().over("frame").alias("faces_found")
    return faced.with_columns(counted), [note]
