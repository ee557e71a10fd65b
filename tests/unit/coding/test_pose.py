"""Heads turned by known angles before a known camera, and MediaPipe's own landmarks with its own rotations."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from mimicrylab.coding.pose import find_rotations, measure_head_pose

REFERENCE = np.load(Path(__file__).parents[2] / "reference" / "mediapipe-0.10.33.npz")
WIDTH, HEIGHT = 640, 480
FOCAL_PX = HEIGHT / 2 / np.tan(np.radians(63 / 2))
HEAD = json.loads(files("mimicrylab.coding").joinpath("head_model.json").read_text(encoding="utf-8"))


def turn_head(*, yaw: float = 0, pitch: float = 0, roll: float = 0) -> np.ndarray:
    """Return the rotation that turns to the person's left, down, and tilts to the person's left (x right, y up)."""
    y, p, r = np.radians([yaw, pitch, -roll])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_y @ about_x @ about_z


def photograph(rotation: np.ndarray, *, place=(0.0, 0.0), distance: float = 50.0) -> np.ndarray:
    """Return landmarks ``[1, 478, 3]`` of the canonical head before the camera; depth as the model gives it."""
    points = np.array(HEAD["points_cm"]) @ rotation.T
    depth = distance - points[:, 2]
    x = WIDTH / 2 + FOCAL_PX * (points[:, 0] + place[0]) / depth
    y = HEIGHT / 2 - FOCAL_PX * (points[:, 1] + place[1]) / depth
    z = -points[:, 2] * FOCAL_PX / distance
    landmarks = np.zeros((478, 3), dtype=np.float32)
    landmarks[:] = [WIDTH / 2, HEIGHT / 2, 0]
    landmarks[HEAD["landmarks"]] = np.stack([x, y, z], axis=1)
    return landmarks[None]


def measure(landmarks: np.ndarray) -> tuple[float, float, float]:
    size = np.full(len(landmarks), WIDTH), np.full(len(landmarks), HEIGHT)
    pose = measure_head_pose(landmarks, *size)
    return float(pose.pitch[0]), float(pose.yaw[0]), float(pose.roll[0])


@pytest.mark.parametrize(
    ("pitch", "yaw", "roll"), [(0, 0, 0), (15, 0, 0), (-15, 0, 0), (0, 25, 0), (0, -25, 0), (0, 0, 30), (10, -20, 12)]
)
def test_known_angles_come_back(pitch, yaw, roll):
    measured = measure(photograph(turn_head(pitch=pitch, yaw=yaw, roll=roll)))
    assert measured == pytest.approx((pitch, yaw, roll), abs=1.5)


def test_signs_are_those_of_the_table():
    """Down, to the person's left (the picture's right), and tilted to the person's left are positive."""
    nose, forehead = HEAD["landmarks"].index(4), HEAD["landmarks"].index(10)
    straight = photograph(np.eye(3))[0, HEAD["landmarks"]]
    left = photograph(turn_head(yaw=20))[0, HEAD["landmarks"]]
    down = photograph(turn_head(pitch=20))[0, HEAD["landmarks"]]
    tilted = photograph(turn_head(roll=20))[0, HEAD["landmarks"]]
    assert left[nose, 0] > straight[nose, 0]
    assert down[nose, 1] > straight[nose, 1]
    assert tilted[forehead, 0] > straight[forehead, 0]


def test_a_face_at_the_edge_is_not_taken_for_a_turned_one():
    _, yaw, _ = measure(photograph(np.eye(3), place=(15.0, 0.0)))
    assert abs(yaw) < 2


def test_no_face_is_no_pose():
    landmarks = np.concatenate([photograph(np.eye(3)), np.full((1, 478, 3), np.nan, dtype=np.float32)])
    pose = measure_head_pose(landmarks, np.full(2, WIDTH), np.full(2, HEIGHT))
    assert np.isnan([pose.pitch[1], pose.yaw[1], pose.roll[1]]).all()
    assert np.isfinite(pose.yaw[0])


@pytest.mark.parametrize("name", ["WolfgangLanger_Pexels.mp4", "single_face.mp4", "noface_face.mov"])
def test_mediapipes_landmarks_give_mediapipes_rotations(name):
    landmarks = REFERENCE[f"{name}/landmarks"]
    width, height = (np.full(len(landmarks), size) for size in REFERENCE[f"{name}/size"])
    coded = np.flatnonzero(REFERENCE[f"{name}/present"])
    rows = np.searchsorted(coded, REFERENCE[f"{name}/landmark_frames"])
    expected = REFERENCE[f"{name}/rotations"][rows]
    np.testing.assert_allclose(find_rotations(landmarks, width, height), expected, atol=1e-5)
