"""Small videos whose content is known: frame k is grey of level 40 + 4 k, shown at k / 25 s."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from made_videos import make_video

FRAMES_PER_S = 25
DARKEST = 40
STEP = 4


def write_video(path: Path, *, frames: int = 20, level: int = DARKEST) -> Path:
    """Write an mp4 of 64 x 48 grey frames, each four levels lighter than the one before; a keyframe every five."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = [np.full((48, 64, 3), level + STEP * number, dtype=np.uint8) for number in range(frames)]
    times = range(0, frames * 1000 // FRAMES_PER_S, 1000 // FRAMES_PER_S)
    return make_video(path, times_ms=times, keyframe_every=5, pictures=pictures)


def cut_file(path: Path, *, share: float) -> Path:
    """Keep the first part of a file's bytes."""
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])
    return path
