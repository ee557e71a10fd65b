"""Small OpenFace 2.x files with known content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mimicrylab.readers.openface_columns import INTENSITIES, LANDMARK_X, LANDMARK_Y, PRESENCES

POSE = ("pose_Tx", "pose_Ty", "pose_Tz", "pose_Rx", "pose_Ry", "pose_Rz")
GAZE = tuple(f"gaze_{eye}_{axis}" for eye in (0, 1) for axis in "xyz")
FULL_HEADER = (
    *("frame", "face_id", "timestamp", "confidence", "success"),
    *GAZE,
    *POSE,
    *LANDMARK_X,
    *LANDMARK_Y,
    *INTENSITIES,
    *PRESENCES,
)


def make_row(frame: int, **values: object) -> dict[str, object]:
    """Return the cells of one frame at 30 frames/s with a face that does nothing; ``values`` replace cells.

    The landmarks lie in a box from (100, 50) that is 67 px wide and 134 px high.
    """
    row: dict[str, object] = {"frame": frame, "face_id": 0, "timestamp": f"{(frame - 1) / 30:.3f}"}
    row |= {"confidence": "0.98", "success": 1} | dict.fromkeys((*GAZE, *POSE), "0.000")
    row |= {"gaze_0_z": "-1.000", "gaze_1_z": "-1.000"}
    row |= {name: f"{100 + place:.1f}" for place, name in enumerate(LANDMARK_X)}
    row |= {name: f"{50 + 2 * place:.1f}" for place, name in enumerate(LANDMARK_Y)}
    row |= dict.fromkeys(INTENSITIES, "0.00") | dict.fromkeys(PRESENCES, "0.00")
    return row | values


def format_rows(
    rows: Sequence[Mapping[str, object]], *, header: Sequence[str] = FULL_HEADER, mark: str = ", ", end: str = "\n"
) -> str:
    """Return the text of a file."""
    lines = [mark.join(header), *(mark.join(str(row.get(name, "")) for name in header) for row in rows)]
    return "".join(line + end for line in lines)


def write_rows(path: Path, rows: Sequence[Mapping[str, object]], **layout: object) -> Path:
    """Write a file and return its path."""
    path.write_bytes(format_rows(rows, **layout).encode())  # type: ignore[arg-type]
    return path


FPS = 30
FIRST_ONSET_S = 4.0
TRIAL_S = 8.0
SHOWN = ("happiness_F1", "anger_F1", "neutral_F1", "happiness_M1", "anger_M1", "neutral_M1")
SMILE = {"P01": 1.2, "P02": 0.8, "P03": 0.4}
"""How far AU12_r rises above its rest of 0.50 from 0.5 s to 2.5 s after each happy face, by participant."""
LOST_S = (30.0, 30.5)
"""When the face of P02 is lost: OpenFace writes 0 for every action unit there."""
COHORT_HEADER = ("frame", "timestamp", "confidence", "success", *POSE, *INTENSITIES, *PRESENCES)


def write_cohort(folder: Path) -> None:
    """Write ``openface/P01.csv`` ... and ``events.csv`` for three people who smile at happy faces by a known amount."""
    (folder / "openface").mkdir(parents=True)
    n_frames = round((FIRST_ONSET_S + TRIAL_S * len(SHOWN)) * FPS)
    for name, rise in SMILE.items():
        rows = [_make_mimicry_row(name, rise, frame) for frame in range(1, n_frames + 1)]
        write_rows(folder / "openface" / f"{name}.csv", rows, header=COHORT_HEADER)
    lines = [
        f"{name},{FIRST_ONSET_S + TRIAL_S * place:.2f},4.0,{stimulus}"
        for name in SMILE
        for place, stimulus in enumerate(SHOWN)
    ]
    (folder / "events.csv").write_bytes("\n".join(["recording,onset,duration,stimulus", *lines, ""]).encode())


def _make_mimicry_row(name: str, rise: float, frame: int) -> dict[str, object]:
    time_s = (frame - 1) / FPS
    if name == "P02" and LOST_S[0] <= time_s < LOST_S[1]:
        return make_row(frame, success=0, confidence="0.02")
    place, since_onset_s = divmod(time_s - FIRST_ONSET_S, TRIAL_S)
    smiles = place >= 0 and SHOWN[int(place)].startswith("happiness") and 0.5 <= since_onset_s < 2.5
    level = 0.5 + (rise if smiles else 0.0) + 0.05 * (-1) ** frame
    return make_row(frame, AU12_r=f"{level:.2f}", AU12_c=f"{int(smiles):.2f}")
