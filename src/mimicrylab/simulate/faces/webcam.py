"""What a webcam makes of a face: where it stands, its light, its sensor, and what can go wrong before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from mimicrylab.simulate.faces.camera_view import CameraView, Light

WIDTH, HEIGHT = 640, 480
DISTANCE = 6.6
"""From the eyes to the camera (units of the base mesh): about 65 cm, as before a laptop."""

ANGLE = 36.0
FULL_WELL = 2200.0
"""Electrons of a white pixel of a small sensor: its noise is the root of what it counts."""

READ_NOISE = 9.0


@dataclass(frozen=True)
class Sensor:
    """One webcam: gain over white balance, softness of the lens (pixels), light (1 full, .1 dim), flicker of lamps."""

    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur: float = 0.7
    light: float = 1.0
    flicker: float = 0.01
    noise: float = 1.0


def draw_sensor(generator: np.random.Generator) -> Sensor:
    """Return a webcam as people have them."""
    warm = generator.normal(0, 0.05)
    return Sensor(
        balance=(1 + warm, 1.0, 1 - warm),
        blur=float(generator.uniform(0.5, 1.1)),
        light=float(generator.uniform(0.75, 1.15)),
        flicker=float(generator.uniform(0.003, 0.015)),
        noise=float(generator.uniform(0.7, 1.5)),
    )


def draw_light(generator: np.random.Generator) -> Light:
    """Return the light of a room: a window or a lamp at one side, a wall behind."""
    side = float(generator.choice([-1, 1]))
    key = (side * float(generator.uniform(0.3, 0.9)), float(generator.uniform(0.3, 0.8)), 0.8)
    warmth = float(generator.uniform(-0.08, 0.1))
    wall = float(generator.uniform(0.15, 0.5))
    tint = generator.normal(0, 0.03, 3)
    plain = Light()
    return replace(
        plain,
        key=key,
        key_colour=(1.3 * (1 + warmth), 1.24, 1.18 * (1 - warmth)),
        fill=(-side * 0.75, 0.12, 0.65),
        backdrop=(_tint(wall + tint[0]), _tint(wall + tint[1]), _tint(wall + tint[2])),
    )


def _tint(value: float) -> float:
    return float(np.clip(value, 0.05, 0.7))


def place_webcam(eyes: NDArray[np.float64], *, distance: float = DISTANCE, off: float = 0.0) -> CameraView:
    """Return a webcam on top of a laptop: a little above the eyes, ``off`` to the side."""
    return CameraView(
        (off, float(eyes[1]) + 0.15, float(eyes[2]) + distance), (0.0, float(eyes[1]) - 0.2, float(eyes[2])), ANGLE
    )


def expose(
    picture: NDArray[np.uint8], sensor: Sensor, *, time_s: float, generator: np.random.Generator
) -> NDArray[np.uint8]:
    """Return what the sensor makes of a drawn picture ``[h, w, 3]`` at a moment: blur, lamps, shot and read noise."""
    linear = (picture.astype(np.float32) / 255) ** 2.2
    level = sensor.light * (1 + sensor.flicker * np.sin(2 * np.pi * 3.1 * time_s))
    linear *= np.float32(level) * np.array(sensor.balance, dtype=np.float32)
    soft = ndimage.gaussian_filter(linear, (sensor.blur, sensor.blur, 0))
    spread = np.sqrt(np.maximum(soft, 0) / FULL_WELL + (READ_NOISE / FULL_WELL) ** 2) * sensor.noise
    noisy = soft + spread.astype(np.float32) * generator.standard_normal(soft.shape, dtype=np.float32)
    return np.asarray(np.clip(noisy, 0, 1) ** (1 / 2.2) * 255 + 0.5, dtype=np.uint8)


HAND_FINGERS: Sequence[tuple[float, float, float]] = (
    (-0.34, 0.62, 0.1),
    (-0.12, 0.74, 0.105),
    (0.1, 0.72, 0.105),
    (0.3, 0.58, 0.095),
)
"""Four fingers of a hand before the face: place across, length, half width (shares of the face's width)."""


def cover_mouth(
    picture: NDArray[np.uint8], *, mouth: tuple[float, float], face_width: float, skin: Sequence[float], rise: float
) -> NDArray[np.uint8]:
    """Return the picture with a hand held before the mouth; ``rise`` 0 (out of the picture) to 1 (in place)."""
    from PIL import Image, ImageDraw, ImageFilter

    if rise <= 0:
        return picture
    height, width = picture.shape[:2]
    mask = Image.new("L", (width, height))
    shade = Image.new("L", (width, height))
    pen, dark = ImageDraw.Draw(mask), ImageDraw.Draw(shade)
    x, y = mouth[0], mouth[1] + (1 - rise) * (height - mouth[1] + face_width)
    palm = (x - 0.45 * face_width, y + 0.12 * face_width, x + 0.42 * face_width, y + 1.0 * face_width)
    pen.ellipse(palm, fill=255)
    pen.polygon(
        [
            (x - 0.3 * face_width, y + 0.7 * face_width),
            (x + 0.28 * face_width, y + 0.7 * face_width),
            (x + 0.5 * face_width, height + 60),
            (x - 0.1 * face_width, height + 60),
        ],
        fill=255,
    )
    for across, length, half in HAND_FINGERS:
        left, right = x + (across - half) * face_width, x + (across + half) * face_width
        top, bottom = y + (0.55 - length) * face_width, y + 0.65 * face_width
        pen.rounded_rectangle((left, top, right, bottom), radius=half * face_width, fill=255)
        dark.line(
            (right, top + half * face_width, right, bottom - 0.1 * face_width),
            fill=150,
            width=max(2, int(0.025 * face_width)),
        )
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(1.0)), dtype=np.float32)[..., None] / 255
    lines = np.asarray(shade.filter(ImageFilter.GaussianBlur(1.6)), dtype=np.float32)[..., None] / 255
    across_light = np.linspace(1.08, 0.8, width, dtype=np.float32)[None, :, None]
    colour = np.array(skin, dtype=np.float32) * 255 * across_light * (1 - 0.35 * lines)
    return np.asarray(picture * (1 - soft) + np.clip(colour, 0, 255) * soft, dtype=np.uint8)


DEFECTS: Mapping[str, str] = {
    "hand": "a hand before the mouth",
    "talking": "talking",
    "eating": "chewing, with a hand to the mouth now and then",
    "away": "looking away",
    "second_face": "a second face in the picture",
    "dark": "too dark",
    "far": "too far from the camera",
    "slow": "half of the frames are missing",
}
"""What can be wrong with a rendered recording, on request; each is labelled in truth.json."""
