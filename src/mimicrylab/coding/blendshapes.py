"""The 52 blendshapes as signals: column names, and how far each can be trusted."""

from __future__ import annotations

from functools import cache

from mimicrylab.coding.coder import Signal, Standing
from mimicrylab.coding.landmark_names import BLENDSHAPES

PREFIX = "bs_"
STILL = (
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "jawForward", "jawRight", "mouthClose", "noseSneerLeft",
    "noseSneerRight",
)  # fmt: skip
"""Stayed below .01 on every face tried: the movement is not seen."""
NEARLY_STILL = (
    "eyeWideLeft", "eyeWideRight", "jawLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthLeft",
    "mouthRight",
)  # fmt: skip
"""Stayed below .1 on every face tried."""
FOLLOWING = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "jawOpen", "mouthShrugLower",
    "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight",
)  # fmt: skip
"""Follow the movement on real faces."""
REFERENCE = "MediaPipe Face Landmarker, blendshape model V2 (model card, 2022)"
FORMULA = "output of MediaPipe's model for smoothed landmarks; close to 0 for weak movements (a gate, not a scale)"


def name_blendshape_columns() -> tuple[str, ...]:
    """Return the columns of the 52 blendshapes, in the model's order.

    Examples
    --------
    >>> name_blendshape_columns()[:2]
    ('bs_neutral', 'bs_browDownLeft')
    """
    return tuple(PREFIX + name.lstrip("_") for name in BLENDSHAPES)


@cache
def list_blendshapes() -> tuple[Signal, ...]:
    """Return the 52 blendshapes as signals, in the model's order."""
    return tuple(
        Signal(
            name=column,
            unit="share of the full movement",
            standing=_judge_standing(name),
            meaning=_describe(name),
            minimum=0.0,
            maximum=1.0,
            formula=FORMULA,
            reference=REFERENCE,
        )
        for name, column in zip(BLENDSHAPES, name_blendshape_columns(), strict=True)
    )


def _judge_standing(name: str) -> Standing:
    return "measured" if name in FOLLOWING else "weak"


def _describe(name: str) -> str:
    if name == "_neutral":
        return "how neutral the model takes the face to be; not used"
    remark = ""
    if name in STILL:
        remark = "; did not move on any face tried"
    elif name in NEARLY_STILL:
        remark = "; hardly moved on any face tried"
    return f"MediaPipe's blendshape {name}{remark}"
