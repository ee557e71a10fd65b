"""The skin as pictures wrapped round the head: colour, relief, and wrinkles that come with each movement.

Everything is drawn from random numbers and shapes; there is no photograph. The pictures lie on a cylinder round the
base head: columns are the angle about the vertical axis, rows are height, about a third of a millimetre a pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from mimicrylab.simulate.faces.head import Head
from mimicrylab.simulate.faces.identity import Identity
from mimicrylab.simulate.faces.mesh import FloatArray

WIDTH, HEIGHT = 2048, 1360
AXIS_Z = 0.3
"""Where the cylinder's axis stands (units of the base mesh)."""
LOW_Y, HIGH_Y = 4.6, 8.6
RADIUS = 1.15
"""Radius at which distances on the picture are right."""
UNIT = HEIGHT / (HIGH_Y - LOW_Y)
"""Pixels in a unit of the base mesh."""

FRONT = (600, 110, 848, 860)
"""Left, top, width and height (pixels) of the part of the pictures that has wrinkles: the front of the face."""

TONES = np.array([(229, 186, 165), (214, 164, 137), (184, 131, 99), (133, 88, 62), (76, 49, 36)]) / 255
"""Skin from very light to very dark, sRGB; what lies between is interpolated."""

WRINKLES = (
    "forehead", "forehead_left", "forehead_right", "glabella",
    "crow_left", "crow_right", "nasolabial_left", "nasolabial_right",
    "nose", "chin", "corner_left", "corner_right",
)  # fmt: skip
"""Wrinkles that come with movements, a channel each."""


@dataclass(frozen=True)
class SkinMaps:
    """Colour ``[h, w, 3]`` linear RGB; relief ``[h, w]`` mm; gloss ``[h, w]`` 0-1; wrinkles ``[12, h, w]`` mm."""

    colour: NDArray[np.float32]
    relief: NDArray[np.float32]
    gloss: NDArray[np.float32]
    wrinkles: NDArray[np.float32]


@dataclass(frozen=True)
class Canvas:
    """Where the places of the front of the base head lie on the pictures."""

    head: Head

    @cached_property
    def _front(self) -> tuple[cKDTree, FloatArray]:
        points = self.head.place(self.head.vertices, "skin")
        points = points[points[:, 2] > AXIS_Z]
        order = np.argsort(points[:, 2])
        return cKDTree(points[order][:, :2]), points[order]

    def lift(self, places: FloatArray) -> FloatArray:
        """Return the depth z of places ``[n, 2]`` (x, y) on the front of the head: the foremost point near by."""
        tree, points = self._front
        near = tree.query_ball_point(places, 0.035)
        fallback = tree.query(places)[1]
        return np.array([points[found, 2].max() if found else points[fallback[i], 2] for i, found in enumerate(near)])

    def locate(self, places: FloatArray) -> FloatArray:
        """Return column and row (pixels) of places ``[n, 2]`` given as x and y on the front of the head."""
        places = np.atleast_2d(places)
        angle = np.arctan2(places[:, 0], self.lift(places) - AXIS_Z)
        column = (angle / (2 * np.pi) + 0.5) * WIDTH
        row = (HIGH_Y - places[:, 1]) * UNIT
        return np.stack([column, row], axis=1)

    @cached_property
    def front_x(self) -> NDArray[np.float32]:
        """The x of every pixel, were the head a cylinder (units of the base mesh)."""
        angle = ((np.arange(WIDTH) + 0.5) / WIDTH - 0.5) * 2 * np.pi
        return np.broadcast_to(RADIUS * np.sin(angle), (HEIGHT, WIDTH)).astype(np.float32)

    def spot(self, x: float, y: float, *, width: float, height: float) -> NDArray[np.float32]:
        """Return a soft round patch (Gaussian, 1 in its middle) at a place of the front."""
        column, row = self.locate(np.array([[x, y]]))[0]
        rows = np.exp(-0.5 * ((np.arange(HEIGHT) - row) / (height * UNIT)) ** 2)
        columns = np.exp(-0.5 * ((np.arange(WIDTH) - column) / (width * UNIT)) ** 2)
        return np.outer(rows, columns).astype(np.float32)

    def both(self, x: float, y: float, *, width: float, height: float) -> NDArray[np.float32]:
        """Return the patch on both sides."""
        return self.spot(x, y, width=width, height=height) + self.spot(-x, y, width=width, height=height)

    def furrow(self, lines: Iterable[Sequence[tuple[float, float]]], *, width: float) -> NDArray[np.float32]:
        """Return furrows along lines of (x, y): -1 in the groove, slightly raised beside it; ends fade out.

        ``width`` is the groove's half width (units of the base mesh).
        """
        from PIL import Image, ImageDraw

        scale = 1
        groove = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
        for line in lines:
            path = self._smooth(np.array(line))
            picture = Image.new("L", (WIDTH * scale, HEIGHT * scale))
            pen = ImageDraw.Draw(picture)
            count = len(path) - 1
            for i in range(count):
                fade = min(1.0, 3.2 * min(i + 0.5, count - i - 0.5) / count)
                pen.line([tuple(path[i]), tuple(path[i + 1])], fill=int(255 * fade), width=2)
            drawn = np.asarray(picture, dtype=np.float32) / 255
            groove = np.maximum(groove, drawn)
        narrow = ndimage.gaussian_filter(groove, width * UNIT, mode=("nearest", "wrap"))
        wide = ndimage.gaussian_filter(groove, 2.6 * width * UNIT, mode=("nearest", "wrap"))
        shape = 1.9 * wide - narrow
        return np.asarray(shape / max(float(-shape.min()), 1e-9), dtype=np.float32)

    def _smooth(self, line: FloatArray) -> FloatArray:
        from scipy.interpolate import make_interp_spline

        steps = np.linspace(0, 1, len(line))
        curve = make_interp_spline(steps, line, k=min(2, len(line) - 1))(np.linspace(0, 1, 40))
        return self.locate(np.asarray(curve))


def draw_noise(generator: np.random.Generator, *, size: float) -> NDArray[np.float32]:
    """Return noise of mean 0 and SD 1 whose patches are about ``size`` units of the base mesh wide; wraps round."""
    sigma = size * UNIT
    step = max(1, int(sigma / 2))
    coarse = generator.standard_normal((HEIGHT // step + 2, WIDTH // step))
    smooth = ndimage.gaussian_filter(coarse, sigma / step, mode=("nearest", "wrap"))
    if step > 1:
        smooth = ndimage.zoom(smooth, (HEIGHT / smooth.shape[0], WIDTH / smooth.shape[1]), order=1, mode="grid-wrap")
    smooth = smooth[:HEIGHT, :WIDTH]
    return np.asarray((smooth - smooth.mean()) / smooth.std(), dtype=np.float32)


def to_linear(srgb: FloatArray) -> FloatArray:
    """Return linear light of sRGB values 0 to 1."""
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4))


def make_skin(canvas: Canvas, identity: Identity) -> SkinMaps:
    """Return a person's skin: the same identity gives the same skin."""
    generator = np.random.default_rng([identity.seed, 7])
    return SkinMaps(
        colour=_colour(canvas, identity, generator),
        relief=_relief(canvas, identity, generator),
        gloss=_gloss(canvas, generator),
        wrinkles=draw_wrinkles(canvas, generator),
    )


def _colour(canvas: Canvas, identity: Identity, generator: np.random.Generator) -> NDArray[np.float32]:
    old = np.clip((identity.age - 25) / 50, 0, 1)
    dark = 0.5 + identity.skin
    melanin = np.full((HEIGHT, WIDTH), identity.skin, dtype=np.float32)
    melanin += 0.022 * dark * draw_noise(generator, size=0.25) + 0.014 * draw_noise(generator, size=0.06)
    melanin += 0.012 * draw_noise(generator, size=0.015) + 0.01 * draw_noise(generator, size=0.004)
    melanin += 0.05 * dark * canvas.both(0.31, 7.18, width=0.13, height=0.05) * (0.6 + 0.6 * old)
    melanin += 0.035 * dark * canvas.both(0.31, 7.37, width=0.16, height=0.05)
    melanin += 0.04 * dark * canvas.both(0.62, 7.5, width=0.3, height=0.5) * identity.skin
    melanin -= 0.03 * canvas.spot(0, 7.9, width=0.35, height=0.2)
    melanin += _freckles(canvas, identity, generator, old=float(old))
    blood = 0.1 + 0.05 * draw_noise(generator, size=0.1) + 0.05 * draw_noise(generator, size=0.03)
    blood += 0.4 * canvas.both(0.45, 6.95, width=0.17, height=0.13)
    blood += 0.35 * canvas.spot(0, 6.87, width=0.09, height=0.08) + 0.22 * canvas.both(
        0.12, 6.86, width=0.06, height=0.06
    )
    blood += 0.2 * canvas.spot(0, 6.25, width=0.16, height=0.1) + 0.25 * canvas.both(0.31, 7.3, width=0.15, height=0.07)
    blood += 0.12 * canvas.spot(0, 7.45, width=0.1, height=0.12)
    angle = np.abs(np.arange(WIDTH) / WIDTH - 0.5) * 2
    height = HIGH_Y - (np.arange(HEIGHT) + 0.5) / UNIT
    ear = np.outer(np.exp(-0.5 * ((height - 7.1) / 0.3) ** 2), np.exp(-0.5 * ((angle - 0.5) / 0.09) ** 2))
    blood += 0.4 * ear
    blood = np.clip(blood, 0, 1) * identity.redness * (1.15 - 0.7 * identity.skin)
    tone = np.clip(melanin, 0, 1) * (len(TONES) - 1)
    lower = np.clip(tone.astype(int), 0, len(TONES) - 2)
    part = (tone - lower)[..., None]
    linear = to_linear(TONES)
    colour = (1 - part) * linear[lower] + part * linear[lower + 1]
    colour *= 1 - blood[..., None] * np.array([0.08, 0.42, 0.44])
    colour = _add_stubble(canvas, identity, generator, colour)
    return np.asarray(np.clip(colour, 0, 1), dtype=np.float32)


def _freckles(canvas: Canvas, identity: Identity, generator: np.random.Generator, *, old: float) -> NDArray[np.float32]:
    marks = np.zeros((HEIGHT, WIDTH), dtype=np.float32)
    where = canvas.both(0.35, 7.0, width=0.25, height=0.15) + canvas.spot(0, 7.1, width=0.12, height=0.2)
    spots = generator.random((HEIGHT, WIDTH)) < 0.006 * identity.freckles * np.clip(where, 0, 1)
    marks += 5.5 * ndimage.gaussian_filter(spots.astype(np.float32), 1.6)
    moles = generator.random((HEIGHT, WIDTH)) < 9e-6
    marks += 9 * ndimage.gaussian_filter(moles.astype(np.float32), 2.0)
    aged = generator.random((HEIGHT, WIDTH)) < 2.5e-5 * old
    marks += 12 * old * ndimage.gaussian_filter(aged.astype(np.float32), 4.5)
    return 0.55 * marks


def mark_beard(canvas: Canvas) -> NDArray[np.float32]:
    """Return where a beard grows, 0 to 1: upper lip, chin, jaw."""
    grows = 1.1 * canvas.spot(0, 6.3, width=0.3, height=0.17) + 1.0 * canvas.spot(0, 6.79, width=0.17, height=0.035)
    for x, y in ((0.35, 6.4), (0.5, 6.45), (0.6, 6.6), (0.68, 6.8), (0.25, 6.2), (0.4, 6.25)):
        grows += 0.75 * canvas.both(x, y, width=0.11, height=0.1)
    grows += 0.5 * canvas.both(0.27, 6.67, width=0.04, height=0.08)
    return np.clip(grows, 0, 1)


def _add_stubble(canvas: Canvas, identity: Identity, generator: np.random.Generator, colour: FloatArray) -> FloatArray:
    if identity.stubble <= 0:
        return colour
    grows = mark_beard(canvas)
    hairs = ndimage.gaussian_filter((generator.random((HEIGHT, WIDTH)) < 0.22 * grows).astype(np.float32), 0.7)
    cover = np.clip(identity.stubble * (0.3 * grows + 0.9 * hairs), 0, 0.85)[..., None]
    dark = to_linear(np.array(identity.hair_colour)) * 0.7 + np.array([0.01, 0.013, 0.017])
    return np.asarray((1 - cover) * colour + cover * (0.35 * colour + 0.65 * dark))


def _relief(canvas: Canvas, identity: Identity, generator: np.random.Generator) -> NDArray[np.float32]:
    old = float(np.clip((identity.age - 28) / 45, 0, 1.2))
    pores = draw_noise(generator, size=0.005)
    rough = np.clip(
        0.5 + canvas.both(0.3, 6.95, width=0.2, height=0.2) + canvas.spot(0, 6.95, width=0.15, height=0.2), 0.4, 1.5
    )
    relief = 0.018 * rough * np.minimum(pores, 0.6) + 0.016 * draw_noise(generator, size=0.012)
    relief += 0.03 * draw_noise(generator, size=0.05) * (0.5 + 0.5 * old)
    wrinkles = draw_wrinkles(canvas, generator)
    at_rest = dict(zip(WRINKLES, wrinkles, strict=True))
    for name, depth in (
        ("forehead", 0.28), ("forehead_left", 0.14), ("forehead_right", 0.14), ("glabella", 0.18),
        ("crow_left", 0.2), ("crow_right", 0.2), ("nasolabial_left", 0.5), ("nasolabial_right", 0.5),
        ("corner_left", 0.35), ("corner_right", 0.35),
    ):  # fmt: skip
        relief = relief + depth * old * at_rest[name]
    bags = [[(0.2, 7.17), (0.31, 7.12), (0.42, 7.16)], [(-0.2, 7.17), (-0.31, 7.12), (-0.42, 7.16)]]
    relief = relief + (0.08 + 0.25 * old) * canvas.furrow(bags, width=0.018)
    neck = [[(-0.5, y), (0.0, y - 0.06), (0.5, y)] for y in (5.75, 5.6)]
    relief = relief + (0.1 + 0.3 * old) * canvas.furrow(neck, width=0.012)
    return np.asarray(relief, dtype=np.float32)


def _gloss(canvas: Canvas, generator: np.random.Generator) -> NDArray[np.float32]:
    gloss = 0.42 + 0.05 * draw_noise(generator, size=0.05)
    gloss += 0.28 * canvas.spot(0, 7.85, width=0.3, height=0.18) + 0.35 * canvas.spot(0, 7.05, width=0.06, height=0.22)
    gloss += 0.15 * canvas.both(0.42, 7.05, width=0.13, height=0.08) + 0.2 * canvas.spot(
        0, 6.28, width=0.12, height=0.08
    )
    return np.asarray(np.clip(gloss, 0, 1), dtype=np.float32)


def draw_wrinkles(canvas: Canvas, generator: np.random.Generator) -> NDArray[np.float32]:
    """Return the relief of each of ``WRINKLES`` at full strength ``[12, h, w]``, about -1 in the deepest groove."""
    jitter = generator.normal(0, 0.008, 64)

    def mirror(lines: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
        return [[(-x, y) for x, y in line] for line in lines]

    rows = [7.66, 7.76, 7.87, 7.97]
    forehead = [
        [
            (-0.36, y + 0.02 + jitter[i]),
            (-0.15, y + jitter[i + 5]),
            (0.0, y - 0.015),
            (0.17, y + jitter[i + 9]),
            (0.34, y + 0.02),
        ]
        for i, y in enumerate(rows)
    ]
    side = [
        [(0.22, y - 0.02), (0.36, y + 0.03 + jitter[20 + i]), (0.5, y + 0.03), (0.62, y - 0.03)]
        for i, y in enumerate((7.62, 7.71, 7.8, 7.9))
    ]
    glabella = [
        [(0.065, 7.36), (0.075, 7.46), (0.06, 7.57)],
        [(-0.06, 7.35), (-0.07, 7.45), (-0.055, 7.55)],
        [(0.01, 7.4), (0.005, 7.47), (0.01, 7.52)],
    ]
    crow = [
        [(0.51, 7.29), (0.59, 7.34), (0.67, 7.41 + jitter[30])],
        [(0.52, 7.265), (0.61, 7.27), (0.7, 7.28 + jitter[31])],
        [(0.51, 7.24), (0.59, 7.2), (0.67, 7.15 + jitter[32])],
        [(0.47, 7.2), (0.54, 7.13), (0.6, 7.06)],
        [(0.24, 7.17), (0.33, 7.13), (0.43, 7.14)],
    ]
    nasolabial = [[(0.165, 6.94), (0.22, 6.87), (0.275, 6.78), (0.315, 6.68), (0.325, 6.58)]]
    nose = [
        [(-0.1, 7.3), (0, 7.27), (0.1, 7.3)],
        [(-0.1, 7.23), (0, 7.2), (0.1, 7.23)],
        [(0.06, 7.22), (0.11, 7.12), (0.15, 7.02)],
        [(-0.06, 7.22), (-0.11, 7.12), (-0.15, 7.02)],
        [(0.09, 7.26), (0.15, 7.17), (0.2, 7.08)],
        [(-0.09, 7.26), (-0.15, 7.17), (-0.2, 7.08)],
    ]
    corner = [[(0.275, 6.67), (0.29, 6.62), (0.28, 6.56)]]
    chin = canvas.spot(0, 6.27, width=0.13, height=0.08) * draw_noise(generator, size=0.022)
    maps = {
        "forehead": 0.8 * canvas.furrow(forehead, width=0.014),
        "forehead_left": 0.75 * canvas.furrow(side, width=0.014),
        "forehead_right": 0.75 * canvas.furrow(mirror(side), width=0.014),
        "glabella": 1.0 * canvas.furrow(glabella, width=0.013),
        "crow_left": 0.7 * canvas.furrow(crow, width=0.009),
        "crow_right": 0.7 * canvas.furrow(mirror(crow), width=0.009),
        "nasolabial_left": 0.75 * canvas.furrow(nasolabial, width=0.02),
        "nasolabial_right": 0.75 * canvas.furrow(mirror(nasolabial), width=0.02),
        "nose": 0.7 * canvas.furrow(nose, width=0.01),
        "chin": 0.45 * chin,
        "corner_left": 0.6 * canvas.furrow(corner, width=0.01),
        "corner_right": 0.6 * canvas.furrow(mirror(corner), width=0.01),
    }
    return np.stack([np.asarray(maps[name], dtype=np.float32) for name in WRINKLES])


def weigh_wrinkles(levels: dict[str, float]) -> dict[str, float]:
    """Return wrinkle -> strength 0 to 1.2 for action units at these levels (``AU12`` or one side, ``AU12L``)."""

    def level(unit: str, side: str = "") -> float:
        return max(levels.get(unit, 0.0), levels.get(unit + side, 0.0), 0.0)

    found = {
        "forehead": level("AU01"),
        "glabella": level("AU04"),
        "nose": level("AU09") + 0.3 * level("AU10"),
        "chin": level("AU17"),
    }
    for side, name in (("L", "left"), ("R", "right")):
        found[f"forehead_{name}"] = level("AU02", side)
        found[f"crow_{name}"] = level("AU06", side) + 0.25 * level("AU12", side) + 0.3 * level("AU07", side)
        found[f"nasolabial_{name}"] = (
            0.75 * level("AU12", side)
            + 0.5 * level("AU10", side)
            + 0.4 * level("AU06", side)
            + 0.35 * level("AU09", side)
        )
        found[f"corner_{name}"] = (
            0.5 * level("AU12", side)
            + 0.6 * level("AU14", side)
            + 0.45 * level("AU20", side)
            + 0.4 * level("AU15", side)
        )
    return {name: min(found[name], 1.2) for name in WRINKLES}
