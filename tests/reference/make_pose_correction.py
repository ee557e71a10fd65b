"""How much of a head's pose leaks into the action units, and the correction that action_units.json declares.

    cd tests && python reference/make_pose_correction.py

turns eight real pictures of five persons to 35 poses each (``turned_faces.py``) and prints, for every action unit from
the mesh, its spread over a face's poses within +-20 degrees of yaw and +-10 of pitch: uncorrected, and corrected by
coefficients fitted to the four other persons. The last column has the coefficients fitted to all five (of the left
side; the right side has the signs of yaw and of yaw x pitch turned). They are copied into action_units.json by hand,
for the units whose spread falls by an eighth or more.
"""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mimicrylab.coding.action_units import measure_action_units
from mimicrylab.coding.face_models import FaceModels
from mimicrylab.coding.head_alignment import fit_heads
from turned_faces import FACES, look_at_turned

POSES = [(yaw, pitch) for yaw in range(-30, 31, 10) for pitch in range(-20, 21, 10)]
NEAR = np.array([abs(yaw) <= 20 and abs(pitch) <= 10 for yaw, pitch in POSES])
TABLE = json.loads(files("mimicrylab.coding").joinpath("action_units.json").read_text(encoding="utf-8"))

Values = NDArray[np.float64]  # [faces, poses]


def measure_uncorrected(landmarks: NDArray[np.float32]) -> tuple[dict[str, Values], Values]:
    """Return each mesh unit's values ``[poses]`` without the declared correction, and the pose terms ``[poses, 5]``."""
    head = TABLE["reference_head"]
    anchors = head["anchors"]
    fit = fit_heads(landmarks[:, anchors], np.array([head["places"][str(each)] for each in anchors]))
    limit = np.radians(TABLE["pose_limit_deg"])
    yaw, pitch = (np.clip(angle, -limit, limit) for angle in fit.measure_angles())
    terms = np.stack([yaw, pitch, yaw**2, pitch**2, yaw * pitch], axis=1)
    measured = measure_action_units(landmarks)
    return {
        entry["name"]: measured[entry["name"]].to_numpy() + terms @ np.array(entry.get("pose_correction", [0.0] * 5))
        for entry in TABLE["action_units"]
        if "mesh" in entry
    }, terms


def fit_correction(values: list[Values], terms: list[Values]) -> NDArray[np.float64]:
    """Return the five coefficients that explain best how values change within each face."""
    return np.linalg.lstsq(
        np.concatenate([each - each.mean(axis=0) for each in terms]),
        np.concatenate([each - each.mean() for each in values]),
    )[0]


def main() -> None:
    """Measure, fit, print."""
    models = FaceModels(blendshapes=False)
    seen = [measure_uncorrected(look_at_turned(models, face, POSES)) for face in FACES]
    people = [face.person for face in FACES]
    print("unit   spread  corrected  coefficients: yaw, pitch, yaw^2, pitch^2, yaw x pitch (radians)")
    for unit in sorted({name.rstrip("LR") for name in seen[0][0]}):
        sides = [(name, sign) for name, sign in ((f"{unit}L", 1), (f"{unit}R", -1), (unit, 0)) if name in seen[0][0]]
        rows = [
            (person, values[name], terms * ([1, 1, 1, 1, 1] if sign > 0 else [sign, 1, 1, 1, sign]))
            for person, (values, terms) in zip(people, seen, strict=True)
            for name, sign in sides
        ]
        before, after = [], []
        for person, values, terms in rows:
            others = [(v, t) for other, v, t in rows if other != person]
            coefficients = fit_correction([v for v, _ in others], [t for _, t in others])
            before.append(np.var(values[NEAR]))
            after.append(np.var((values - terms @ coefficients)[NEAR]))
        final = fit_correction([v for _, v, _ in rows], [t for _, _, t in rows])
        print(f"{unit}   {np.mean(before) ** 0.5:.4f}  {np.mean(after) ** 0.5:.4f}     {final.round(4).tolist()}")


if __name__ == "__main__":
    main()
