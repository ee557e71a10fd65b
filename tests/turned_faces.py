"""Pictures of one face at many head poses, its expression unchanged: a real picture turned on its own mesh.

The face's landmarks, with their depth, are turned and projected, and each triangle of the picture is carried along. The
landmark model then looks at the turned picture as at any other. What changes in an action unit is leakage of pose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from mimicrylab.assets import fetch_asset
from mimicrylab.coding.detection import read_detections
from mimicrylab.coding.face_models import DETECTOR_INPUT_SIZE, LANDMARK_INPUT_SIZE, FaceModels
from mimicrylab.coding.regions import Region, cut_region, follow_landmarks, frame_picture, place_points
from mimicrylab.coding.video import decode_frames

N_SKIN = 468
"""Landmarks of the skin; the other ten are the irises."""
CAMERA_DISTANCE = 6.0
"""In distances between the outer eye corners: some 55 cm."""
AXIS_DEPTH = 0.4
"""How far behind the middle of eyes and nose the head turns."""


@dataclass(frozen=True)
class Face:
    """A picture with a face: an asset, and the number of the frame in a video."""

    person: str
    asset: str
    frame: int = 0


FACES = (
    Face("woman in a video", "WolfgangLanger_Pexels.mp4", 0),
    Face("woman in a video", "WolfgangLanger_Pexels.mp4", 240),
    Face("woman in a video", "WolfgangLanger_Pexels.mp4", 340),
    Face("man in a video", "single_face.mp4", 0),
    Face("man in a video", "single_face.mp4", 65),
    Face("surprised", "0-f1-su-ph.jpg"),
    Face("happy", "0-f15-hao-ph.jpg"),
    Face("angry", "15-f13-anc-ph.jpg"),
)


def read_picture(face: Face) -> NDArray[np.uint8]:
    """Return the RGB picture of a face."""
    path: Path = fetch_asset(face.asset)
    if path.suffix == ".jpg":
        return np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])
    return next(frame.pixels for frame in decode_frames(path) if frame.number == face.frame)


def find_landmarks(
    models: FaceModels, pixels: NDArray[np.uint8], *, near: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return the landmarks ``[478, 3]`` (px) of the face in a picture, looked at twice as a video would."""
    height, width = pixels.shape[:2]
    if near is None:
        picture = frame_picture(width, height)
        square = cut_region(pixels, picture, DETECTOR_INPUT_SIZE, replicate_border=False)
        region: Region = read_detections(*models.detect(square), picture)[0].region
    else:
        region = follow_landmarks(near)
    for _ in range(2):
        points, presence = models.find_landmarks(cut_region(pixels, region, LANDMARK_INPUT_SIZE))
        assert presence > 0.5
        landmarks = place_points(points, region)
        region = follow_landmarks(landmarks)
    return landmarks


def turn_face(
    pixels: NDArray[np.uint8], landmarks: NDArray[np.float32], *, yaw: float, pitch: float
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the picture with the face turned (degrees: yaw to the person's left, pitch down) and its landmarks."""
    skin = landmarks[:N_SKIN].astype(np.float64)
    size = np.linalg.norm(skin[33] - skin[263])
    axis = skin[[33, 263, 1]].mean(axis=0) + np.array([0, 0, AXIS_DEPTH * size])
    distance = CAMERA_DISTANCE * size
    solid = skin - axis
    solid[:, :2] *= (distance + solid[:, 2:]) / distance
    solid = solid @ _make_turn(yaw, pitch).T
    places = solid[:, :2] * (distance / (distance + solid[:, 2:])) + axis[:2]
    turned = cv2.GaussianBlur(pixels, (0, 0), 25)
    triangles = Delaunay(skin[:, :2]).simplices
    for triangle in triangles[np.argsort(-solid[triangles].mean(axis=1)[:, 2])]:
        _carry_triangle(pixels, turned, skin[triangle, :2], places[triangle])
    moved = np.concatenate([places, solid[:, 2:]], axis=1).astype(np.float32)
    return turned, moved


def _make_turn(yaw: float, pitch: float) -> NDArray[np.float64]:
    y, p = np.radians([-yaw, pitch])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    return about_y @ about_x


def _carry_triangle(
    source: NDArray[np.uint8], target: NDArray[np.uint8], was: NDArray[np.float64], is_now: NDArray[np.float64]
) -> None:
    """Draw one triangle of ``source`` where it is now; one that shows its back is not drawn."""
    if _area(was) * _area(is_now) <= 0:
        return
    low = np.maximum(np.floor(is_now.min(axis=0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(is_now.max(axis=0)).astype(int) + 2, target.shape[1::-1])
    if (high <= low).any():
        return
    width, height = (high - low).tolist()
    warp = cv2.getAffineTransform(was.astype(np.float32), (is_now - low).astype(np.float32))
    piece = cv2.warpAffine(source, warp, (width, height), borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.round((is_now - low) * 16).astype(np.int32), 1, shift=4)
    mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))
    target[low[1] : high[1], low[0] : high[0]][mask > 0] = piece[mask > 0]


def _area(corners: NDArray[np.float64]) -> float:
    (a, b), (c, d) = corners[1] - corners[0], corners[2] - corners[0]
    return float(a * d - b * c)


def look_at_turned(models: FaceModels, face: Face, poses: Sequence[tuple[float, float]]) -> NDArray[np.float32]:
    """Return what the landmark model sees ``[len(poses), 478, 3]`` of one face at each pose (yaw, pitch)."""
    pixels = read_picture(face)
    landmarks = find_landmarks(models, pixels)
    seen = []
    for yaw, pitch in poses:
        turned, moved = turn_face(pixels, landmarks, yaw=yaw, pitch=pitch)
        seen.append(find_landmarks(models, turned, near=moved))
    return np.stack(seen)
