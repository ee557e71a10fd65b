"""A face that turns and does not move: how much the action units change, on real pictures turned on their mesh."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from mimicrylab.coding.action_units import list_action_units, measure_action_units
from mimicrylab.coding.face_models import FaceModels
from mimicrylab.coding.pose import measure_head_pose
from turned_faces import FACES, look_at_turned

POSES = [(yaw, pitch) for yaw in (-20.0, 0.0, 20.0) for pitch in (-10.0, 0.0, 10.0)]
SMILE = next(face for face in FACES if face.frame == 340)
REST = next(face for face in FACES if face.asset == "single_face.mp4" and face.frame == 0)


@cache
def measure_turned() -> dict[str, pl.DataFrame]:
    models = FaceModels(blendshapes=False)
    return {face.asset: measure_action_units(look_at_turned(models, face, POSES)) for face in (SMILE, REST)}


@pytest.mark.parametrize(
    ("unit", "most"), [("AU01", 0.10), ("AU02", 0.10), ("AU04", 0.12), ("AU05", 0.12), ("AU12", 0.09), ("AU25", 0.08)]
)
def test_turning_the_head_moves_a_unit_by_a_small_share_of_a_strong_movement(unit: str, most: float) -> None:
    strong = {signal.name: signal.strong for signal in list_action_units()}[unit]
    assert strong is not None
    spread = np.sqrt(np.mean([frames[unit].var() for frames in measure_turned().values()]))
    assert spread / strong < most


def test_a_smile_stays_a_smile_at_every_pose() -> None:
    smile, rest = (measure_turned()[face.asset]["AU12"] for face in (SMILE, REST))
    assert smile.min() > rest.max()


def test_the_turn_itself_is_seen_with_its_sign() -> None:
    landmarks = look_at_turned(
        FaceModels(blendshapes=False), REST, [(-20.0, 0.0), (20.0, 0.0), (0.0, -10.0), (0.0, 10.0)]
    )
    pose = measure_head_pose(landmarks, np.full(4, 480), np.full(4, 480))
    assert pose.yaw[1] - pose.yaw[0] == pytest.approx(40, abs=10)
    assert pose.pitch[3] - pose.pitch[2] == pytest.approx(20, abs=6)
