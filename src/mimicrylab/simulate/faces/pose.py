"""How the head is held: turned about the neck, shifted in the seat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimicrylab.simulate.faces.mesh import FloatArray

PIVOT = np.array([0.0, 6.35, 0.15])
"""Where the head turns on the neck (units of the base mesh)."""

NECK_LOW, NECK_HIGH = 5.55, 6.45
"""Between these heights the neck follows the head more and more."""


@dataclass(frozen=True)
class Pose:
    """Pitch (down positive), yaw (to the person's left positive) and roll in degrees; shift of the trunk in mm."""

    pitch: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


def rotate(pose: Pose) -> FloatArray:
    """Return the rotation matrix ``[3, 3]`` of a pose: roll, then pitch, then yaw."""
    p, y, r = np.radians([pose.pitch, pose.yaw, pose.roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z)


def follow_head(rest_height: FloatArray) -> FloatArray:
    """Return how much points at these heights of the base head follow the head, 0 (trunk) to 1."""
    share = np.clip((rest_height - NECK_LOW) / (NECK_HIGH - NECK_LOW), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def pose_points(points: FloatArray, share: FloatArray, pose: Pose, *, millimetre: float) -> FloatArray:
    """Return points ``[n, 3]`` turned by their share of the pose and shifted; ``millimetre`` in units of the mesh."""
    turned = (points - PIVOT) @ rotate(pose).T + PIVOT
    return np.asarray(points + share[:, None] * (turned - points) + np.array(pose.shift_mm) * millimetre)
