"""Tiny videos of known content for tests: a white bar that stands in column 4 x frame number of a dark picture."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

MILLISECONDS = Fraction(1, 1000)
STEP_PX = 4


def draw_frame(number: int, *, width: int = 64, height: int = 48) -> np.ndarray:
    """Return the picture of one frame, ``[height, width, 3]``."""
    picture = np.full((height, width, 3), 40, dtype=np.uint8)
    left = STEP_PX * number % (width - STEP_PX)
    picture[:, left : left + STEP_PX] = 235
    return picture


def find_bar(pixels: np.ndarray) -> int:
    """Return the frame number that a picture shows."""
    brightness = pixels.mean(axis=(0, 2))
    return round(float(np.average(np.arange(len(brightness)), weights=brightness > 128)) / STEP_PX - 0.4)


def make_video(
    path: Path,
    *,
    times_ms: Sequence[int] = tuple(range(0, 400, 40)),
    codec: str = "mpeg4",
    width: int = 64,
    height: int = 48,
    pixel_format: str = "yuv420p",
    rotation: int = 0,
    mirrored: bool = False,
    sound_s: float = 0.0,
    keyframe_every: int = 1000,
    live: bool = False,
    pictures: Sequence[np.ndarray] | None = None,
) -> Path:
    """Write a video with the given frame times and return its path.

    ``live`` writes as a browser does: no length and no index at the end. ``sound_s`` adds that much silence.
    """
    options = {"live": "1"} if live else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
        stream.codec_context.gop_size = keyframe_every
        stream.codec_context.max_b_frames = 0
        stream.codec_context.time_base = MILLISECONDS
        stream.time_base = MILLISECONDS
        stream.bit_rate = 2_000_000
        if codec == "libx264":
            stream.codec_context.options = {"sc_threshold": "0"}
        if rotation or mirrored:
            stream.set_display_rotation(rotation, hflip=mirrored)
        if sound_s:
            add_silence(container, sound_s, codec="libopus" if path.suffix == ".webm" else "aac")
        for number, time_ms in enumerate(times_ms):
            picture = draw_frame(number, width=width, height=height) if pictures is None else pictures[number]
            frame = av.VideoFrame.from_ndarray(picture).reformat(format=pixel_format)
            frame.pts, frame.time_base = time_ms, MILLISECONDS
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def add_silence(container: av.container.OutputContainer, seconds: float, *, codec: str) -> None:
    """Add a sound stream of silence."""
    rate, block = 48000, 960
    stream = container.add_stream(codec, rate=rate, layout="mono")
    for start in range(0, round(seconds * rate), block):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, block), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
