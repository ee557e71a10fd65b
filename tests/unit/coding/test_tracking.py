"""Following a face, on stills of real people shown as videos and on pictures without anybody."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from made_videos import draw_frame
from mimicrylab.assets import fetch_asset
from mimicrylab.coding.face_models import FaceModels
from mimicrylab.coding.tracking import FaceTracker, TrackedFrame, detect_faces
from mimicrylab.coding.video import VideoFrame


@cache
def load_models() -> FaceModels:
    return FaceModels()


@cache
def read_still(name: str) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(fetch_asset(name))), cv2.COLOR_BGR2RGB)


def follow(*pictures: np.ndarray, fps: float = 25) -> list[TrackedFrame]:
    tracker = FaceTracker(load_models())
    return [tracker.follow(VideoFrame(number, number / fps, picture)) for number, picture in enumerate(pictures)]


def test_nobody_is_nobody():
    frames = follow(*(draw_frame(number, width=320, height=240) for number in range(3)))
    assert [frame.face for frame in frames] == [None] * 3
    assert [frame.faces_found for frame in frames] == [0, 0, 0]


def test_a_face_that_leaves_is_lost_at_once_and_found_again():
    face, empty = read_still("single_face.jpg"), np.full_like(read_still("single_face.jpg"), 40)
    frames = follow(face, face, empty, empty, face)
    assert [frame.face is not None for frame in frames] == [True, True, False, False, True]


def test_landmarks_are_pixels_of_the_picture():
    """Moving the picture moves the landmarks by as much."""
    face = read_still("single_face.jpg")
    moved = cv2.copyMakeBorder(face, 30, 0, 50, 0, cv2.BORDER_REPLICATE)
    first, second = (follow(picture)[0].face for picture in (face, moved))
    shift = (second.landmarks - first.landmarks)[:, :2].mean(axis=0)
    assert shift == pytest.approx([50, 30], abs=3)


def test_points_are_the_landmarks_in_the_crop():
    face = follow(read_still("single_face.jpg"))[0].face
    assert face.points.shape == face.landmarks.shape == (478, 3)
    assert 0 < face.points[:, :2].min() < face.points[:, :2].max() < 1
    assert face.crop.shape == (256, 256, 3)


def test_a_second_face_is_counted_once_a_second_and_held():
    """Two faces for 1.5 s, then one: the count follows when the next second is due."""
    face = read_still("single_face.jpg")
    two, one = np.hstack([face, face]), np.hstack([face, np.full_like(face, 40)])
    frames = follow(*[two] * 6, *[one] * 6, fps=4)
    assert [frame.faces_found for frame in frames] == [2] * 8 + [1] * 4


def test_the_face_followed_counts_once_and_a_bystander_is_added():
    """The same person twice, side by side."""
    face = read_still("single_face.jpg")
    assert follow(face)[0].faces_found == 1
    assert follow(np.hstack([face, face]))[0].faces_found == 2


def test_another_size_of_the_picture_starts_over():
    """A stream may change its size; where the face was in the old picture says nothing of the new one."""
    face = read_still("single_face.jpg")
    small = cv2.resize(face, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    alone = follow(small)[0].face
    after = follow(face, small)[1].face
    np.testing.assert_array_equal(after.landmarks, alone.landmarks)


def test_without_blendshapes_the_landmarks_are_the_same():
    face = read_still("single_face.jpg")
    tracker = FaceTracker(FaceModels(blendshapes=False))
    without = tracker.follow(VideoFrame(0, 0.0, face)).face
    assert without.blendshapes is None
    np.testing.assert_array_equal(without.landmarks, follow(face)[0].face.landmarks)


def test_detections_lie_on_the_face():
    face = read_still("single_face.jpg")
    (found,) = detect_faces(load_models(), face)
    landmarks = follow(face)[0].face.landmarks
    assert abs(found.region.x - landmarks[:, 0].mean()) < 0.2 * found.region.width
    assert abs(found.region.y - landmarks[:, 1].mean()) < 0.2 * found.region.height
