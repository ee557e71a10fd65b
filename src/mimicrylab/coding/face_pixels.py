"""What only pixels tell of a face: how sharp and how bright its picture is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.regions import EXPANSION


def measure_sharpness(crop: NDArray[np.uint8]) -> tuple[float, float]:
    """Return sharpness and luminance of the face in a crop.

    Sharpness is the standard deviation of the Laplacian of the grey values; as the crop has one size, a blurred face
    and one that is too small both come out low. Luminance is the mean grey value (0-255). Both are taken over the
    middle of the crop, without the margin around the face.

    Parameters
    ----------
    crop
        RGB ``[n, n, 3]``, the face upright in the middle, the region `EXPANSION` times as large as the face.
    """
    margin = round(len(crop) * (1 - 1 / EXPANSION) / 2)
    grey = cv2.cvtColor(crop[margin:-margin, margin:-margin], cv2.COLOR_RGB2GRAY)
    _, spread = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return float(spread[0, 0]), float(cv2.mean(grey)[0])
