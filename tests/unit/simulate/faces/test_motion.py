from __future__ import annotations

import numpy as np
import pytest

from mimicrylab.simulate.faces.motion import BLINKS_A_MINUTE, draw_blinks, draw_drift, express, perform, ramp
from mimicrylab.simulate.faces.pose import Pose, follow_head, pose_points, rotate

TIMES = np.arange(125) / 25


def test_an_expression_begins_and_is_held_when_it_should() -> None:
    levels = express(TIMES, {"AU12": 0.9, "AU06": 0.8}, onset_s=0.4, apex_s=1.0, seed=1)
    for unit, apex in (("AU12", 0.9), ("AU06", 0.8)):
        assert (levels[unit][TIMES < 0.4] == 0).all()
        assert levels[unit][TIMES >= 1.0].mean() == pytest.approx(apex, rel=0.1)
    assert ramp(np.array([0.7]), 0.4, 1.0)[0] == pytest.approx(0.5)


def test_the_same_seed_plays_the_same() -> None:
    one, two = (perform(TIMES, {}, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one.pitch, two.pitch)
    np.testing.assert_array_equal(one.levels["AU45"], two.levels["AU45"])


def test_blinks_come_as_often_as_said_and_spare_the_movement() -> None:
    minutes = np.arange(60 * 60 * 25) / 25
    closed = draw_blinks(minutes, np.random.default_rng(2), spared=(100.0, 130.0))
    begins = np.flatnonzero((closed[1:] > 0.05) & (closed[:-1] <= 0.05))
    expected = 60 / (0.4 + 60 / BLINKS_A_MINUTE) * 60
    assert len(begins) == pytest.approx(expected, rel=0.12)
    assert (closed[(minutes > 100.1) & (minutes < 130)] == 0).all()


def test_drift_has_unit_spread_and_forgets_itself() -> None:
    times = np.arange(200_000) / 25
    drift = draw_drift(times, 1, np.random.default_rng(3), tau_s=1.4)[:, 0]
    assert drift.std() == pytest.approx(1, abs=0.15)
    assert abs(np.corrcoef(drift[:-200], drift[200:])[0, 1]) < 0.1


def test_the_head_turns_and_the_trunk_stays() -> None:
    points = np.array([[0.0, 7.3, 1.5], [0.5, 5.0, 0.5]])
    share = follow_head(points[:, 1])
    moved = pose_points(points, share, Pose(yaw=20), millimetre=0.01)
    assert moved[0, 0] > 0.3  # to the person's left
    np.testing.assert_allclose(moved[1], points[1])
    down = pose_points(points, share, Pose(pitch=10), millimetre=0.01)
    assert down[0, 1] < points[0, 1]
    np.testing.assert_allclose(rotate(Pose(5, 6, 7)) @ rotate(Pose(5, 6, 7)).T, np.eye(3), atol=1e-12)
