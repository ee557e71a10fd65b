import cv2
import numpy as np
import pytest

from mimicrylab.coding.face_pixels import measure_sharpness


def make_checkerboard(low: int = 60, high: int = 180) -> np.ndarray:
    down, across = np.mgrid[0:256, 0:256] // 8
    return np.repeat(np.where((down + across) % 2, low, high)[:, :, None], 3, axis=2).astype(np.uint8)


def test_a_plain_face_has_no_edges():
    sharpness, luminance = measure_sharpness(np.full((256, 256, 3), 90, dtype=np.uint8))
    assert sharpness == 0
    assert luminance == pytest.approx(90)


def test_blur_lowers_sharpness_and_keeps_luminance():
    sharp = make_checkerboard()
    blurred = cv2.GaussianBlur(sharp, (0, 0), 3)
    assert measure_sharpness(blurred)[0] < 0.3 * measure_sharpness(sharp)[0]
    assert measure_sharpness(blurred)[1] == pytest.approx(measure_sharpness(sharp)[1], abs=2)


def test_what_lies_around_the_face_does_not_count():
    crop = np.full((256, 256, 3), 90, dtype=np.uint8)
    crop[:40], crop[-40:] = make_checkerboard()[:40], make_checkerboard()[-40:]
    assert measure_sharpness(crop) == (0, pytest.approx(90))
