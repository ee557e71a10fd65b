"""The three LiteRT models inside MediaPipe's ``face_landmarker.task``, each on one thread."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mimicrylab.assets import fetch_asset
from mimicrylab.coding.landmark_names import BLENDSHAPE_LANDMARKS
from mimicrylab.errors import AssetError

MODEL_ASSET = "face_landmarker.task"
N_LANDMARKS = 478
LANDMARK_INPUT_SIZE = 256
DETECTOR_INPUT_SIZE = 128


class FaceModels:
    """Detector, landmark model and, if wanted, blendshape model, ready to run.

    Parameters
    ----------
    path
        The ``.task`` file; the verified one of the cache when not given.
    blendshapes
        Load the blendshape model too.
    """

    def __init__(self, path: Path | None = None, *, blendshapes: bool = True) -> None:
        task = path or fetch_asset(MODEL_ASSET)
        try:
            with zipfile.ZipFile(task) as archive:
                self._detector = _Model(archive.read("face_detector.tflite"))
                self._landmarks = _Model(archive.read("face_landmarks_detector.tflite"))
                self._blendshapes = _Model(archive.read("face_blendshapes.tflite")) if blendshapes else None
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise AssetError("the face model cannot be read", where=str(task), found=str(error)) from error

    @property
    def has_blendshapes(self) -> bool:
        """Whether the blendshape model is loaded."""
        return self._blendshapes is not None

    def detect(self, square: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the detector's raw boxes ``[896, 16]`` and scores ``[896]`` for an RGB image ``[128, 128, 3]``."""
        np.multiply(square, np.float32(2 / 255), out=self._detector.input()[0])
        np.subtract(self._detector.input()[0], np.float32(1), out=self._detector.input()[0])
        boxes, scores = self._detector.run()
        return boxes[0], scores[0, :, 0]

    def find_landmarks(self, crop: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
        """Return landmarks ``[478, 3]`` (0 to 1 across and down the crop, depth in widths) and presence (0-1).

        Parameters
        ----------
        crop
            RGB ``[256, 256, 3]``.
        """
        np.multiply(crop, np.float32(1 / 255), out=self._landmarks.input()[0])
        points, presence, _ = self._landmarks.run()
        landmarks = points.reshape(N_LANDMARKS, 3) / np.float32(LANDMARK_INPUT_SIZE)
        return landmarks, float(1 / (1 + np.exp(-np.float64(presence.item()))))

    def read_blendshapes(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Return the 52 blendshapes (0-1) for landmarks ``[478, >=2]`` in pixels; None if the model is not loaded."""
        if self._blendshapes is None:
            return None
        self._blendshapes.input()[0] = landmarks[BLENDSHAPE_LANDMARKS, :2]
        return self._blendshapes.run()[0]


class _Model:
    """One interpreter, its input as a writable array and its outputs as copies."""

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with _quiet_stderr():
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        self.input: Any = self._interpreter.tensor(self._interpreter.get_input_details()[0]["index"])
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]

    def run(self) -> list[NDArray[np.float32]]:
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep LiteRT's C++ greeting off the terminal while an interpreter is made; Python's errors still appear."""
    try:
        kept = os.dup(2)
    except OSError:
        yield  # a program without a terminal has nothing to keep quiet
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(null)
        os.close(kept)
