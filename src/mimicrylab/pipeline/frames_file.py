"""One file of frames that another program coded, as it will be stored: one face, the video's own times, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from dataclasses import replace as change
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.errors import InputError
from mimicrylab.readers.frame_times import NoTimesError
from mimicrylab.readers.reader import Imported, Reader
from mimicrylab.schemas import EVENTS, FRAMES
from mimicrylab.session.recording import Source
from mimicrylab.study import StudyFolder
from mimicrylab.tables import Provenance, hash_file

FRAMES_TOLERANCE = 0.02
"""A video's own times are taken only where its number of frames differs by at most this share from the file's."""


@dataclass(frozen=True)
class FramesFile:
    """One file of frames as it will be stored."""

    source: Source
    frames: pl.DataFrame
    provenance: Provenance
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    shown: pl.DataFrame | None = None
    time_error_s: float | None = None


def find_video(source: Source, recordings: pl.DataFrame, folder: StudyFolder) -> Path | None:
    """Return the video of a recording, or None where the study does not have it."""
    paths = recordings.filter(recording_id=source.recording_id)["path"].drop_nulls().to_list()
    return next((folder.root / path for path in paths if (folder.root / path).is_file()), None)


def read_frames_file(reader: Reader, source: Source, *, face: int | None, video: Path | None, step: str) -> FramesFile:
    """Return the frames of one face of a file, with the video's own times where the study has it.

    Raises
    ------
    MissingError, DamagedFileError, InputError
        As the reader; or the file has no such face.
    """
    holder: Any = reader
    times = None
    options = {each.name: getattr(holder, each.name) for each in fields(holder)} if is_dataclass(holder) else {}
    if video is not None and options.get("frames_per_second") is None:
        from mimicrylab.coding.packet_times import read_packet_times

        times = read_packet_times(video)
    imported = _read_with_or_without_times(reader, source.path, times)
    frames, notes = _keep_one_face(imported, face, where=str(source.path))
    inputs = {reader.description.name: hash_file(source.path)}
    if video is not None and times is not None:
        frames, note = _take_video_times(frames, times)
        notes = (*notes, note)
        inputs["video"] = hash_file(video)
    about = {"program": reader.description.program, "counts": dict(imported.counts), "notes": [*imported.notes, *notes]}
    provenance = Provenance(step, inputs, {**options, "face": face}, about)
    return FramesFile(
        source,
        frames,
        provenance,
        imported.counts,
        (*imported.notes, *notes),
        imported.tables.get(EVENTS.name),
        imported.time_error_s,
    )


def _read_with_or_without_times(reader: Reader, path: Path, times: NDArray[np.float64] | None) -> Imported:
    """Read a file; where it has no times and the study has its video, with the video's mean rate in their place."""
    try:
        return reader.read(path)
    except NoTimesError:
        if times is None or times.size < 2 or not hasattr(reader, "frames_per_second"):
            raise
    rate = float((times.size - 1) / (times[-1] - times[0]))
    with_rate: Any = reader
    with_rate = change(with_rate, frames_per_second=rate)
    return cast(Imported, with_rate.read(path))


def _keep_one_face(imported: Imported, face: int | None, *, where: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the frames of one face; of several the wanted one, or the one that was found most often."""
    frames = imported.tables[FRAMES.name]
    found = frames.group_by("face").agg(pl.col("success").sum()).sort("success", "face", descending=[True, False])
    faces = [int(each) for each in found["face"].to_list()]
    if face is not None and face not in faces:
        expected = "one of " + ", ".join(map(str, sorted(faces)))
        raise InputError(f"the file has no face {face}", where=where, expected=expected)
    if found.height == 1:
        return frames, ()
    kept = faces[0] if face is None else face
    rows = frames.filter(face=kept)
    share = int(rows["success"].sum()) / rows.height
    reason = "found most often" if face is None else "as stated"
    note = f"only face {kept} is kept ({reason}, in {share:.0%} of the frames); --face keeps another"
    return rows, (note,)


def _take_video_times(frames: pl.DataFrame, times: NDArray[np.float64]) -> tuple[pl.DataFrame, str]:
    """Return the frames with the times of the video's own frames, and what was done; they stay where counts differ."""
    n_frames = int(frames["frame"].max()) + 1  # type: ignore[arg-type]
    if abs(times.size - n_frames) > FRAMES_TOLERANCE * n_frames:
        return frames, f"the video has {times.size} frames and the file {n_frames}: the file's own times are kept"
    known = frames.filter(pl.col("frame") < times.size)
    timed = known.with_columns(time=pl.Series("time", times[known["frame"].to_numpy()]))
    largest = float((timed["time"] - known["time"]).abs().max() or 0.0)  # type: ignore[arg-type]
    lost = frames.height - known.height
    beyond = f"; {lost} frames beyond the video's end are left out" if lost else ""
    return timed, f"times are the video's own; the file's were off by up to {1000 * largest:.0f} ms{beyond}"
