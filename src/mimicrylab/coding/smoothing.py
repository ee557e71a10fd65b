"""MediaPipe's one-euro filter over landmarks: needed for the blendshapes' parity with it, and for nothing else.

The filter is causal and depends on the size of a movement: it delays and shrinks weak, quick movements, which is what
mimicry is. Action units are therefore computed from unsmoothed landmarks.

Source: mediapipe/util/filtering/one_euro_filter.cc and landmarks_smoothing_calculator_utils.cc (Apache-2.0); the
method: Casiez, Roussel & Vogel (2012), 1 Euro filter, CHI '12, doi:10.1145/2207676.2208639.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MINIMUM_CUTOFF_HZ = 0.05
SLOPE = 80.0
DERIVATIVE_CUTOFF_HZ = 1.0
FIRST_RATE_HZ = 30.0
MILLISECONDS_A_SECOND = 1000
TURN = np.float32(2 * np.pi)
SMALLEST_FACE_PX = 1e-6


class LandmarkFilter:
    """One face's filter; make a new one when the face was lost. It has state: frames must come in order of time."""

    def __init__(self) -> None:
        self._raw: NDArray[np.float32] | None = None
        self._smooth: NDArray[np.float32] | None = None
        self._speed: NDArray[np.float32] | None = None
        self._last_ms = 0

    def smooth(self, landmarks: NDArray[np.float32], time: float) -> NDArray[np.float32]:
        """Return the smoothed landmarks.

        Times are rounded to whole milliseconds, and after a frame at 0 ms the next one is taken to follow at 30 Hz:
        both as MediaPipe does it.

        Parameters
        ----------
        landmarks
            ``[n, 3]`` px.
        time
            Of this frame (s).
        """
        scale = max(_face_size(landmarks), SMALLEST_FACE_PX)
        now_ms = round(time * MILLISECONDS_A_SECOND)
        if self._raw is None or self._smooth is None or self._speed is None:
            self._raw, self._smooth, self._speed = landmarks, landmarks, np.zeros_like(landmarks)
            self._last_ms = now_ms
            return landmarks
        if now_ms <= self._last_ms:
            return landmarks
        rate_hz = MILLISECONDS_A_SECOND / (now_ms - self._last_ms) if self._last_ms else FIRST_RATE_HZ
        self._last_ms = now_ms
        change = (landmarks - self._raw) * np.float32(rate_hz / scale)
        weight = _weigh(np.full(1, DERIVATIVE_CUTOFF_HZ, dtype=np.float32), rate_hz)
        self._speed = weight * change + (1 - weight) * self._speed
        weights = _weigh(np.asarray(MINIMUM_CUTOFF_HZ + SLOPE * np.abs(self._speed), dtype=np.float32), rate_hz)
        self._smooth = weights * landmarks + (1 - weights) * self._smooth
        self._raw = landmarks
        return self._smooth


def _weigh(cutoff_hz: NDArray[np.float32], rate_hz: float) -> NDArray[np.float32]:
    """Weight of the new value: 1 / (1 + rate / (2 pi cutoff))."""
    return np.asarray(1 / (1 + rate_hz / (TURN * cutoff_hz)), dtype=np.float32)


def _face_size(landmarks: NDArray[np.float32]) -> float:
    """Mean of the width and height of the landmarks' box (px)."""
    extent = landmarks[:, :2].max(axis=0) - landmarks[:, :2].min(axis=0)
    return float(extent[0] + extent[1]) / 2
