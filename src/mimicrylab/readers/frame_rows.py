"""Rows of frames from another program: each once, every frame there, times that increase, and a summary."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mimicrylab.errors import DamagedFileError, count_things

PLAUSIBLE_RATES = (5.0, 250.0)
"""Frames a second of cameras that films of faces are made with."""

LARGEST_SPAN = 10
"""A file's frame numbers may span this many times its number of frames; beyond, a number is damaged."""


def drop_repeated_rows(rows: pl.DataFrame, *, where: str) -> pl.DataFrame:
    """Return each (face, frame) once, in the order of frames.

    Raises
    ------
    DamagedFileError
        Two rows of one face and frame differ.
    """
    unique = rows.unique(maintain_order=True)
    repeated = unique.filter(pl.struct("face", "frame").is_duplicated())
    if repeated.height:
        first = repeated.row(0, named=True)
        raise DamagedFileError(
            "a frame comes twice with different values",
            where=where,
            found=f"frame {first['frame']} (counted from 0) of face {first['face']}; "
            f"{count_things(repeated.select('face', 'frame').n_unique(), 'such frame')} in all",
            do="if two runs were written into one file, import each from a file of its own",
        )
    return unique.sort("frame", "face")


def complete_frames(rows: pl.DataFrame, *, where: str) -> pl.DataFrame:
    """Return ``rows`` with a row for every face in every frame from the first to the last.

    A frame without a row is a frame without a face: ``success`` False, all else null, and the time that the frame has
    for another face, or else by interpolation between the frames around it. Otherwise a lost face would not count as
    lost.

    Raises
    ------
    DamagedFileError
        Times do not increase with frames, or the frame numbers leave a gap that no recording has.
    """
    times = rows.select("frame", "time").unique().sort("frame", "time")
    wrong = times.filter(times["time"].diff() <= 0)
    if wrong.height:
        raise DamagedFileError(
            "times do not increase from frame to frame",
            where=where,
            found=f"frame {wrong['frame'][0]} (counted from 0); {count_things(wrong.height, 'such frame')} in all",
            do="state the frame rate with --fps if the file's timestamps cannot be trusted",
        )
    if times["frame"].is_duplicated().any():
        raise DamagedFileError("a frame comes with two times", where=where, do="state the frame rate with --fps")
    first, last = int(times["frame"][0]), int(times["frame"][-1])
    span = last - first + 1
    if span > LARGEST_SPAN * times.height:
        raise DamagedFileError(
            "frame numbers jump", where=where, expected=f"about {times.height}", found=f"{first} to {last}"
        )
    faces = rows.select("face").unique()
    if rows.height == span * faces.height:
        return rows
    every = pl.DataFrame({"frame": pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)})
    clock = every.join(times, on="frame", how="left").with_columns(pl.col("time").interpolate_by("frame"))
    return (
        clock.join(faces, how="cross")
        .join(rows.drop("time"), on=["frame", "face"], how="left")
        .with_columns(pl.col("success").fill_null(False))
        .select(rows.columns)
        .sort("frame", "face")
    )


def count_frames(frames: pl.DataFrame) -> dict[str, int]:
    """Return how many frames, faces, and frames with a face there are."""
    with_face = frames.filter(pl.col("success"))["frame"].n_unique()
    return {"frames": frames["frame"].n_unique(), "faces": frames["face"].n_unique(), "frames with a face": with_face}


def doubt_rate(frames: pl.DataFrame) -> Iterator[str]:
    """Yield a sentence if the times imply a rate that no camera of this field has."""
    times = frames["time"].unique().sort()
    if times.len() < 2:
        return
    rate = (times.len() - 1) / (times[-1] - times[0])
    slowest, fastest = PLAUSIBLE_RATES
    if not slowest <= rate <= fastest:
        yield f"the times imply {rate:.6g} frames a second, which is not plausible: state the true rate with --fps"
