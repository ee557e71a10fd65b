"""How the head is turned, from landmarks, the way MediaPipe's face geometry finds it.

Landmarks are where the head appears; a face at the picture's edge appears turned because the camera sees it from the
side. So the landmarks are first put back into space under a camera of 63 degrees (vertical), then the canonical head is
laid onto 33 of them that expressions hardly move, and the turn that this takes is the pose.

Source: mediapipe/tasks/cc/vision/face_geometry/libs/geometry_pipeline.cc (Apache-2.0); the least-squares turn: Umeyama
(1991), IEEE PAMI 13, 376-380, doi:10.1109/34.88573.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

VERTICAL_VIEW_DEG = 63.0
"""MediaPipe's default camera; a webcam's 50 to 70 degrees change the pose of a centred face by little."""

FloatArray = NDArray[np.floating]


@dataclass(frozen=True)
class HeadPose:
    """Angles ``[n]`` in degrees as in ``schemas.FRAMES``; NaN where there is no face.

    ``pitch``: down +; ``yaw``: to the person's left +; ``roll``: tilted to the person's left +.
    """

    pitch: NDArray[np.float64]
    yaw: NDArray[np.float64]
    roll: NDArray[np.float64]


def measure_head_pose(landmarks: FloatArray, width: FloatArray, height: FloatArray) -> HeadPose:
    """Return the head's pose in each frame.

    Parameters
    ----------
    landmarks
        ``[n, 478, 3]`` px, x to the right, y down, z away from the camera; NaN in frames without a face.
    width, height
        Size of the picture in each frame ``[n]`` px.
    """
    rotation = find_rotations(landmarks, width, height)
    pitch = np.arcsin(np.clip(-rotation[:, 1, 2], -1, 1))
    yaw = np.arctan2(rotation[:, 0, 2], rotation[:, 2, 2])
    roll = -np.arctan2(rotation[:, 1, 0], rotation[:, 1, 1])
    return HeadPose(np.degrees(pitch), np.degrees(yaw), np.degrees(roll))


def find_rotations(landmarks: FloatArray, width: FloatArray, height: FloatArray) -> NDArray[np.float64]:
    """Return the rotation of each head ``[n, 3, 3]`` (x to the picture's right, y up, z towards the camera)."""
    head = _read_head_model()
    present = np.isfinite(landmarks).all(axis=(1, 2))
    seen = landmarks[present].astype(np.float64)
    near_height = 2 * np.tan(np.radians(VERTICAL_VIEW_DEG) / 2)
    unit = (near_height / height[present].astype(np.float64))[:, None, None]
    middle = np.stack([width[present] / 2, height[present] / 2, np.zeros(len(seen))], axis=1)[:, None]
    screen = (seen - middle) * unit * np.array([1.0, -1.0, 1.0])
    depth = screen[:, :468, 2].mean(axis=1)
    points = screen[:, head.landmarks]
    flat = points * np.array([1.0, 1.0, -1.0])
    scale = _fit(flat, head)[1]
    scale = scale * _fit(_unproject(points, depth, scale), head)[1]
    rotations = np.full((len(landmarks), 3, 3), np.nan)
    rotations[present] = _fit(_unproject(points, depth, scale), head)[0]
    return rotations


@dataclass(frozen=True)
class _HeadModel:
    landmarks: NDArray[np.int64]
    weights: NDArray[np.float64]
    points: NDArray[np.float64]


@cache
def _read_head_model() -> _HeadModel:
    model = json.loads(files("mimicrylab.coding").joinpath("head_model.json").read_text(encoding="utf-8"))
    return _HeadModel(np.array(model["landmarks"]), np.array(model["weights"]), np.array(model["points_cm"]))


def _unproject(
    points: NDArray[np.float64], depth: NDArray[np.float64], scale: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Put points of the screen back into space, the head at the distance that its scale implies."""
    distance = (points[:, :, 2] - depth[:, None] + 1) / scale[:, None]
    return np.stack([points[:, :, 0] * distance, points[:, :, 1] * distance, -distance], axis=-1)


def _fit(points: NDArray[np.float64], head: _HeadModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rotation ``[n, 3, 3]`` and scale ``[n]`` that lay the head model onto points ``[n, 33, 3]``."""
    share = head.weights / head.weights.sum()
    source = head.points - share @ head.points
    weighted = source * share[:, None]
    target = points - (share[:, None] * points).sum(axis=1, keepdims=True)
    left, stretch, right = np.linalg.svd(target.transpose(0, 2, 1) @ weighted)
    mirrored = np.linalg.det(left @ right) < 0
    left[mirrored, :, 2] *= -1
    stretch[mirrored, 2] *= -1
    return left @ right, stretch.sum(axis=1) / (weighted * source).sum()
