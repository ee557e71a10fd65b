"""What is laid over a drawn picture before the sensor sees it: a hand before the mouth, a second person at the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from mimicrylab.simulate.faces.camera_view import CameraView, Light, look_at, project
from mimicrylab.simulate.faces.head import MILLIMETRES, Head
from mimicrylab.simulate.faces.identity import Identity, build_head
from mimicrylab.simulate.faces.mesh import FloatArray
from mimicrylab.simulate.faces.model import FaceModel
from mimicrylab.simulate.faces.pose import Pose
from mimicrylab.simulate.faces.renderer import Renderer
from mimicrylab.simulate.faces.skin import TONES
from mimicrylab.simulate.faces.webcam import DISTANCE, cover_mouth, place_webcam

MOUTH_BELOW_EYES = 0.66
FACE_WIDTH = 1.45
"""Units of the base mesh."""

HAND_SHADE = 0.8
"""A hand before the face gets less light than the face."""

BEHIND = 1.35
"""The second person sits so many times further away."""

BESIDE = 1.7
"""Units to the side, at the usual distance."""

LOWER = 0.8
"""Units that the second person sits lower, at the usual distance."""

TILT = 1.6
"""Units that the camera looks higher, for each usual distance that somebody is further away."""

UNLIKE_BACKDROP = 10
"""A pixel that differs so much (of 255) from the empty room belongs to a person."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class SecondFace:
    """A picture of somebody else, where in it that person is ``[h, w]``, and the empty room."""

    pixels: Picture
    mask: NDArray[np.bool_]
    room: Picture


def place_camera(eyes: FloatArray, *, distance: float = 1.0) -> CameraView:
    """Return the webcam's view of somebody at so many times the usual distance.

    Further away it is tilted up, so that the picture still ends at the chest, where a rendered person ends too.
    """
    view = place_webcam(eyes, distance=DISTANCE * distance)
    x, y, z = view.target
    return CameraView(view.position, (x, y + TILT * (distance - 1), z), view.angle)


def find_eyes_at_rest(identity: Identity, head: Head | None = None) -> FloatArray:
    """Return the point midway between a person's eyes ``[3]`` (units of the base mesh)."""
    head = head or Head()
    used = np.unique(head.take_quads("helper-l-eye", "helper-r-eye"))
    return np.asarray(build_head(head, identity)[used].mean(axis=0))


def find_pixel(point: FloatArray, view: CameraView, *, width: int, height: int) -> tuple[float, float]:
    """Return where a place is in the picture: pixels from the left and from the top."""
    x, y, _, w = project(view, width / height) @ look_at(view) @ np.append(point, 1.0)
    return (x / w + 1) / 2 * width, (1 - y / w) / 2 * height


def hold_hand(
    picture: Picture, view: CameraView, *, eyes: FloatArray, colour: Sequence[float], rise: float, pose: Pose
) -> Picture:
    """Return the picture with a hand before the mouth; ``rise`` from 0 (away) to 1, ``eyes`` at rest ``[3]``."""
    if rise <= 0:
        return picture
    height, width = picture.shape[:2]
    mouth = eyes + np.array([0, -MOUTH_BELOW_EYES, 0]) + np.array(pose.shift_mm) / MILLIMETRES
    place = find_pixel(mouth, view, width=width, height=height)
    side = find_pixel(mouth + np.array([FACE_WIDTH, 0, 0]), view, width=width, height=height)
    return cover_mouth(picture, mouth=place, face_width=side[0] - place[0], skin=colour, rise=rise)


def tone_skin(identity: Identity) -> Sequence[float]:
    """Return the colour of a person's hand (sRGB 0 to 1)."""
    steps = np.linspace(0, 1, len(TONES))
    return [HAND_SHADE * float(np.interp(identity.skin, steps, TONES[:, channel])) for channel in range(3)]


def draw_second_face(
    beside: Identity, view: CameraView, light: Light, *, eyes: FloatArray, renderer: Renderer, side: float
) -> SecondFace:
    """Return somebody who sits behind and beside the one in the view; drawn before that one's textures are loaded.

    ``eyes``: those of the person in the view; ``side``: 1 at the picture's right, -1 at its left.
    """
    model = FaceModel(Head(), beside, renderer, 0.25)
    model.load()
    x, y, z = (float(each) for each in find_eyes_at_rest(beside, model.head))
    far = BEHIND * (view.position[2] - float(eyes[2]))
    x -= side * BESIDE * far / DISTANCE
    y += LOWER * far / (BEHIND * DISTANCE) - BEHIND * float(eyes[1])
    position = (x, y + BEHIND * view.position[1], z + far)
    seen_from = CameraView(position, (x, y + BEHIND * view.target[1], z), view.angle)
    pixels = renderer.draw(model.arrange({}, Pose(yaw=-8 * side), (0.0, 0.0)), seen_from, light)
    room = renderer.draw([], seen_from, light)
    return SecondFace(pixels, find_person(pixels, room), room)


def find_person(picture: Picture, room: Picture) -> NDArray[np.bool_]:
    """Return where a picture shows something else than the empty room ``[h, w]``, holes filled."""
    differs = np.abs(picture.astype(np.int16) - room).max(axis=2) > UNLIKE_BACKDROP
    closed = ndimage.binary_closing(differs, iterations=2)
    return np.asarray(ndimage.binary_fill_holes(closed))


def put_behind(picture: Picture, second: SecondFace, *, there: float, side: float) -> Picture:
    """Return the picture with the second person behind; ``there`` from 0 (outside the picture) to 1."""
    if there <= 0:
        return picture
    width = picture.shape[1]
    shift = round(side * (1 - there) * width * 0.45)
    other, mask = np.roll(second.pixels, shift, axis=1), np.roll(second.mask, shift, axis=1)
    if shift > 0:
        mask[:, :shift] = False
    elif shift < 0:
        mask[:, shift:] = False
    seen = mask & ~find_person(picture, second.room)
    soft = ndimage.gaussian_filter(seen.astype(np.float32), 0.8)[..., None]
    return np.asarray(picture * (1 - soft) + other * soft, dtype=np.uint8)
