import numpy as np
import pytest

from mimicrylab.coding.gaze import measure_gaze
from mimicrylab.coding.pose import HeadPose


def make_eyes(*, left_px: float = 0.0, down_px: float = 0.0, right_open: bool = True, left_open: bool = True):
    """Return landmarks whose eyes are 30 px wide; the irises shifted to the person's left and down."""
    landmarks = np.zeros((1, 478, 3))
    for x, (start, end, upper, lower, iris), is_open in (
        (100, (33, 133, 159, 145, 468), right_open),
        (160, (362, 263, 386, 374, 473), left_open),
    ):
        half = 5 if is_open else 0.5
        landmarks[0, start, :2], landmarks[0, end, :2] = (x - 15, 100), (x + 15, 100)
        landmarks[0, upper, :2], landmarks[0, lower, :2] = (x, 100 - half), (x, 100 + half)
        landmarks[0, iris, :2] = (x + left_px, 100 + down_px)
    return landmarks


def measure(landmarks, *, yaw: float = 0.0, pitch: float = 0.0) -> tuple[float, float]:
    pose = HeadPose(pitch=np.array([pitch]), yaw=np.array([yaw]), roll=np.array([0.0]))
    gaze_yaw, gaze_pitch = measure_gaze(landmarks, pose)
    return float(gaze_yaw[0]), float(gaze_pitch[0])


def test_irises_in_the_middle_look_where_the_head_looks():
    assert measure(make_eyes(), yaw=12, pitch=-3) == pytest.approx((12, -3))


def test_a_shift_of_an_eyeballs_radius_times_the_sine_is_that_angle():
    yaw, pitch = measure(
        make_eyes(left_px=30 / 2.4 * np.sin(np.radians(20)), down_px=30 / 2.4 * np.sin(np.radians(-8)))
    )
    assert (yaw, pitch) == pytest.approx((20, -8))


def test_eyes_that_counter_the_head_stay_on_the_screen():
    yaw, _ = measure(make_eyes(left_px=-30 / 2.4 * np.sin(np.radians(15))), yaw=15)
    assert yaw == pytest.approx(0, abs=1e-6)


def test_a_tilted_face_gives_the_same():
    landmarks = make_eyes(left_px=3)
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    tilted = landmarks.copy()
    tilted[0, :, :2] = landmarks[0, :, :2] @ turn.T
    assert measure(tilted) == pytest.approx(measure(landmarks))


def test_one_closed_eye_leaves_the_decision_to_the_other():
    landmarks = make_eyes(left_px=3, right_open=False)
    landmarks[0, 468, 0] += 12
    assert measure(landmarks) == pytest.approx(measure(make_eyes(left_px=3)))


def test_closed_eyes_have_no_gaze():
    assert np.isnan(measure(make_eyes(right_open=False, left_open=False))).all()
