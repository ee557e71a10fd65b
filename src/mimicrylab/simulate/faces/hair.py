"""Hair as thin ribbons: on the scalp, as brows and as lashes. Each point moves with the skin that it grows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from mimicrylab.simulate.faces.head import Head
from mimicrylab.simulate.faces.identity import Identity
from mimicrylab.simulate.faces.mesh import FloatArray, IntArray, compute_normals
from mimicrylab.simulate.faces.skin import AXIS_Z

EARS = 2
"""Column of the masks that says where the ears are."""

HAIRLINE = np.array(
    [(0, 8.06), (22, 8.07), (38, 7.99), (50, 7.8), (60, 7.62), (68, 7.4), (76, 7.12), (83, 7.12), (90, 7.42),
     (104, 7.38), (116, 6.95), (135, 6.62), (180, 6.5)]
)  # fmt: skip
"""Lower edge of the hair: degrees from the front, height (units of the base mesh)."""


@dataclass(frozen=True)
class Strands:
    """Ribbons.

    ``points`` ``[strands, steps, 3]`` at rest, ``anchor`` ``[strands, steps]`` the skin point each hangs on (-1: on the
    head as a whole), half ``width`` ``[strands, steps]``, ``tint`` ``[strands]`` (-1 darker to 1 lighter).
    """

    points: FloatArray
    anchor: IntArray
    width: FloatArray
    tint: FloatArray


@dataclass(frozen=True)
class Style:
    """How a haircut grows.

    Length at the ``top`` and the ``side``, ``lift`` from the scalp, how far it falls and curls, where it is parted, how
    far it is combed ``back``, how closely it clings to the head.
    """

    top: float
    side: float
    lift: float
    fall: float
    curl: float
    count: int
    part_x: float = 0.25
    back: float = 0.6
    cling: float = 0.5


PARTING = 0.025
"""Half width of a parting (units of the base mesh): hairs within it fall to neither side."""

STYLES: Mapping[str, Style] = {
    "cropped": Style(0.13, 0.07, 0.6, 0.0, 0.03, 14000, back=0.3, cling=0.0),
    "short": Style(0.42, 0.17, 0.38, 0.12, 0.03, 12000, back=0.8, cling=0.15),
    "side": Style(0.62, 0.2, 0.36, 0.2, 0.03, 12000, part_x=0.35, back=0.35),
    "bob": Style(1.7, 1.1, 0.12, 1.7, 0.03, 11000, part_x=0.12, back=0.05),
    "long": Style(2.7, 2.0, 0.1, 2.0, 0.05, 11000, part_x=-0.05, back=0.05),
    "tied": Style(0.9, 0.62, 0.04, 0.0, 0.01, 12000, part_x=0.0, back=1.0),
}


def find_angle(points: FloatArray) -> FloatArray:
    """Return the angle of points from the front, in degrees, without its sign."""
    return np.asarray(np.abs(np.degrees(np.arctan2(points[:, 0], points[:, 2] - AXIS_Z))))


def mark_scalp(points: FloatArray) -> NDArray[np.float64]:
    """Return how far points of the base head lie inside the hair: 0 at the hairline, 1 a centimetre inside."""
    edge = np.interp(find_angle(points), HAIRLINE[:, 0], HAIRLINE[:, 1])
    wave = 0.02 * np.sin(9 * np.radians(find_angle(points)) * np.sign(points[:, 0] + 1e-9)) + 0.012 * np.sin(
        points[:, 0] * 41
    )
    return np.asarray(np.clip((points[:, 1] - edge - wave) / 0.1, 0, 1))


def grow_hair(head: Head, vertices: FloatArray, identity: Identity, *, detail: float = 1.0) -> Strands | None:
    """Return the hair of a person's scalp; None for a bald head. ``detail``: share of the hairs, thicker if fewer."""
    if identity.hair == "bald":
        return None
    style = STYLES[identity.hair]
    generator = np.random.default_rng([identity.seed, 11])
    rest = head.place(head.vertices, "skin")
    points = head.place(vertices, "skin")
    quads = head.surfaces["skin"].quads
    normals = compute_normals(points, quads)
    ears = head.place(head.masks, "skin")[:, EARS]
    inside = mark_scalp(rest) * (ears < 0.3)
    chosen = _draw_places(points, quads, inside, int(style.count * detail), generator)
    corner, weights = chosen
    roots = np.einsum("ij,ijk->ik", weights, points[corner])
    normal = np.einsum("ij,ijk->ik", weights, normals[corner])
    where = np.einsum("ij,ijk->ik", weights, rest[corner])
    top = np.clip((where[:, 1] - 7.55) / 0.6, 0, 1)
    length = (style.side + (style.top - style.side) * top) * (0.75 + 0.4 * generator.random(len(roots)))
    length *= 0.45 + 0.55 * np.clip(np.einsum("ij,ij->i", weights, inside[corner]) * 1.6, 0, 1)
    steps = 9 if detail > 0.5 else 7
    path = _grow(roots, normal, where, length, style, generator, steps, cKDTree(points), points, normals)
    taper = np.linspace(1, 0.3, steps) * 0.0055 / np.sqrt(detail)
    width = taper[None, :] * (0.7 + 0.6 * generator.random((len(roots), 1)))
    anchor = np.full(path.shape[:2], -1)
    return Strands(path, anchor, width, generator.normal(0, 0.4, len(roots)))


def _draw_places(
    points: FloatArray, quads: IntArray, inside: FloatArray, count: int, generator: np.random.Generator
) -> tuple[IntArray, FloatArray]:
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    sides = points[triangles]
    area = 0.5 * np.linalg.norm(np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0]), axis=1)
    share = area * np.clip(inside[triangles].mean(axis=1) * 1.5, 0, 1)
    which = generator.choice(len(triangles), count, p=share / share.sum())
    a, b = generator.random((2, count))
    flip = a + b > 1
    a, b = np.where(flip, 1 - a, a), np.where(flip, 1 - b, b)
    return triangles[which], np.stack([1 - a - b, a, b], axis=1)


def _grow(
    roots: FloatArray,
    normal: FloatArray,
    where: FloatArray,
    length: FloatArray,
    style: Style,
    generator: np.random.Generator,
    steps: int,
    tree: cKDTree,
    skin: FloatArray,
    skin_normals: FloatArray,
) -> FloatArray:
    side = np.tanh((where[:, 0] - style.part_x) / PARTING)[:, None]
    comb = np.array([0.75, -0.25, -0.35]) * np.hstack([side, np.ones_like(side), np.ones_like(side)])
    backwards = np.array([0.0, -0.1, -1.0])
    comb = (1 - style.back) * comb + style.back * backwards
    comb = comb - 0.85 * np.einsum("ij,ij->i", comb, normal)[:, None] * normal
    comb /= np.maximum(np.linalg.norm(comb, axis=1, keepdims=True), 1e-9)
    direction = style.lift * normal + (1 - style.lift) * comb + generator.normal(0, 0.09, roots.shape)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    path = np.empty((len(roots), steps, 3))
    path[:, 0] = roots - 0.01 * normal
    phase = generator.random((len(roots), 1)) * 2 * np.pi
    gap = 0.02 + 0.05 * generator.random(len(roots)) * (1 + style.fall)
    for step in range(1, steps):
        part = step / steps
        pull = 0.4 * (1 - part) * comb + np.array([0.0, -style.fall * (0.12 + part), 0.0])
        swirl = style.curl * np.hstack([np.sin(5 * part + phase), np.zeros_like(phase), np.cos(4 * part + phase)])
        direction = direction + pull * 1.1 + swirl
        if style.fall > 1:
            direction *= np.array([1 - 0.45 * part, 1.0, 1 - 0.45 * part])
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        moved = path[:, step - 1] + direction * (length / (steps - 1))[:, None]
        near = tree.query(moved)[1]
        depth = np.einsum("ij,ij->i", moved - skin[near], skin_normals[near])
        wanted = gap * min(1.0, 2.5 * part)
        push = np.clip(wanted - depth, 0, 0.3) - style.cling * np.clip(depth - wanted, 0, 0.08)
        moved += push[:, None] * skin_normals[near]
        path[:, step] = moved
        direction = moved - path[:, step - 1]
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    return path


def grow_brows(head: Head, vertices: FloatArray, identity: Identity) -> Strands:
    """Return the brows: short hairs that lie on the skin and move with it."""
    generator = np.random.default_rng([identity.seed, 13])
    thick = 1.0 if identity.sex == "male" else 0.62
    count, steps = 300, 4
    rest = head.place(head.vertices, "skin")
    points = head.place(vertices, "skin")
    normals = compute_normals(points, head.surfaces["skin"].quads)
    front = rest[:, 2] > 0.9
    tree = cKDTree(rest[front][:, :2])
    numbers = np.flatnonzero(front)
    along = generator.random(count) ** 0.85
    middle = np.interp(along, [0, 0.25, 0.6, 0.8, 1], [7.462, 7.485, 7.515, 7.505, 7.455])
    height = np.interp(along, [0, 0.1, 0.5, 1], [0.028, 0.034, 0.026, 0.005]) * thick
    across = generator.uniform(-1, 1, count)
    x0 = 0.13 + 0.4 * along
    y0 = middle + height * across
    lean = np.interp(along, [0, 0.15, 0.5, 1], [62, 42, 14, -18]) - 14 * across + generator.normal(0, 7, count)
    long = np.interp(along, [0, 0.3, 1], [0.045, 0.065, 0.045]) * (0.8 + 0.4 * generator.random(count))
    strands, anchors, tints = [], [], []
    for side in (1, -1):
        for i in range(count):
            reach = np.linspace(0, long[i], steps)
            x = side * (x0[i] + reach * np.cos(np.radians(lean[i])))
            y = y0[i] + reach * np.sin(np.radians(lean[i])) - 0.5 * reach**2
            near = numbers[tree.query(np.stack([x, y], axis=1))[1]]
            offset = np.stack([x - rest[near, 0], y - rest[near, 1], np.zeros(steps)], axis=1)
            along_normal = np.einsum("ij,ij->i", offset, normals[near])
            offset -= along_normal[:, None] * normals[near]
            lift = np.linspace(0.003, 0.009, steps)[:, None]
            strands.append(points[near] + offset + lift * normals[near])
            anchors.append(near)
            tints.append(generator.normal(0, 0.35))
    width = np.linspace(1, 0.3, steps)[None, :] * 0.0024 * (0.7 + 0.3 * thick)
    return Strands(np.array(strands), np.array(anchors), np.repeat(width, 2 * count, axis=0), np.array(tints))


@dataclass(frozen=True)
class Lashes:
    """Lashes of one lid: ``refine`` ``[points, vertices of the whole mesh]`` gives their points, strand by strand."""

    refine: sparse.csr_matrix
    curl: FloatArray
    width: FloatArray
    tint: FloatArray


LASH_STEPS = 5
LASHES: Mapping[str, tuple[int, float, float]] = {
    "helper-l-eyelashes-1": (38, 0.5, -0.01),
    "helper-r-eyelashes-1": (38, 0.5, -0.01),
    "helper-l-eyelashes-2": (85, 0.85, 0.035),
    "helper-r-eyelashes-2": (85, 0.85, 0.035),
}
"""Strips of the base mesh that lashes grow along: how many, how long (1: as wide as the strip), how curled."""


def grow_lashes(head: Head, identity: Identity) -> list[Lashes]:
    """Return the lashes of the four lids. They follow the strips of the base mesh, which follow the lids."""
    return [_grow_lid(head, identity, name) for name in LASHES]


def _grow_lid(head: Head, identity: Identity, name: str) -> Lashes:
    count, long, curl = LASHES[name]
    generator = np.random.default_rng([identity.seed, 17, list(LASHES).index(name)])
    quads = head.take_quads(name)
    used = np.unique(quads)
    flat = head.places[used]
    flat = (flat - flat.min(axis=0)) / (flat.max(axis=0) - flat.min(axis=0))
    skin = head.place(head.vertices, "skin")
    away = cKDTree(skin).query(head.vertices[used])[0]
    if np.corrcoef(flat[:, 1], away)[0, 1] < 0:
        flat[:, 1] = 1 - flat[:, 1]
    along = np.sort(generator.random(count)) * 0.9 + 0.06
    lean = generator.normal(0, 0.02, count)
    reach = long * (0.7 + 0.3 * generator.random(count)) * (0.6 if identity.sex == "male" else 0.75)
    part = np.linspace(0, 1, LASH_STEPS)
    x = along[:, None] + (lean[:, None] + 0.05 * (along[:, None] - 0.5)) * part
    y = 0.02 + reach[:, None] * part
    weights = _interpolate(flat, np.stack([x.ravel(), y.ravel()], axis=1))
    spread = sparse.csr_matrix(
        (np.ones(len(used)), (np.arange(len(used)), used)), shape=(len(used), len(head.vertices))
    )
    width = np.linspace(1, 0.25, LASH_STEPS)[None, :] * np.full((count, 1), 0.0017)
    return Lashes((weights @ spread).tocsr(), np.tile(curl * part**2, count), width, generator.normal(0, 0.2, count))


def _interpolate(places: FloatArray, wanted: FloatArray) -> sparse.csr_matrix:
    """Return weights ``[wanted, places]`` of the four nearest places, by inverse squared distance."""
    distance, near = cKDTree(places * np.array([1.0, 0.35])).query(wanted * np.array([1.0, 0.35]), k=4)
    weights = 1 / np.maximum(distance, 1e-4) ** 2
    weights /= weights.sum(axis=1, keepdims=True)
    rows = np.repeat(np.arange(len(wanted)), 4)
    return sparse.csr_matrix((weights.ravel(), (rows, near.ravel())), shape=(len(wanted), len(places)))


def place_strands(strands: Strands, moved: FloatArray, rest: FloatArray) -> FloatArray:
    """Return the strands' points when the skin's points are at ``moved`` instead of ``rest``."""
    held = strands.anchor >= 0
    shift = np.where(held[..., None], moved[strands.anchor] - rest[strands.anchor], 0.0)
    return strands.points + shift
