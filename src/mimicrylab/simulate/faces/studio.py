"""Pictures and clips of a person in front of a plain background, as stimulus sets show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from mimicrylab.simulate.faces.pose import Pose
from mimicrylab.simulate.faces.renderer import Renderer

PORTRAIT_DISTANCE = 13.0
"""From the eyes to the camera (units of the base mesh): about 1.3 m, so that the face is not distorted."""

PORTRAIT_ANGLE = 14.6
BELOW_EYES = 0.2


@dataclass(frozen=True)
class Sitter:
    """A person before the camera: draws single pictures and whole performances at the renderer's size."""

    model: FaceModel
    view: CameraView
    light: Light

    def picture(
        self, levels: Mapping[str, float], pose: Pose | None = None, gaze: tuple[float, float] = (0.0, 0.0)
    ) -> NDArray[np.uint8]:
        """Return one picture ``[height, width, 3]`` with these action units."""
        things = self.model.arrange(levels, pose or Pose(), gaze)
        return self.model.renderer.draw(things, self.view, self.light)

    def play(self, performance: Performance) -> Iterator[NDArray[np.uint8]]:
        """Yield the picture of each frame of a performance."""
        for frame in range(len(performance.times)):
            yield self.picture(
                performance.take_levels(frame), performance.take_pose(frame), performance.take_gaze(frame)
            )


def seat_portrait(
    identity: Identity, renderer: Renderer, *, head: Head | None = None, detail: float = 1.0, light: Light | None = None
) -> Sitter:
    """Return a person ready for portraits: eyes in the upper third, from the front."""
    model = FaceModel(head or Head(), identity, renderer, detail)
    model.load()
    eyes = find_eyes(model)
    target = (0.0, float(eyes[1]) - BELOW_EYES, float(eyes[2]))
    view = CameraView((0.0, target[1], target[2] + PORTRAIT_DISTANCE), target, PORTRAIT_ANGLE)
    return Sitter(model, view, light or Light())


def find_eyes(model: FaceModel) -> NDArray[np.float64]:
    """Return the point midway between the eyes ``[3]``."""
    used = np.unique(model.head.take_quads("helper-l-eye", "helper-r-eye"))
    return np.asarray(model.vertices[used].mean(axis=0))


def write_clip(
    path: Path, pictures: Iterator[NDArray[np.uint8]], *, fps: int, quality: int = 24, codec: str = "libx264"
) -> int:
    """Write pictures as an mp4 (h264) without sound and return how many there were; ``quality``: smaller is better.

    Raises
    ------
    InputError
        The codec makes no video.
    """
    import av

    count = 0
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options={"crf": str(quality), "preset": "slow"})
        if not isinstance(stream, av.VideoStream):
            raise InputError(f"{codec!r} makes no video", expected="a video codec")
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, fps)
        for pixels in pictures:
            if count == 0:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            count += 1
        container.mux(stream.encode())
    return count
