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
