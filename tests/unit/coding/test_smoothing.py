"""Against the one-euro filter as its authors describe it, one value at a time."""

import math

import numpy as np

from mimicrylab.coding.smoothing import LandmarkFilter

TIMES = (0.5, 0.533, 0.567, 0.64, 0.66, 0.7)


class PlainOneEuro:
    """Casiez, Roussel & Vogel (2012), algorithm 1, for one value."""

    def __init__(self, minimum_cutoff: float, slope: float, derivative_cutoff: float) -> None:
        self.settings = (minimum_cutoff, slope, derivative_cutoff)
        self.before: tuple[float, float, float, float] | None = None

    def __call__(self, value: float, time: float, scale: float) -> float:
        minimum_cutoff, slope, derivative_cutoff = self.settings
        if self.before is None:
            self.before = (value, value, 0.0, time)
            return value
        raw, smooth, speed, last = self.before
        rate = 1 / (time - last)

        def weigh(cutoff: float) -> float:
            return 1 / (1 + rate / (2 * math.pi * cutoff))

        weight = weigh(derivative_cutoff)
        speed = weight * (value - raw) * rate / scale + (1 - weight) * speed
        weight = weigh(minimum_cutoff + slope * abs(speed))
        smooth = weight * value + (1 - weight) * smooth
        self.before = (value, smooth, speed, time)
        return smooth


def make_face(time: float) -> np.ndarray:
    """Return four points that move differently; their box is always 100 x 60."""
    moving = 20 + 5 * math.sin(9 * time)
    return np.array([[0, 0, 1], [100, 60, 2], [moving, 30, moving], [50, moving, 0]], dtype=np.float32)


def test_it_is_the_filter_of_the_paper_scaled_by_the_faces_size():
    filter_ = LandmarkFilter()
    plain = [[PlainOneEuro(0.05, 80, 1) for _ in range(3)] for _ in range(4)]
    for time in TIMES:
        face = make_face(time)
        expected = [[plain[i][j](float(face[i, j]), time, 80.0) for j in range(3)] for i in range(4)]
        np.testing.assert_allclose(filter_.smooth(face, time), expected, rtol=1e-5, atol=1e-5)


def test_a_weak_movement_is_held_back_more_than_a_strong_one():
    """Why action units never come from smoothed landmarks."""
    shares = []
    for amplitude in (0.2, 20.0):
        filter_ = LandmarkFilter()
        for step in range(10):
            face = make_face(0)
            face[2, 0] += amplitude * min(step / 8, 1)
            smoothed = filter_.smooth(face, 1 + step / 30)
        shares.append((smoothed[2, 0] - make_face(0)[2, 0]) / amplitude)
    assert shares[0] < 0.6 < 0.9 < shares[1] <= 1


def test_a_still_face_stays():
    filter_ = LandmarkFilter()
    for time in TIMES:
        np.testing.assert_allclose(filter_.smooth(make_face(0), time), make_face(0), rtol=1e-6)


def test_a_frame_that_is_not_later_passes_through():
    filter_ = LandmarkFilter()
    filter_.smooth(make_face(1), 1.0)
    np.testing.assert_array_equal(filter_.smooth(make_face(2), 1.0), make_face(2))
