"""Our coder against mediapipe 0.10.33 on real videos; see tests/reference/make_mediapipe_reference.py."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mimicrylab.assets import fetch_asset, find_asset
from mimicrylab.coding.face_models import FaceModels
from mimicrylab.coding.tracking import FaceTracker
from mimicrylab.coding.video import decode_frames

REFERENCE = Path(__file__).parents[2] / "reference" / "mediapipe-0.10.33"
FACTS = json.loads(REFERENCE.with_name(REFERENCE.name + ".json").read_text())
ARRAYS = np.load(REFERENCE.with_name(REFERENCE.name + ".npz"))
STEPS = 65535
VIDEOS = tuple(FACTS["videos"])


@dataclass(frozen=True)
class Coded:
    present: np.ndarray
    blendshapes: np.ndarray
    pixels_sha256: str


@cache
def load_models() -> FaceModels:
    return FaceModels()


@cache
def code_video(name: str) -> Coded:
    tracker = FaceTracker(load_models())
    digest = hashlib.sha256()
    present, blendshapes = [], []
    for frame in decode_frames(fetch_asset(name)):
        digest.update(frame.pixels)
        face = tracker.follow(frame).face
        present.append(face is not None)
        if face is not None:
            blendshapes.append(face.blendshapes)
    return Coded(np.array(present), np.array(blendshapes).reshape(-1, 52), digest.hexdigest())


def compare_blendshapes(name: str) -> np.ndarray:
    return np.abs(code_video(name).blendshapes - ARRAYS[f"{name}/blendshapes"] / STEPS)


def test_the_reference_is_of_the_files_and_the_model_we_use():
    assert FACTS["software"]["mediapipe"] == "0.10.33"
    assert FACTS["model_sha256"] == find_asset("face_landmarker.task").sha256
    for name, facts in FACTS["videos"].items():
        assert facts["sha256"] == find_asset(name).sha256


@pytest.mark.parametrize("name", VIDEOS)
def test_a_face_is_found_on_the_same_frames(name):
    np.testing.assert_array_equal(code_video(name).present, ARRAYS[f"{name}/present"], err_msg=say_pixels(name))


@pytest.mark.parametrize("name", [name for name in VIDEOS if FACTS["videos"][name]["n_present"]])
def test_blendshapes_agree_on_every_video(name):
    assert compare_blendshapes(name).mean() <= 0.0015, say_pixels(name)


def test_blendshapes_agree_over_all_videos():
    differences = np.concatenate([compare_blendshapes(name) for name in VIDEOS])
    assert len(differences) == sum(facts["n_present"] for facts in FACTS["videos"].values())
    assert differences.mean() <= 0.001
    assert np.quantile(differences, 0.99) <= 0.0075


def test_the_reference_moves_enough_to_tell_a_wrong_coder():
    """Against its own mean face the reference is 30 times farther away than our coder may be."""
    blendshapes = ARRAYS["WolfgangLanger_Pexels.mp4/blendshapes"] / STEPS
    assert np.abs(blendshapes - blendshapes.mean(axis=0)).mean() > 0.03


def say_pixels(name: str) -> str:
    same = code_video(name).pixels_sha256 == FACTS["videos"][name]["pixels_sha256"]
    return "the decoded pixels are those of the reference" if same else "the decoded pixels differ from the reference's"
