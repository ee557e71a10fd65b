"""Signs that something covers the mouth or the brow.

The landmark model invents a mouth under a hand, so landmarks alone do not tell. Three signs do, each compared with what
is usual for this person in this recording, so that beards, fringes and glasses count as usual:

contrast
    lips are redder than the skin around them, brows darker than the forehead; under a hand or a cup they are not
surroundings
    the skin around the mouth, or the forehead, is evenly lit and has the colour of the cheeks; fingers have edges, and
    things have colours of their own
certainty
    the landmark model is less sure that it sees a face

Each sign is 0 to 1; the middle one of the three is the score, so that two signs must agree. Colours enter as shares and
brightness as logarithms, so that a darker lamp changes nothing.

Limits: a region that is covered for most of a recording becomes what is usual, and is not seen; a hand with even light
and no shadow on it may be missed. What is usual is learnt from the frames before and up to some seconds ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

MAP_SIZE = 128
LIP_PAIRS = (
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 146, 91, 181, 84, 17, 314, 405, 321, 375),
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 95, 88, 178, 87, 14, 317, 402, 318, 324),
)
"""Landmarks of the outer and the inner edge of the lips; half way between them are the lips."""
AROUND_MOUTH = (
    164, 167, 393, 165, 391, 92, 322, 186, 410, 57, 287, 43, 273, 106, 335, 182, 406, 83, 313, 18, 200, 201, 421, 194,
    418, 204, 424,
)  # fmt: skip
BROW_PAIRS = ((107, 66, 105, 63, 336, 296, 334, 293), (55, 65, 52, 53, 285, 295, 282, 283))
"""Landmarks of the upper and the lower edge of the brows."""
FOREHEAD = (9, 8, 151, 108, 337, 69, 299, 104, 333, 109, 338)
CHEEKS = (50, 280, 101, 330, 118, 347, 205, 425, 117, 346, 197, 195)

FIRST = np.array([*LIP_PAIRS[0], *AROUND_MOUTH, *BROW_PAIRS[0], *FOREHEAD, *CHEEKS])
SECOND = np.array([*LIP_PAIRS[1], *AROUND_MOUTH, *BROW_PAIRS[1], *FOREHEAD, *CHEEKS])
"""Colours are read half way between two landmarks; both are the same one where a landmark itself is the place."""
_ENDS = np.cumsum([0, *(len(each) for each in (LIP_PAIRS[0], AROUND_MOUTH, BROW_PAIRS[0], FOREHEAD, CHEEKS))]).tolist()
PARTS = tuple(slice(start, stop) for start, stop in pairwise(_ENDS))
"""Lips, skin around the mouth, brows, forehead and cheeks among the places."""

HIGHEST_LOGIT = 20.0
USUAL_HIGH, USUAL_LOW = 0.75, 0.25
"""Quantiles that stand for the uncovered face: three quarters of a recording may be covered before they are wrong."""
CONTRAST_SHARES = (0.7, 0.3)
"""Share of the usual contrast at which this sign begins, and at which it is full."""
UNEVENNESS_TIMES = (1.6, 2.8)
"""Times the usual unevenness."""
COLOUR_DISTANCES = (0.03, 0.08)
"""Shares of colour farther from the cheeks than usual."""
CERTAINTY_DROPS = (3.0, 9.0)
"""Logits below the usual certainty."""
LEAST_CONTRAST = 0.004
LEAST_UNEVENNESS = 0.02
SAMPLING_INTERVAL_S = 0.5
MOST_SAMPLES = 1200
N_SIGNS = 7


@dataclass(frozen=True)
class Occlusion:
    """How surely something covers the mouth and the brow in each frame ``[n]`` (0-1); NaN without a face."""

    mouth: NDArray[np.float64]
    brow: NDArray[np.float64]


def measure_signs(crop: NDArray[np.uint8], points: NDArray[np.float32], confidence: float) -> NDArray[np.float64]:
    """Return what the signs are read from in one frame.

    ``[7]``: contrast, unevenness and colour distance of the mouth, the same three of the brow, and the logit of the
    model's certainty.

    Parameters
    ----------
    crop
        RGB ``[n, n, 3]``.
    points
        ``[478, 3]``: landmarks in the crop, 0 to 1.
    confidence
        The landmark model's certainty (0-1).
    """
    small = cv2.blur(cv2.resize(crop, (MAP_SIZE, MAP_SIZE), interpolation=cv2.INTER_AREA), (3, 3))
    places = (points[FIRST, :2] + points[SECOND, :2]) * np.float32(MAP_SIZE / 2)
    x, y = np.clip(places.astype(np.intp), 0, MAP_SIZE - 1).T
    colours = small[y, x].astype(np.float64) + 1
    total = colours.sum(axis=1)
    share, light = colours / total[:, None], np.log(total)
    lips, around, brows, forehead, cheeks = PARTS
    skin, mouth, head = (_find_middle(share[part]) for part in (cheeks, around, forehead))
    logit = np.log(confidence / max(1 - confidence, np.finfo(float).eps))
    return np.array(
        [
            _find_middle(share[lips, 0]) - mouth[0],
            np.std(light[around]),
            np.linalg.norm(mouth - skin),
            _find_middle(light[forehead]) - _find_middle(light[brows]),
            np.std(light[forehead]),
            np.linalg.norm(head - skin),
            min(logit, HIGHEST_LOGIT),
        ]
    )


def _find_middle(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median over the first axis; numpy's own takes ten times as long for a few values."""
    ordered = np.sort(values, axis=0)
    middle: NDArray[np.float64] = (ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2
    return middle


def extend_usual(
    usual: NDArray[np.float64], signs: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return ``usual`` with two of the new frames a second added, the oldest forgotten beyond ten minutes.

    Parameters
    ----------
    usual
        ``[m, 7]`` of the frames before; empty at the beginning.
    signs, times
        ``[n, 7]`` and ``[n]`` (s) of the new frames; frames without a face (NaN) are passed over.
    """
    seen = np.isfinite(signs).all(axis=1)
    _, first = np.unique(np.floor(times[seen] / SAMPLING_INTERVAL_S), return_index=True)
    return np.concatenate([usual, signs[seen][first]])[-MOST_SAMPLES:]


def judge_occlusion(signs: NDArray[np.float64], usual: NDArray[np.float64]) -> Occlusion:
    """Return how surely mouth and brow are covered.

    Parameters
    ----------
    signs
        ``[n, 7]`` from `measure_signs`; NaN in frames without a face.
    usual
        ``[m, 7]`` the same for the frames that say what is usual, without NaN.
    """
    if not len(usual):
        nothing = np.full(len(signs), np.nan)
        return Occlusion(nothing, nothing)
    high, low = np.quantile(usual, [USUAL_HIGH, USUAL_LOW], axis=0)
    certainty = _grow(high[6] - signs[:, 6], CERTAINTY_DROPS)
    scores = []
    for contrast, unevenness, colour in ((0, 1, 2), (3, 4, 5)):
        lost = _grow(signs[:, contrast] / max(high[contrast], LEAST_CONTRAST), CONTRAST_SHARES)
        uneven = _grow(signs[:, unevenness] / max(low[unevenness], LEAST_UNEVENNESS), UNEVENNESS_TIMES)
        foreign = _grow(signs[:, colour] - low[colour], COLOUR_DISTANCES)
        scores.append(np.median(np.stack([lost, np.maximum(uneven, foreign), certainty]), axis=0))
    return Occlusion(*scores)


def _grow(values: NDArray[np.float64], limits: tuple[float, float]) -> NDArray[np.float64]:
    """Return 0 up to the first limit, 1 from the second on, and a straight line between (limits may fall)."""
    start, end = limits
    return np.clip((values - start) / (end - start), 0, 1)
