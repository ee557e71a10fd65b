"""Recordings whose clock runs away from a log's by a known offset and drift, with flashes and beeps at known times."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from made_videos import MILLISECONDS

LED = (4, 4, 8, 8)
"""Where the light is in the picture: x, y, width, height (px)."""
RATE_HZ = 48_000
BEEP_S = 0.08


def make_flash_video(
    path: Path,
    flashes_s: Sequence[float],
    *,
    duration_s: float,
    fps: float = 25.0,
    flash_s: float = 0.12,
    beeps_s: Sequence[float] = (),
    tone_hz: float = 1000.0,
    seed: int = 0,
) -> Path:
    """Write a noisy, slowly brightening picture in which a small light goes on at the given times (s).

    A frame shows the light when it was on at the frame's own time. Frame times jitter by up to a fifth of an interval,
    as a webcam's do. ``beeps_s`` adds a sound track with a tone at these times, over noise.
    """
    random = np.random.default_rng(seed)
    n_frames = round(duration_s * fps)
    times_ms = np.round(1000 * (np.arange(n_frames) + random.uniform(0, 0.2, n_frames)) / fps).astype(int)
    x, y, width, height = LED
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        stream.codec_context.time_base = stream.time_base = MILLISECONDS
        stream.codec_context.max_b_frames = 0
        stream.bit_rate = 1_000_000
        if beeps_s:
            _add_beeps(container, beeps_s, duration_s=duration_s, tone_hz=tone_hz, random=random)
        for time_ms in times_ms:
            second = time_ms / 1000
            level = 60 + 30 * second / duration_s
            picture = np.clip(random.normal(level, 2, (32, 48, 3)), 0, 255).astype(np.uint8)
            if any(start <= second < start + flash_s for start in flashes_s):
                picture[y : y + height, x : x + width] = 250
            frame = av.VideoFrame.from_ndarray(picture).reformat(format="yuv420p")
            frame.pts, frame.time_base = int(time_ms), MILLISECONDS
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _add_beeps(
    container: av.container.OutputContainer,
    beeps_s: Sequence[float],
    *,
    duration_s: float,
    tone_hz: float,
    random: np.random.Generator,
) -> None:
    stream = container.add_stream("aac", rate=RATE_HZ, layout="mono")
    clock = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    samples = random.normal(0, 0.01, clock.size)
    for start in beeps_s:
        on = (clock >= start) & (clock < start + BEEP_S)
        samples[on] += 0.5 * np.sin(2 * np.pi * tone_hz * clock[on])
    for first in range(0, samples.size - 1023, 1024):
        block = samples[None, first : first + 1024].astype(np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, first, Fraction(1, RATE_HZ)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
