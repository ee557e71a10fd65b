"""Where the eyes look, from the irises: good enough to tell "far off the screen", not to tell what is looked at.

The iris's shift from the middle between the eye's corners, in eye widths, becomes an angle by the size of an average
eye; the head's pose is added, so a face that turns while the eyes stay on the screen stays near 0. Persons differ by
several degrees, more up and down than sideways. Closed eyes give no gaze.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.pose import HeadPose

EYE_WIDTHS_A_RADIUS = 2.4
"""Width between an eye's corners (some 29 mm) by the eyeball's radius (some 12 mm)."""
OPEN_EYE = 0.1
"""Eye opening by eye width below which an iris is guessed, not seen."""
RIGHT_EYE = (33, 133, 159, 145, 468)
LEFT_EYE = (362, 263, 386, 374, 473)
"""Landmarks of each eye: corner towards the picture's left, towards its right, upper lid, lower lid, iris."""

FloatArray = NDArray[np.floating]


def measure_gaze(landmarks: FloatArray, pose: HeadPose) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return yaw (to the person's left +) and pitch (down +) of the line of sight against the camera's axis ``[n]``.

    Degrees; NaN without a face or with both eyes closed. With one eye closed the other decides.

    Parameters
    ----------
    landmarks
        ``[n, 478, 3]`` px, unsmoothed.
    pose
        The head's pose in the same frames.
    """
    right, left = (_turn_eye(landmarks[:, eye, :2].astype(np.float64)) for eye in (RIGHT_EYE, LEFT_EYE))
    both = (right + left) / 2
    turn = np.where(np.isfinite(both), both, np.where(np.isfinite(right), right, left))
    return pose.yaw + turn[:, 0], pose.pitch + turn[:, 1]


def _turn_eye(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the eye's turn in the head ``[n, 2]`` (degrees: to the person's left, down); NaN where it is closed."""
    start, end, upper, lower, iris = points.transpose(1, 0, 2)
    across = end - start
    width = np.hypot(across[:, 0], across[:, 1])
    across = across / width[:, None]
    down = np.stack([-across[:, 1], across[:, 0]], axis=1)
    shift = (iris - (start + end) / 2) / width[:, None]
    opening = np.hypot(*(lower - upper).T) / width
    offsets = np.stack([(shift * across).sum(axis=1), (shift * down).sum(axis=1)], axis=1)
    turns = np.degrees(np.arcsin(np.clip(offsets * EYE_WIDTHS_A_RADIUS, -1, 1)))
    return np.where(opening[:, None] >= OPEN_EYE, turns, np.nan)
