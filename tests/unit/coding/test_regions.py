import math

import numpy as np
import pytest

from mimicrylab.coding.regions import Region, cut_region, follow_landmarks, frame_picture, place_points

SLOPED = Region(150.0, 100.0, 80.0, 60.0, 0.4)


def make_gradient(width: int = 300, height: int = 200) -> np.ndarray:
    """Return a picture whose red grows along x and whose green grows along y, half a grey value a pixel."""
    down, across = np.mgrid[0:height, 0:width]
    return np.stack([across / 2, down / 2, np.zeros_like(across)], axis=-1).astype(np.uint8)


def test_the_region_of_a_square_picture_is_the_picture():
    picture = make_gradient(128, 128)
    np.testing.assert_array_equal(cut_region(picture, frame_picture(128, 128), 128), picture)


def test_a_point_of_the_crop_is_where_its_pixel_came_from():
    size = 64
    crop = cut_region(make_gradient(), SLOPED, size).astype(float)
    for column, row in ((0, 0), (63, 0), (10, 50), (32, 32)):
        point = np.array([[column / size, row / size, 0]], dtype=np.float32)
        x, y, _ = place_points(point, SLOPED)[0]
        assert crop[row, column, :2] == pytest.approx([x / 2, y / 2], abs=1.0)


def test_places_turn_clockwise_and_depth_scales_with_width():
    points = np.array([[0.5, 0.5, 0.0], [1.0, 0.5, 0.1]], dtype=np.float32)
    middle, right = place_points(points, Region(10, 20, 8, 4, math.pi / 2))
    assert middle == pytest.approx([10, 20, 0])
    assert right == pytest.approx([10, 24, 0.8], abs=1e-5)


@pytest.mark.parametrize(("replicate", "expected"), [(True, 200), (False, 0)])
def test_beyond_the_picture_lies_its_border_or_black(replicate, expected):
    picture = np.full((20, 20, 3), 200, dtype=np.uint8)
    crop = cut_region(picture, Region(10, 10, 60, 60, 0.0), 30, replicate_border=replicate)
    assert crop[0, 0, 0] == expected
    assert crop[15, 15, 0] == 200


def test_the_next_region_is_the_expanded_square_with_level_eyes():
    landmarks = np.full((478, 3), 100, dtype=np.float32)
    landmarks[33, :2], landmarks[263, :2] = (80, 90), (120, 110)
    landmarks[0, :2], landmarks[1, :2] = (100, 60), (100, 140)
    region = follow_landmarks(landmarks)
    assert (region.x, region.y) == (100, 100)
    assert region.width == region.height == pytest.approx(1.5 * 80)
    assert region.angle == pytest.approx(math.atan2(20, 40))
