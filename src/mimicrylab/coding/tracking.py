"""One face followed through a video: detector, landmarks and blendshapes as MediaPipe's VIDEO mode runs them.

The detector looks at the whole picture only while no face is followed; otherwise the landmarks of one frame say where
to look in the next. What is handed out are the landmarks as the model gives them, unsmoothed; the blendshapes come
from smoothed ones, as MediaPipe's do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.detection import Detection, read_detections
from mimicrylab.coding.face_models import DETECTOR_INPUT_SIZE, LANDMARK_INPUT_SIZE, FaceModels
from mimicrylab.coding.regions import Region, cut_region, follow_landmarks, frame_picture, place_points
from mimicrylab.coding.smoothing import LandmarkFilter
from mimicrylab.coding.video import VideoFrame, decode_frames

MINIMUM_PRESENCE = 0.5
COUNTING_INTERVAL_S = 1.0
SURE_SCORE = 0.55
"""Another face counts from this score on, if the landmark model agrees: below, patterns pass for faces."""


@dataclass(frozen=True)
class TrackedFace:
    """The face in one frame.

    Attributes
    ----------
    confidence
        The landmark model's certainty that this is a face (0-1).
    landmarks
        ``[478, 3]`` px of the picture, x to the right, y down, depth towards the viewer negative; unsmoothed.
    blendshapes
        ``[52]`` (0-1) in the order of ``landmark_names.BLENDSHAPES``, from smoothed landmarks; None if not asked for.
    crop
        RGB ``[256, 256, 3]``: the upright region in which the landmarks were found.
    points
        ``[478, 3]``: the landmarks in the crop, 0 to 1 across and down.
    """

    confidence: float
    landmarks: NDArray[np.float32]
    blendshapes: NDArray[np.float32] | None
    crop: NDArray[np.uint8]
    points: NDArray[np.float32]


@dataclass(frozen=True)
class TrackedFrame:
    """A frame and the face in it.

    Attributes
    ----------
    width, height
        Of the picture (px).
    face
        None where there is none.
    faces_found
        How many faces are in the whole picture; counted once a second, the count holds until the next.
    """

    number: int
    time: float
    width: int
    height: int
    face: TrackedFace | None
    faces_found: int


class FaceTracker:
    """Follows one face; it has state, so frames must come in order. See the module for how."""

    def __init__(self, models: FaceModels) -> None:
        self._models = models
        self._region: Region | None = None
        self._filter = LandmarkFilter()
        self._size: tuple[int, int] | None = None
        self._next_count = -math.inf
        self._count = 0

    def follow(self, frame: VideoFrame) -> TrackedFrame:
        """Return the face in the next frame."""
        height, width = frame.pixels.shape[:2]
        if self._size != (width, height):
            self._size = (width, height)
            self._forget()
        face = self._find_face(frame)
        if face is None:
            self._forget()
        else:
            self._region = follow_landmarks(face.landmarks)
        return TrackedFrame(frame.number, frame.time, width, height, face, self._count_faces(frame))

    def _forget(self) -> None:
        self._region = None
        self._filter = LandmarkFilter()

    def _count_faces(self, frame: VideoFrame) -> int:
        if frame.time >= self._next_count:
            self._next_count = frame.time + COUNTING_INTERVAL_S
            self._count = count_faces(self._models, frame.pixels, followed=self._region)
        return self._count

    def _find_face(self, frame: VideoFrame) -> TrackedFace | None:
        region = self._region
        if region is None:
            faces = detect_faces(self._models, frame.pixels)
            if not faces:
                return None
            region = faces[0].region
        crop = cut_region(frame.pixels, region, LANDMARK_INPUT_SIZE)
        points, presence = self._models.find_landmarks(crop)
        if presence < MINIMUM_PRESENCE:
            return None
        landmarks = place_points(points, region)
        blendshapes = None
        if self._models.has_blendshapes:
            blendshapes = self._models.read_blendshapes(self._filter.smooth(landmarks, frame.time))
        return TrackedFace(presence, landmarks, blendshapes, crop, points)


def detect_faces(models: FaceModels, pixels: NDArray[np.uint8]) -> list[Detection]:
    """Return the faces in a whole picture, surest first."""
    height, width = pixels.shape[:2]
    picture = frame_picture(width, height)
    square = cut_region(pixels, picture, DETECTOR_INPUT_SIZE, replicate_border=False)
    return read_detections(*models.detect(square), picture)


def count_faces(models: FaceModels, pixels: NDArray[np.uint8], *, followed: Region | None = None) -> int:
    """Return how many faces are in a picture: the one followed, if any, and others that both models see."""
    others = [
        found.region
        for found in detect_faces(models, pixels)
        if found.score >= SURE_SCORE and (followed is None or not _is_same(found.region, followed))
    ]
    crops = (cut_region(pixels, region, LANDMARK_INPUT_SIZE) for region in others)
    return (followed is not None) + sum(models.find_landmarks(crop)[1] >= MINIMUM_PRESENCE for crop in crops)


def _is_same(found: Region, followed: Region) -> bool:
    return max(abs(found.x - followed.x), abs(found.y - followed.y)) < followed.width / 2


def track_faces(video: Path, *, blendshapes: bool = True, models: FaceModels | None = None) -> Iterator[TrackedFrame]:
    """Yield every frame of a video with the face in it, in order.

    Raises
    ------
    AssetError
        The model cannot be had.
    MissingError, InputError, DamagedFileError, VideoBreak
        As `mimicrylab.coding.video.decode_frames`.
    """
    cv2.setNumThreads(1)
    tracker = FaceTracker(models or FaceModels(blendshapes=blendshapes))
    for frame in decode_frames(video):
        yield tracker.follow(frame)
