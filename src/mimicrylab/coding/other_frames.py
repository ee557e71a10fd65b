"""Frames that another program coded of a video, as a coder gives them: the video's own times, declared columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.coding.coder import Signal
from mimicrylab.coding.packet_times import read_packet_times
from mimicrylab.coding.video import VideoBreak
from mimicrylab.errors import InputError
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES

FRAMES_TOLERANCE = 0.02
"""The program may count this share of frames more or fewer than the video has; more means that they do not match."""


def place_on_video_times(frames: pl.DataFrame, video: Path, *, program: str) -> tuple[pl.DataFrame, VideoBreak | None]:
    """Return frames with the times at which the video shows them, and where the program stopped early, if it did.

    Frame k of the program is the k-th frame of the video. Frames beyond the video's end (at most 2 %) are left out.

    Raises
    ------
    InputError
        The program counts more than 2 % more frames than the video has: they cannot be told apart.
    """
    times = read_packet_times(video)
    n_frames = int(frames["frame"].max()) + 1  # type: ignore[arg-type]
    if times.size < 2:
        return frames, None
    if n_frames > (1 + FRAMES_TOLERANCE) * times.size:
        raise InputError(
            f"{program} counts other frames than the video has",
            expected=f"{times.size} frames",
            found=f"{n_frames}",
            do="convert the video to mp4 with its true frame rate",
        )
    known = frames.filter(pl.col("frame") < times.size)
    timed = known.with_columns(time=pl.Series("time", times[known["frame"].to_numpy()], dtype=pl.Float64))
    return timed, _find_early_end(times, n_frames, program=program, where=str(video))


def _find_early_end(times: NDArray[np.float64], n_frames: int, *, program: str, where: str) -> VideoBreak | None:
    if n_frames >= (1 - FRAMES_TOLERANCE) * times.size:
        return None
    return VideoBreak(f"{program} coded {n_frames} of {times.size} frames", float(times[n_frames]), where=where)


def conform_frames(frames: pl.DataFrame, signals: Sequence[Signal]) -> pl.DataFrame:
    """Return frame rows with the conditions that are there and every declared signal, null where it was not written."""
    conditions = [column.name for column in (*FRAMES.columns, *FRAME_CONDITIONS) if column.name in frames.columns]
    absent = [signal.name for signal in signals if signal.name not in frames.columns]
    complete = frames.with_columns(pl.lit(None, pl.Float32).alias(name) for name in absent)
    return complete.select(*conditions, *(pl.col(signal.name).cast(pl.Float32) for signal in signals))
