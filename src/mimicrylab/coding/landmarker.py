"""The face coder ``landmarker``: MediaPipe's three face models run directly, action units from unsmoothed landmarks.

The models run through LiteRT, not through the mediapipe package, whose newer releases report usage to their maker. The
numbers are those of mediapipe 0.10.33 in VIDEO mode with one face (tests/unit/coding/test_mediapipe_parity.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from mimicrylab.assets import find_asset
from mimicrylab.coding.action_units import TABLE_FILE, list_action_units
from mimicrylab.coding.blendshapes import list_blendshapes
from mimicrylab.coding.coder import CoderDescription
from mimicrylab.coding.face_models import MODEL_ASSET

if TYPE_CHECKING:
    from mimicrylab.coding.frame_table import FrameRecord
    from mimicrylab.coding.tracking import TrackedFrame

NAME = "landmarker"
VERSION = "1"
"""Raised whenever the same video would give other numbers."""
BATCH_FRAMES = 256
PACKAGES = {"av": "av", "cv2": "opencv-python-headless", "ai_edge_litert": "ai-edge-litert"}


@dataclass(frozen=True)
class Landmarker:
    """Codes one face a recording; see the module.

    Parameters
    ----------
    blendshapes
        Also write the 52 blendshapes, and the action units that are read from them. Without them coding is some 10 %
        faster and those action units are not measured.
    """

    blendshapes: bool = True

    @property
    def description(self) -> CoderDescription:
        """What the coder is and which signals it writes; loads nothing heavy."""
        signals = list_action_units(blendshapes=self.blendshapes)
        return CoderDescription(
            name=NAME,
            version=f"{VERSION}+{_hash_table()}" + ("" if self.blendshapes else " without blendshapes"),
            licence="BSD-3-Clause; model Apache-2.0 (MediaPipe); video decoding by FFmpeg (GPL parts in PyAV's wheels)",
            summary="MediaPipe's face landmarks on this computer; action units from unsmoothed landmarks",
            signals=signals + (list_blendshapes() if self.blendshapes else ()),
            model_sha256=find_asset(MODEL_ASSET).sha256,
        )

    def find_obstacle(self) -> str | None:
        """Return why the coder cannot run here and what to do about it, or None if it can."""
        missing = [package for module, package in PACKAGES.items() if find_spec(module) is None]
        if missing:
            return f"{', '.join(missing)} not installed: pip install 'mimicrylab[coding]'"
        return None

    def code(self, video: Path) -> Iterator[pl.DataFrame]:
        """Yield batches of frame rows (``schemas.FRAMES`` without ``recording_id``, then conditions and signals).

        Raises
        ------
        AssetError
            The face model cannot be had.
        MissingError, InputError, DamagedFileError
            The file cannot be read as a video.
        VideoBreak
            After the last good batch, when the video is damaged or ends early.
        """
        from mimicrylab.coding.frame_table import stack_signs, tabulate_frames
        from mimicrylab.coding.occlusion import N_SIGNS, extend_usual
        from mimicrylab.coding.tracking import track_faces

        usual_signs = np.empty((0, N_SIGNS))
        for records in _gather_records(track_faces(video, blendshapes=self.blendshapes)):
            usual_signs = extend_usual(usual_signs, *stack_signs(records))
            yield tabulate_frames(records, usual_signs=usual_signs, blendshapes=self.blendshapes)


def _gather_records(frames: Iterator[TrackedFrame]) -> Iterator[list[FrameRecord]]:
    """Yield records in batches; the last one also when the video breaks off, before the error goes on."""
    from mimicrylab.coding.frame_table import record_frame
    from mimicrylab.coding.video import VideoBreak

    records: list[FrameRecord] = []
    try:
        for frame in frames:
            records.append(record_frame(frame))
            if len(records) == BATCH_FRAMES:
                yield records
                records = []
    except VideoBreak:
        if records:
            yield records
        raise
    if records:
        yield records


@cache
def _hash_table() -> str:
    """Return the beginning of the hash of the table of action units: other formulas are another version."""
    return sha256(files("mimicrylab.coding").joinpath(TABLE_FILE).read_bytes()).hexdigest()[:8]
