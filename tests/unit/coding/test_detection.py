import math

import numpy as np
import pytest

from mimicrylab.coding.detection import read_detections
from mimicrylab.coding.regions import frame_picture

PICTURE = frame_picture(640, 360)
FIRST_STRIDE_ANCHORS = 512


def make_output() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((896, 16), dtype=np.float32), np.full(896, -20, dtype=np.float32)


def put_face(output, anchor: int, *, shift=(0.0, 0.0), size=(32.0, 32.0), eyes_down: float = 0.0, score: float = 0.9):
    """Write one face at an anchor: shift and size in px of the 128 px input; the left eye lower by ``eyes_down``."""
    boxes, scores = output
    boxes[anchor, :4] = (*shift, *size)
    boxes[anchor, 4:8] = (shift[0] - 8, shift[1], shift[0] + 8, shift[1] + eyes_down)
    scores[anchor] = math.log(score / (1 - score))


def test_nothing_sure_is_nothing():
    output = make_output()
    put_face(output, 0, score=0.49)
    assert read_detections(*output, PICTURE) == []


def test_an_anchor_of_the_fine_grid_lies_where_it_should():
    """Anchor 2 x (16 x 5 + 3) is cell (column 3, row 5) of 16: centre (3.5, 5.5) x 8 px of 128."""
    output = make_output()
    put_face(output, 2 * (16 * 5 + 3), shift=(4.0, -4.0), eyes_down=16.0)
    (face,) = read_detections(*output, PICTURE)
    a_pixel = 640 / 128
    assert face.score == pytest.approx(0.9)
    assert face.region.x == pytest.approx((28 + 4) * a_pixel)
    assert face.region.y == pytest.approx((44 - 4) * a_pixel - (640 - 360) / 2)
    assert face.region.width == pytest.approx(32 * a_pixel * 1.5)
    assert face.region.angle == pytest.approx(math.pi / 4)


def test_the_coarse_grid_has_six_anchors_a_cell():
    output = make_output()
    put_face(output, FIRST_STRIDE_ANCHORS + 6 * (8 * 2 + 4) + 5)
    (face,) = read_detections(*output, PICTURE)
    assert face.region.x == pytest.approx((4 + 0.5) * 16 * 5)
    assert face.region.y == pytest.approx((2 + 0.5) * 16 * 5 - 140)


def test_boxes_of_one_face_are_averaged_by_score():
    output = make_output()
    put_face(output, 200, shift=(0.0, 0.0), score=0.9)
    put_face(output, 201, shift=(8.0, 0.0), score=0.6)
    (face,) = read_detections(*output, PICTURE)
    alone = make_output()
    put_face(alone, 200, score=0.9)
    middle = read_detections(*alone, PICTURE)[0].region.x
    assert face.region.x == pytest.approx(middle + 8 * 5 * 0.6 / 1.5)
    assert face.score == pytest.approx(0.9)


def test_two_faces_come_surest_first():
    output = make_output()
    put_face(output, 0, score=0.7)
    put_face(output, 500, score=0.95)
    assert [round(face.score, 2) for face in read_detections(*output, PICTURE)] == [0.95, 0.7]
