"""Taking the head's pose and size out of landmarks: each frame is laid onto one reference head.

The anchors are points that expressions hardly move (eye corners, nose, upper forehead, temples). Nothing is smoothed
and nothing is carried from one frame to the next, so a small movement keeps its size and its time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]

TO_HEAD_AXES = np.array([1.0, -1.0, -1.0])
"""From image axes (x right, y down, z away) to head axes (x to the person's left, y up, z out of the face)."""


@dataclass(frozen=True)
class HeadFit:
    """How the landmarks of n frames are laid onto the reference head: ``(x * TO_HEAD_AXES - centre) @ turn + shift``.

    ``turn`` is a rotation times a scale ``[n, 3, 3]``, ``centre`` ``[n, 3]`` the middle of the anchors, ``shift``
    ``[3]`` their middle on the reference head. Frames without landmarks are NaN.
    """

    centre: FloatArray
    turn: FloatArray
    shift: FloatArray

    def align(self, landmarks: FloatArray) -> FloatArray:
        """Return landmarks ``[n, k, 3]`` (image axes) in the axes and units of the reference head."""
        centred = landmarks * TO_HEAD_AXES - self.centre[:, None]
        aligned: FloatArray = centred @ self.turn + self.shift
        return aligned

    def measure_angles(self) -> tuple[FloatArray, FloatArray]:
        """Return yaw (to the person's left +) and pitch (down +) of each frame in radians ``[n]``.

        Read from the direction in which the face points. A face that looks straight at the camera is near 0; persons
        whose face differs from the reference head's are off by a few degrees.
        """
        out = self.turn[:, :, 2]
        yaw = np.arctan2(out[:, 0], out[:, 2])
        pitch = np.arctan2(-out[:, 1], np.hypot(out[:, 0], out[:, 2]))
        return yaw, pitch


def fit_heads(anchors: FloatArray, reference: FloatArray) -> HeadFit:
    """Find, frame by frame, the rotation, scale and shift that lay the anchors onto the reference head.

    Least squares over the anchors, all of the same weight (Umeyama 1991, IEEE PAMI 13, 376-380), without mirroring.

    Parameters
    ----------
    anchors
        ``[n, k, 3]`` in image axes; a frame with a missing value gives NaN.
    reference
        ``[k, 3]`` the same points on the reference head, in head axes.
    """
    points = anchors.astype(np.float64) * TO_HEAD_AXES
    present = np.isfinite(points).all(axis=(1, 2))
    points = np.where(present[:, None, None], points, reference)
    centre = points.mean(axis=1)
    shift = reference.mean(axis=0)
    points = points - centre[:, None]
    target = reference - shift
    left, stretch, right = np.linalg.svd(points.transpose(0, 2, 1) @ target)
    stretch[:, 2] *= np.sign(np.linalg.det(left @ right))
    left[:, :, 2] *= np.sign(np.linalg.det(left @ right))[:, None]
    scale = stretch.sum(axis=1) / np.square(points).sum(axis=(1, 2))
    turn = (left @ right) * scale[:, None, None]
    turn[~present] = np.nan
    return HeadFit(centre, turn, shift)
