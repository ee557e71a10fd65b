"""From followed faces to rows of the table ``frames``: what is kept of each frame, and a batch of them as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mimicrylab.coding.action_units import measure_action_units
from mimicrylab.coding.blendshapes import name_blendshape_columns
from mimicrylab.coding.face_pixels import measure_sharpness
from mimicrylab.coding.gaze import measure_gaze
from mimicrylab.coding.occlusion import N_SIGNS, judge_occlusion, measure_signs
from mimicrylab.coding.pose import measure_head_pose
from mimicrylab.coding.tracking import TrackedFace, TrackedFrame
from mimicrylab.schemas import FRAME_CONDITIONS, FRAMES

N_LANDMARKS = 478
N_BLENDSHAPES = 52
SINGLE_FACE = 0


@dataclass(frozen=True)
class FrameRecord:
    """What is kept of a frame once its pixels are gone; the measures of the face are NaN where there is none."""

    number: int
    time: float
    width: int
    height: int
    faces_found: int
    confidence: float
    sharpness: float
    luminance: float
    occlusion_signs: NDArray[np.float64]
    landmarks: NDArray[np.float32]
    blendshapes: NDArray[np.float32]


def record_frame(frame: TrackedFrame) -> FrameRecord:
    """Return what is kept of a followed frame; its pixels are measured here and let go."""
    face = frame.face
    sharpness, luminance = measure_sharpness(face.crop) if face else (np.nan, np.nan)
    return FrameRecord(
        number=frame.number,
        time=frame.time,
        width=frame.width,
        height=frame.height,
        faces_found=frame.faces_found,
        confidence=face.confidence if face else np.nan,
        sharpness=sharpness,
        luminance=luminance,
        occlusion_signs=(measure_signs(face.crop, face.points, face.confidence) if face else np.full(N_SIGNS, np.nan)),
        landmarks=face.landmarks if face else np.full((N_LANDMARKS, 3), np.nan, dtype=np.float32),
        blendshapes=_read_blendshapes(face),
    )


def _read_blendshapes(face: TrackedFace | None) -> NDArray[np.float32]:
    if face is None or face.blendshapes is None:
        return np.full(N_BLENDSHAPES, np.nan, dtype=np.float32)
    return face.blendshapes


def stack_signs(records: Sequence[FrameRecord]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the signs of occlusion ``[n, 7]`` and the times ``[n]`` (s) of frames."""
    return np.stack([record.occlusion_signs for record in records]), np.array([record.time for record in records])


def tabulate_frames(
    records: Sequence[FrameRecord], *, usual_signs: NDArray[np.float64], blendshapes: bool
) -> pl.DataFrame:
    """Return frame rows: ``schemas.FRAMES`` without ``recording_id``, the conditions, action units, blendshapes.

    Parameters
    ----------
    records
        One or more frames in order of time.
    usual_signs
        ``[m, 7]``: signs of occlusion that are usual for this person, from `occlusion.extend_usual`.
    blendshapes
        Whether blendshapes were coded; without them their columns are left out.
    """
    landmarks = np.stack([record.landmarks for record in records])
    conditions = _list_conditions(records, landmarks, usual_signs)
    shapes: dict[str, NDArray[np.float32]] = {}
    if blendshapes:
        coded = np.stack([record.blendshapes for record in records])
        shapes = {name: coded[:, place] for place, name in enumerate(name_blendshape_columns())}
    units = measure_action_units(landmarks, shapes if blendshapes else None)
    columns = [column for column in (*FRAMES.columns, *FRAME_CONDITIONS) if column.name in conditions]
    return pl.DataFrame(
        [
            *(_make_series(column.name, conditions[column.name], column.dtype) for column in columns),
            *units,
            *(_make_series(name, values, pl.Float32) for name, values in shapes.items()),
        ]
    )


def _list_conditions(
    records: Sequence[FrameRecord], landmarks: NDArray[np.float32], usual_signs: NDArray[np.float64]
) -> dict[str, Any]:
    width = np.array([record.width for record in records])
    height = np.array([record.height for record in records])
    pose = measure_head_pose(landmarks, width, height)
    gaze_yaw, gaze_pitch = measure_gaze(landmarks, pose)
    low, high = landmarks[:, :, :2].min(axis=1), landmarks[:, :, :2].max(axis=1)
    occlusion = judge_occlusion(stack_signs(records)[0], usual_signs)
    confidence = np.array([record.confidence for record in records])
    return {
        "face": [SINGLE_FACE] * len(records),
        "frame": [record.number for record in records],
        "time": [record.time for record in records],
        "success": np.isfinite(confidence),
        "confidence": confidence,
        "pitch": pose.pitch,
        "yaw": pose.yaw,
        "roll": pose.roll,
        "box_x": low[:, 0],
        "box_y": low[:, 1],
        "box_width": high[:, 0] - low[:, 0],
        "box_height": high[:, 1] - low[:, 1],
        "sharpness": [record.sharpness for record in records],
        "luminance": [record.luminance for record in records],
        "faces_found": [record.faces_found for record in records],
        "mouth_occlusion": occlusion.mouth,
        "brow_occlusion": occlusion.brow,
        "gaze_yaw": gaze_yaw,
        "gaze_pitch": gaze_pitch,
    }


def _make_series(name: str, values: Any, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Make a column of the declared type, NaN (no face, not measured) becoming null."""
    series = pl.Series(name, values, nan_to_null=True)
    return series.fill_nan(None).cast(dtype) if series.dtype.is_float() else series.cast(dtype)
