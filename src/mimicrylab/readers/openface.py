"""OpenFace 2.x: the CSV of FeatureExtraction and FaceLandmarkVidMulti, and the still-image CSV of FaceLandmarkImg.

What becomes of its columns:

- ``frame`` counts from 1 and becomes 0-based; ``timestamp`` (s) becomes ``time``. OpenFace computes it as frame by
  average rate, which is wrong by up to some hundred milliseconds where a video's frame rate varies.
- ``success`` 0 means that no face was found. OpenFace writes 0 for every action unit there; here they are null.
- ``pose_Rx, pose_Ry, pose_Rz`` are angles in radians about the camera's x (to the right in the picture), y (down) and
  z (away from the camera) axes. ``pitch`` = Rx (turned down is positive in both), ``yaw`` = -Ry (positive Ry turns the
  face to the left in the picture, which is the person's right), ``roll`` = Rz (positive lowers the right side of the
  picture, which is the person's left); all three in degrees. Checked against the three-dimensional landmarks of a real
  file.
- the box is the smallest one around the 68 landmarks ``x_0`` ... ``y_67`` (px), where they were written: from the brows
  to the chin, without the forehead.
- ``gaze_yaw`` and ``gaze_pitch`` are the direction of both eyes' mean gaze vector, in degrees: to the right in the
  picture (the person's left) and down are positive. ``faces_found`` counts faces where more than one was tracked.
- action units, gaze and ``pose_T`` keep their names and units. Landmarks and shape parameters are left out unless asked
  for: they are nine tenths of the file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from mimicrylab.errors import DamagedFileError, InputError, MissingError
from mimicrylab.readers.frame_rows import complete_frames, count_frames, doubt_rate, drop_repeated_rows
from mimicrylab.readers.number_lines import list_line_notes, read_number_lines
from mimicrylab.readers.openface_columns import (
    GAZE_VECTORS,
    HEAD_POSE,
    LANDMARK_X,
    LANDMARK_Y,
    POSITION,
    SIGNALS,
    SUCCESS_CONFIDENCE,
    is_numbered_header,
    is_possible,
    is_read,
    is_signal,
    looks_like_openface,
)
from mimicrylab.readers.openface_notes import list_column_notes, list_count_notes
from mimicrylab.readers.reader import Imported, ReaderDescription
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES

SHORTEST_GAZE = 1.0
"""Two unit vectors add up to nearly 2; OpenFace writes zeros where it could not tell the gaze."""

MAXIMUM_DAMAGED_SHARE = 0.1
"""A file with a larger share of unreadable lines or cells is refused: what is left would not be the recording."""

LONGEST_HEADER_BYTES = 1 << 20
REPAIR = "use the file as OpenFace wrote it, or run OpenFace again"


@dataclass(frozen=True)
class OpenFaceReader:
    """Reads OpenFace 2.x CSV files.

    Attributes
    ----------
    frames_per_second
        Rate to compute times from, ``frame / rate``, in place of the file's timestamps; None: the timestamps.
    landmarks
        Whether to keep landmarks and shape parameters as signals.
    """

    frames_per_second: float | None = None
    landmarks: bool = False

    def __post_init__(self) -> None:
        rate = self.frames_per_second
        if rate is not None and not (math.isfinite(rate) and rate > 0):
            raise InputError("this is no frame rate", expected="frames a second, above 0", found=f"{rate:g}")

    @property
    def description(self) -> ReaderDescription:
        """What this reader is."""
        return ReaderDescription(
            name="openface",
            program="OpenFace 2.x",
            level="frames",
            endings=(".csv",),
            summary="CSV of FeatureExtraction, FaceLandmarkVidMulti and FaceLandmarkImg",
            signals=SIGNALS,
            proven_on="real files",
        )

    def recognise(self, path: Path) -> str:
        """Return by what ``path`` is known as an OpenFace 2.x CSV.

        Raises
        ------
        InputError
            It is none.
        """
        with path.open("rb") as stream:
            names = _read_header(stream, path)
        known = [name for name in names if name in ("success", "confidence", "AU12_r", "AU12_c", "pose_Rx", "gaze_0_x")]
        return f"its columns {', '.join(known)}"

    def read(self, path: Path) -> Imported:
        """Return the frames of one CSV.

        Raises
        ------
        MissingError
            There is no such file.
        DamagedFileError
            The file is empty or has no readable line, more than a tenth of it is damaged, a frame comes twice with
            different values, or times do not increase.
        InputError
            The file is no OpenFace 2.x CSV.
        """
        if not path.is_file():
            raise MissingError("there is no such file", where=str(path))
        with path.open("rb") as stream:
            names = _read_header(stream, path)
            read = [name for name in names if is_read(name, landmarks=self.landmarks)]
            lines = read_number_lines(stream, names, read)
        placed = self._place_lines(lines.cells, path)
        n_unreadable = lines.n_lines - placed.height
        if not placed.height or n_unreadable - lines.cut_off > MAXIMUM_DAMAGED_SHARE * lines.n_lines:
            raise DamagedFileError(
                "too many lines cannot be read" if lines.n_lines else "the file has a header and no line below it",
                where=str(path),
                expected=f"at most {MAXIMUM_DAMAGED_SHARE:.0%}" if lines.n_lines else "a line for each frame",
                found=f"{n_unreadable} of {lines.n_lines}" if lines.n_lines else None,
                do=REPAIR,
            )
        unique = drop_repeated_rows(placed, where=str(path))
        cleared, n_damaged = _empty_impossible_cells(unique, where=str(path))
        complete = complete_frames(cleared, where=str(path))
        signals = [name for name in names if is_signal(name, landmarks=self.landmarks)]
        frames = complete.select(
            *(_shape_column(name, complete.columns) for name in FRAMES.names if name != "recording_id"),
            *_list_conditions(complete),
            *(pl.col(name).cast(pl.Float32) for name in signals),
        )
        counts = count_frames(frames) | {
            "unreadable lines": n_unreadable,
            "repeated lines": placed.height - unique.height,
            "damaged cells": n_damaged,
            "frames filled in": complete.height - cleared.height,
        }
        notes = (
            *list_line_notes(n_unreadable, cut_off=lines.cut_off),
            *list_column_notes(names, signals),
            *list_count_notes(counts),
            *doubt_rate(frames),
        )
        return Imported({FRAMES.name: frames}, counts, notes)

    def _place_lines(self, cells: pl.DataFrame, path: Path) -> pl.DataFrame:
        """Return the lines that say where they belong, with face, frame, time and success in our terms."""
        names = cells.columns
        zero = pl.lit(0.0)
        if "frame" not in names:
            frame = time = zero
        else:
            counts_from_zero = bool((cells["frame"] == 0).any())
            frame = pl.col("frame") - (0 if counts_from_zero else 1)
            if self.frames_per_second is not None:
                time = frame / self.frames_per_second
            elif "timestamp" in names:
                time = pl.col("timestamp")
            else:
                raise InputError("the file has no timestamps", where=str(path), do="state the frame rate with --fps")
        if "success" in names:
            success = pl.col("success")
        elif "frame" in names:
            success = (pl.col("confidence") > SUCCESS_CONFIDENCE).cast(pl.Float64)
        else:
            success = pl.lit(1.0)
        face = next((pl.col(name) for name in ("face_id", "face") if name in names), zero)
        values = cells.select(
            frame.alias("frame"),
            face.alias("face"),
            time.alias("time"),
            success.alias("success"),
            *(pl.col(name) for name in names if name not in POSITION or name == "confidence"),
        )
        placed = values.filter(
            _is_whole("frame", 0, 2**31 - 1)
            & _is_whole("face", 0, 2**15 - 1)
            & _is_whole("success", 0, 1)
            & pl.col("time").is_not_null()
        )
        return placed.with_columns(
            pl.col("frame").cast(pl.Int32), pl.col("face").cast(pl.Int16), pl.col("success") == 1
        )


def _read_header(stream: BinaryIO, path: Path) -> list[str]:
    """Return the column names of an OpenFace CSV, or raise the error that says why the file is none."""
    line = stream.readline(LONGEST_HEADER_BYTES)
    if not line:
        raise DamagedFileError("the file is empty", where=str(path), expected="a CSV that OpenFace 2.x wrote")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError("this is not a text file", where=str(path), expected="a CSV that OpenFace 2.x wrote")
    names = _split_header(text, ",")
    if is_numbered_header(names):
        raise InputError(
            "this CSV numbers its action units from 1 to 8, as programs around OpenFace 3 do: they are not the units "
            "that these names mean",
            where=str(path),
            do="mimicrylab import openface3",
        )
    if looks_like_openface(names):
        repeated = [name for name in names if names.count(name) > 1 and is_read(name, landmarks=True)]
        if repeated:
            raise DamagedFileError("a column comes twice", where=str(path), found=repeated[0], do=REPAIR)
        return names
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if looks_like_openface(_split_header(text, mark)):
            raise InputError(
                f"the columns are separated by {called}",
                where=str(path),
                expected="commas, as OpenFace writes them",
                do="use the file as OpenFace wrote it; a spreadsheet may have changed its numbers as well",
            )
    raise InputError(
        "this is not a CSV that OpenFace 2.x wrote",
        where=str(path),
        expected="columns success or confidence, and action units (AU12_r), head pose (pose_Rx) or gaze (gaze_0_x)",
        found=f"{len(names)} columns that are not these",
    )


def _split_header(text: str, mark: str) -> list[str]:
    return [cell.strip().strip('"') for cell in text.split(mark)]


def _is_whole(name: str, minimum: int, maximum: int) -> pl.Expr:
    value = pl.col(name)
    return value.is_between(minimum, maximum) & (value == value.round())


def _empty_impossible_cells(rows: pl.DataFrame, *, where: str) -> tuple[pl.DataFrame, int]:
    """Return ``rows`` with null where there is no face or an impossible value, and the number of the latter.

    An empty cell in a frame with a face counts as damaged too.
    """
    names = [name for name in rows.columns if name not in ("frame", "face", "time", "success")]
    cleared = rows.with_columns(
        pl.when(pl.col("success") & is_possible(name)).then(pl.col(name)).alias(name) for name in names
    )
    with_face = cleared.filter("success")
    n_cells = with_face.height * len(names)
    n_damaged = sum(with_face[name].null_count() for name in names)
    if n_damaged > MAXIMUM_DAMAGED_SHARE * n_cells:
        raise DamagedFileError(
            "too many cells are no number or out of range",
            where=where,
            expected=f"at most {MAXIMUM_DAMAGED_SHARE:.0%}",
            found=f"{n_damaged} of {n_cells}",
            do=REPAIR,
        )
    return cleared, n_damaged


def _shape_column(name: str, columns: Sequence[str]) -> pl.Expr:
    """Return how a declared column of the frames table comes out of OpenFace's columns."""
    value: pl.Expr = pl.lit(None)
    boxed = set(LANDMARK_X) | set(LANDMARK_Y) <= set(columns)
    if name in HEAD_POSE:
        column, sign = HEAD_POSE[name]
        value = pl.col(column).degrees() * sign if column in columns else value
    elif name.startswith("box_"):
        value = _enclose_landmarks(name) if boxed else value
    elif name in columns:
        value = pl.col(name)
    return value.cast(FRAMES.column(name).dtype).alias(name)


def _list_conditions(rows: pl.DataFrame) -> Iterator[pl.Expr]:
    """Yield the columns of FRAME_CONDITIONS that these rows can tell."""
    types = {column.name: column.dtype for column in FRAME_CONDITIONS}
    if rows["face"].n_unique() > 1:
        yield pl.col("success").sum().over("frame").cast(types["faces_found"]).alias("faces_found")
    if {column for columns in GAZE_VECTORS.values() for column in columns} <= set(rows.columns):
        across, down, away = (pl.sum_horizontal(columns, ignore_nulls=False) for columns in GAZE_VECTORS.values())
        length = (across**2 + down**2 + away**2).sqrt()
        for name, turned in (("gaze_yaw", across), ("gaze_pitch", down)):
            angle = pl.arctan2(turned, -away).degrees().cast(types[name])
            yield pl.when(length > SHORTEST_GAZE).then(angle).alias(name)


def _enclose_landmarks(name: str) -> pl.Expr:
    """Return the edge or size of the smallest box around the landmarks; null if one of them is missing."""
    axis = LANDMARK_X if name in ("box_x", "box_width") else LANDMARK_Y
    low = pl.min_horizontal(axis)
    value = low if name in ("box_x", "box_y") else pl.max_horizontal(axis) - low
    return pl.when(pl.all_horizontal(pl.col(axis).is_not_null())).then(value)
