"""The columns of OpenFace 2.x: names, units, and the values each can have.

Source: OpenFace wiki, "Output format"; Baltrušaitis et al. (2018), doi:10.1109/FG.2018.00019.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

INTENSITIES = tuple(f"AU{n:02}_r" for n in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45))
PRESENCES = tuple(f"AU{n:02}_c" for n in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 28, 45))

SIGNALS = {
    **dict.fromkeys(INTENSITIES, "0-5"),
    **dict.fromkeys(PRESENCES, "0 or 1"),
    **{f"gaze_{eye}_{axis}": "direction cosine" for eye in (0, 1) for axis in "xyz"},
    **{f"gaze_angle_{axis}": "rad" for axis in "xy"},
    **{f"pose_T{axis}": "mm" for axis in "xyz"},
}
"""Signals and their units. Intensity and presence come from separate models: neither follows from the other."""

HEAD_POSE = {"pitch": ("pose_Rx", 1.0), "yaw": ("pose_Ry", -1.0), "roll": ("pose_Rz", 1.0)}
"""Angle of our frames table -> OpenFace's column (rad), and the sign that turns its direction into ours."""

GAZE_VECTORS = {axis: (f"gaze_0_{axis}", f"gaze_1_{axis}") for axis in "xyz"}
"""Direction of both eyes' gaze: x to the right in the picture, y down, z away from the camera."""

POSITION = ("frame", "timestamp", "confidence", "success", "face_id", "face")

SUCCESS_CONFIDENCE = 0.725
"""OpenFace's own rule, for files that lost the column ``success``: a confidence above this."""

N_LANDMARKS = 68
LANDMARK_X = tuple(f"x_{n}" for n in range(N_LANDMARKS))
LANDMARK_Y = tuple(f"y_{n}" for n in range(N_LANDMARKS))

SHAPE = re.compile(r"(eye_lmk_)?[xyXYZ]_\d+|p_(\d+|scale|rx|ry|rz|tx|ty)")
"""Landmarks (``x_0`` in px, ``X_0`` in mm are two columns) and shape parameters."""

LARGEST_LENGTH = 1e5
LARGEST_ANGLE_RAD = 6.3


def is_signal(name: str, *, landmarks: bool) -> bool:
    """Return whether a column is kept as a signal."""
    return name in SIGNALS or (landmarks and SHAPE.fullmatch(name) is not None)


def is_read(name: str, *, landmarks: bool) -> bool:
    """Return whether a column is needed: a signal, or what position, head pose and box are made of."""
    angles = {column for column, _ in HEAD_POSE.values()}
    return (
        is_signal(name, landmarks=landmarks)
        or name in POSITION
        or name in angles
        or name in LANDMARK_X
        or name in LANDMARK_Y
    )


def is_numbered(name: str) -> bool:
    """Return whether a column is one of the eight that programs around OpenFace 3 number ``AU01_r`` to ``AU08_r``."""
    return re.fullmatch(r"AU0[1-8]_r", name) is not None


def is_numbered_header(names: Collection[str]) -> bool:
    """Return whether a header numbers action units instead of naming them, as OpenFace 2 never does.

    Examples
    --------
    >>> is_numbered_header(["frame", "success", "AU01_r", "AU02_r", "AU03_r", "AU08_r"])
    True
    """
    return {"AU03_r", "AU08_r"} <= set(names)


def looks_like_openface(names: Collection[str]) -> bool:
    """Return whether a header is one that OpenFace 2.x writes, whichever groups of columns were asked for."""
    found = set(names)
    landmarks = {"x_0", "X_0", "pose_Rx"}
    return bool(found & {"success", "confidence"}) and bool(found & (SIGNALS.keys() | landmarks))


def is_possible(name: str) -> pl.Expr:
    """Return an expression that is true where the column ``name`` holds a value that OpenFace can write."""
    value = pl.col(name)
    if name in INTENSITIES:
        return value.is_between(0, 5)
    if name in PRESENCES:
        return value.is_in([0.0, 1.0])
    if name == "confidence":
        return value.is_between(0, 1)
    if name.startswith(("gaze_0", "gaze_1")):
        return value.is_between(-1.001, 1.001)
    if name.startswith(("pose_R", "gaze_angle")):
        return value.abs() <= LARGEST_ANGLE_RAD
    return value.abs() <= LARGEST_LENGTH
