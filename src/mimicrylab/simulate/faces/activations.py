"""From action units to movements of the mesh: what level 1 means, and how far the skin moves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mimicrylab.errors import UnknownNameError
from mimicrylab.simulate.faces.head import MILLIMETRES, Head
from mimicrylab.simulate.faces.mesh import FloatArray

FACE_UNITS: Mapping[str, Mapping[str, float]] = {
    "AU01": {"browInnerUp": 1.0},
    "AU02": {"browOuterUp{}": 1.0},
    "AU04": {"browDown{}": 1.0},
    "AU05": {"eyeWide{}": 1.0},
    "AU06": {"cheekSquint{}": 1.0, "eyeSquint{}": 0.35},
    "AU07": {"eyeSquint{}": 1.0},
    "AU09": {"noseSneer{}": 1.0},
    "AU10": {"mouthUpperUp{}": 1.0},
    "AU12": {"mouthSmile{}": 1.0},
    "AU14": {"mouthDimple{}": 1.0},
    "AU15": {"mouthFrown{}": 1.0},
    "AU16": {"mouthLowerDown{}": 1.0},
    "AU17": {"mouthShrugLower": 1.0, "mouthShrugUpper": 0.5},
    "AU18": {"mouthPucker": 1.0},
    "AU20": {"mouthStretch{}": 1.0},
    "AU22": {"mouthFunnel": 1.0},
    "AU23": {"mouthRollUpper": 0.35, "mouthRollLower": 0.45, "mouthPress{}": 0.3},
    "AU24": {"mouthPress{}": 1.0},
    "AU25": {"mouthLowerDown{}": 0.5, "mouthUpperUp{}": 0.25, "jawOpen": 0.05},
    "AU26": {"jawOpen": 0.5},
    "AU27": {"jawOpen": 1.0},
    "AU28": {"mouthRollUpper": 1.0, "mouthRollLower": 1.0},
    "AU34": {"cheekPuff": 1.0},
    "AU45": {"eyeBlink{}": 1.0},
}
"""Action unit -> face units and their weights at level 1; ``{}`` stands for Left and Right."""

GAZE = ("eyeLookUp{}", "eyeLookDown{}", "eyeLookIn{}", "eyeLookOut{}")
SIDES = {"L": "Left", "R": "Right"}


def weigh_face_units(levels: Mapping[str, float]) -> dict[str, float]:
    """Return face unit -> weight of action units and their levels; ``AU12L`` moves the person's left side alone.

    Raises
    ------
    UnknownNameError
        An action unit that cannot be rendered.

    Examples
    --------
    >>> weigh_face_units({"AU12": 0.5})
    {'mouthSmileLeft': 0.5, 'mouthSmileRight': 0.5}
    """
    weights: dict[str, float] = {}
    for unit, level in levels.items():
        side = unit[-1] if unit[-1] in SIDES else ""
        name = unit[:-1] if side else unit
        if name not in FACE_UNITS:
            raise UnknownNameError("action unit that can be rendered", unit, list(FACE_UNITS))
        for face_unit, weight in FACE_UNITS[name].items():
            sides = [SIDES[side]] if side else list(SIDES.values())
            for each in sides if "{}" in face_unit else [""]:
                share = 1.0 if "{}" in face_unit or not side else 0.5
                key = face_unit.format(each)
                weights[key] = weights.get(key, 0.0) + level * weight * share
    return weights


def move_head(head: Head, vertices: FloatArray, levels: Mapping[str, float]) -> FloatArray:
    """Return the vertices ``[n, 3]`` with these action units at these levels; a level of 1 is the artist's unit."""
    moved = vertices.copy()
    for name, weight in weigh_face_units(levels).items():
        target = head.find_target(name)
        moved[target.index] += weight * target.displacement
    return moved


def measure_displacement(head: Head, levels: Mapping[str, float]) -> float:
    """Return the largest displacement of the skin in mm, on a head with 62 mm between the pupils."""
    rest = head.vertices
    points = head.place(move_head(head, rest, levels), "skin") - head.place(rest, "skin")
    return float(np.linalg.norm(points, axis=1).max() * MILLIMETRES)


FULL_MOVEMENTS: Mapping[str, float] = {
    "AU01": 2.3,
    "AU02": 2.7,
    "AU04": 1.6,
    "AU05": 2.2,
    "AU06": 1.4,
    "AU07": 2.5,
    "AU09": 1.5,
    "AU10": 2.2,
    "AU12": 1.45,
    "AU15": 2.0,
    "AU17": 2.4,
    "AU18": 2.0,
    "AU20": 1.3,
    "AU23": 1.1,
    "AU24": 1.5,
    "AU25": 1.7,
    "AU26": 1.0,
}
"""Level at which a rendered face moves as far as the full movement that cohorts are simulated with.

That is ``simulate.population.MOVEMENT_SIZES``, measured with the coder ``landmarker`` on three of the people; where it
cannot see the unit (AU06, AU09, AU24), a level that looks like a full movement."""
