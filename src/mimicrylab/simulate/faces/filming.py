"""Filming: the pictures of a recording one after the other, drawn and seen through a webcam, written as a video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import InputError
from mimicrylab.simulate.faces.camera_view import CameraView, Light
from mimicrylab.simulate.faces.head import Head
from mimicrylab.simulate.faces.identity import Identity
from mimicrylab.simulate.faces.model import FaceModel
from mimicrylab.simulate.faces.motion import Performance
from mimicrylab.simulate.faces.renderer import Renderer
from mimicrylab.simulate.faces.studio import Sitter, find_eyes
from mimicrylab.simulate.faces.webcam import HEIGHT, WIDTH, Sensor, expose, place_webcam

DETAIL = 0.25
"""Share of the hairs that a webcam picture needs."""

TICKS = 1000
"""Time base of the written video: milliseconds, as browsers' recorders have it."""

RATE = 23
"""Constant rate factor of h264: about what a browser's recorder keeps at 1 to 2 Mbit/s."""


@dataclass(frozen=True)
class Scene:
    """Who sits before which webcam, and what the face does when."""

    identity: Identity
    performance: Performance
    sensor: Sensor
    light: Light
    seed: int


Overlay = Callable[[NDArray[np.uint8], int], NDArray[np.uint8]]
"""Changes a drawn picture (given its frame number) before the sensor sees it: a hand, a second face."""


def film_scene(
    scene: Scene, *, renderer: Renderer, overlay: Overlay | None = None, view: CameraView | None = None
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield time (s) and picture ``[480, 640, 3]`` of each frame of a scene."""
    model = FaceModel(Head(), scene.identity, renderer, DETAIL)
    model.load()
    sitter = Sitter(model, view or place_webcam(find_eyes(model)), scene.light)
    generator = np.random.default_rng([scene.seed, 41])
    for frame, (time, drawn) in enumerate(zip(scene.performance.times, sitter.play(scene.performance), strict=True)):
        seen = overlay(drawn, frame) if overlay else drawn
        yield float(time), expose(seen, scene.sensor, time_s=float(time), generator=generator)


def write_film(path: Path, frames: Iterator[tuple[float, NDArray[np.uint8]]]) -> int:
    """Write frames with their true times as an mp4 (h264) and return how many there were.

    The file appears under its name when it is whole.

    Raises
    ------
    InputError
        The codec makes no video.
    """
    import av

    making = path.with_name(f".{path.stem}.making{path.suffix}")
    count = 0
    with av.open(str(making), "w") as container:
        options = {"crf": str(RATE), "preset": "veryfast", "bf": "0"}
        stream = container.add_stream("libx264", rate=Fraction(30), options=options)
        if not isinstance(stream, av.VideoStream):
            raise InputError("libx264 makes no video", expected="a video codec")
        stream.pix_fmt = "yuv420p"
        stream.width, stream.height = WIDTH, HEIGHT
        stream.codec_context.time_base = Fraction(1, TICKS)
        for time, pixels in frames:
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            picture.pts = round(time * TICKS)
            picture.time_base = Fraction(1, TICKS)
            container.mux(stream.encode(picture))
            count += 1
        container.mux(stream.encode())
    making.rename(path)
    return count


def make_renderer() -> Renderer:
    """Return a renderer of webcam size."""
    return Renderer(WIDTH, HEIGHT)
