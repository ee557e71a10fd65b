"""Faces in a whole picture: what the detector's output means (BlazeFace, short range, as MediaPipe reads it).

Source: mediapipe/tasks/cc/vision/face_detector/face_detector_graph.cc and its calculators (Apache-2.0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.regions import EXPANSION, Region

INPUT_SIZE = 128
STRIDES_AND_ANCHORS = ((8, 2), (16, 6))
"""Cells of this many pixels, and how many anchors each cell has."""
MINIMUM_SCORE = 0.5
OVERLAP = 0.3
"""Boxes that share more than this (intersection over union) show the same face."""
SCORE_LIMIT = 100.0
RIGHT_EYE, LEFT_EYE = slice(4, 6), slice(6, 8)
"""Places of the person's right and left eye in a decoded row."""


@dataclass(frozen=True)
class Detection:
    """A face found: its score (0-1) and the region to search for landmarks."""

    score: float
    region: Region


def read_detections(regressors: NDArray[np.float32], scores: NDArray[np.float32], picture: Region) -> list[Detection]:
    """Return the faces found, surest first.

    Parameters
    ----------
    regressors
        ``[896, 16]`` raw output: box centre and size, six points, px of the input relative to the anchors.
    scores
        ``[896]`` raw output (logits).
    picture
        The square that was the detector's input, in pixels of the picture.
    """
    limit = math.log(MINIMUM_SCORE / (1 - MINIMUM_SCORE))
    chosen = np.flatnonzero(scores >= limit)
    if not chosen.size:
        return []
    certainty = 1 / (1 + np.exp(-np.clip(scores[chosen].astype(np.float64), -SCORE_LIMIT, SCORE_LIMIT)))
    rows = regressors[chosen].astype(np.float64) / INPUT_SIZE
    anchors = _list_anchors()[chosen]
    rows[:, 0:2] += anchors
    rows[:, 4:] += np.tile(anchors, 6)
    usable = (rows[:, 2] >= 0) & (rows[:, 3] >= 0)
    order = np.argsort(-certainty[usable], kind="stable")
    merged = _merge_overlapping(rows[usable][order], certainty[usable][order])
    return [Detection(score, _find_region(row, picture)) for score, row in merged]


@cache
def _list_anchors() -> NDArray[np.float64]:
    """Centres of the anchors, 0 to 1 across and down the input ``[896, 2]``."""
    parts = []
    for stride, count in STRIDES_AND_ANCHORS:
        n = INPUT_SIZE // stride
        down, across = np.mgrid[0:n, 0:n]
        centres = (np.stack([across, down], axis=-1).reshape(-1, 2) + 0.5) / n
        parts.append(np.repeat(centres, count, axis=0))
    return np.concatenate(parts)


def _merge_overlapping(
    rows: NDArray[np.float64], certainty: NDArray[np.float64]
) -> list[tuple[float, NDArray[np.float64]]]:
    """Weighted non-maximum suppression: boxes of one face become their mean, weighted by score."""
    merged = []
    while rows.size:
        same = _overlap(rows, rows[0]) > OVERLAP
        if not same[0]:
            merged.append((float(certainty[0]), rows[0]))
            same[0] = True
        else:
            weights = certainty[same] / certainty[same].sum()
            merged.append((float(certainty[0]), weights @ rows[same]))
        rows, certainty = rows[~same], certainty[~same]
    return merged


def _overlap(rows: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.float64]:
    low = np.maximum(rows[:, 0:2] - rows[:, 2:4] / 2, row[0:2] - row[2:4] / 2)
    high = np.minimum(rows[:, 0:2] + rows[:, 2:4] / 2, row[0:2] + row[2:4] / 2)
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    union = np.prod(rows[:, 2:4], axis=1) + np.prod(row[2:4]) - common
    shared: NDArray[np.float64] = np.divide(common, union, out=np.zeros_like(common), where=union > 0)
    return shared


def _find_region(row: NDArray[np.float64], picture: Region) -> Region:
    """Return the expanded, upright region around a decoded box."""
    left, top = picture.x - picture.width / 2, picture.y - picture.height / 2
    across, down = row[LEFT_EYE] - row[RIGHT_EYE]
    return Region(
        float(left + row[0] * picture.width),
        float(top + row[1] * picture.height),
        float(row[2] * picture.width * EXPANSION),
        float(row[3] * picture.height * EXPANSION),
        math.atan2(down, across),
    )
