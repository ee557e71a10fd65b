"""A turned rectangle around a face: cut out of a picture, and the way back from the cut-out into the picture.

All coordinates are pixels of the picture, x to the right and y down; angles are radians, clockwise on the screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

EXPANSION = 1.5
"""A face's region is this much larger than the face, so that it still holds the face in the next frame."""
RIGHT_EYE_CORNER = 33
LEFT_EYE_CORNER = 263
"""Landmarks of the outer eye corners (the person's right and left) that turn the region upright."""


@dataclass(frozen=True)
class Region:
    """Centre, size (px) and angle (radians) of a turned rectangle."""

    x: float
    y: float
    width: float
    height: float
    angle: float


def frame_picture(width: int, height: int) -> Region:
    """Return the square around a whole picture: letterboxing for the face detector."""
    side = float(max(width, height))
    return Region(width / 2, height / 2, side, side, 0.0)


def cut_region(
    pixels: NDArray[np.uint8], region: Region, size: int, *, replicate_border: bool = True
) -> NDArray[np.uint8]:
    """Return the region as an upright square image ``[size, size, 3]``.

    Pixel corners map to corners, without a half-pixel shift, and beyond the picture its border is repeated (or is
    black): both as MediaPipe does it, whose models were tuned to it.
    """
    cosine, sine = math.cos(region.angle), math.sin(region.angle)
    across, down = region.width / size, region.height / size
    to_picture = np.array(
        [
            [cosine * across, -sine * down, region.x - (cosine * region.width - sine * region.height) / 2],
            [sine * across, cosine * down, region.y - (sine * region.width + cosine * region.height) / 2],
        ]
    )
    return cv2.warpAffine(
        pixels,
        to_picture,
        (size, size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE if replicate_border else cv2.BORDER_CONSTANT,
    )  # type: ignore[return-value]


def place_points(points: NDArray[np.float32], region: Region) -> NDArray[np.float32]:
    """Return points given in the region (0 to 1 across and down; depth in widths) as pixels of the picture.

    Parameters
    ----------
    points
        ``[n, 3]``: across, down, depth.
    """
    cosine, sine = math.cos(region.angle), math.sin(region.angle)
    turn = np.array(
        [
            [cosine * region.width, sine * region.width, 0],
            [-sine * region.height, cosine * region.height, 0],
            [0, 0, region.width],
        ],
        dtype=np.float32,
    )
    middle = np.array([0.5, 0.5, 0], dtype=np.float32)
    centre = np.array([region.x, region.y, 0], dtype=np.float32)
    return np.asarray((points - middle) @ turn + centre, dtype=np.float32)


def follow_landmarks(landmarks: NDArray[np.float32]) -> Region:
    """Return the region in which to look for the face in the next frame: an expanded square, eyes level.

    Parameters
    ----------
    landmarks
        ``[478, 3]`` px, unsmoothed.
    """
    low = landmarks.min(axis=0)
    high = landmarks.max(axis=0)
    right, left = landmarks[RIGHT_EYE_CORNER], landmarks[LEFT_EYE_CORNER]
    side = EXPANSION * float(max(high[0] - low[0], high[1] - low[1]))
    angle = math.atan2(float(left[1] - right[1]), float(left[0] - right[0]))
    return Region(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2, side, side, angle)
