import zipfile

import numpy as np
import pytest

from mimicrylab.assets import fetch_asset
from mimicrylab.coding.face_models import FaceModels
from mimicrylab.errors import AssetError


def test_what_is_no_model_is_refused(tmp_path):
    path = tmp_path / "face_landmarker.task"
    path.write_bytes(b"nothing")
    with pytest.raises(AssetError, match="cannot be read"):
        FaceModels(path)


def test_a_model_with_a_part_missing_or_damaged_is_refused(tmp_path):
    with zipfile.ZipFile(fetch_asset("face_landmarker.task")) as archive:
        detector = archive.read("face_detector.tflite")
    for name, parts in {
        "missing.task": {"face_detector.tflite": detector},
        "damaged.task": {"face_detector.tflite": detector[:1000]},
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, content in parts.items():
                archive.writestr(member, content)
        with pytest.raises(AssetError, match="cannot be read"):
            FaceModels(tmp_path / name)


def test_a_plain_picture_is_no_face():
    models = FaceModels(blendshapes=False)
    landmarks, presence = models.find_landmarks(np.full((256, 256, 3), 128, dtype=np.uint8))
    assert landmarks.shape == (478, 3)
    assert presence < 0.5
    assert models.read_blendshapes(landmarks) is None


def test_making_models_leaves_the_error_stream_as_it_was(capfd):
    import sys

    FaceModels(blendshapes=False)
    print("still here", file=sys.stderr)
    assert capfd.readouterr().err == "still here\n"
