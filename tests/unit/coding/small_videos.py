"""Small videos whose content is known: frame k is grey of level 40 + 4 k, shown at k / 25 s."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

FRAMES_PER_S = 25
DARKEST = 40
STEP = 4


def write_video(path: Path, *, frames: int = 20, level: int = DARKEST) -> Path:
    """Write an mp4 of 64 x 48 grey frames, each four levels lighter than the one before; a keyframe every five."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FRAMES_PER_S)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.gop_size = 5
        for number in range(frames):
            pixels = np.full((48, 64, 3), level + STEP * number, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def cut_file(path: Path, *, share: float) -> Path:
    """Keep the first part of a file's bytes."""
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])
    return path
