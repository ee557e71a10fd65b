"""A person ready to be drawn: shape, skin, eyes, hair and clothes, moved by action units and pose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mimicrylab.simulate.faces.activations import move_head
from mimicrylab.simulate.faces.camera_view import frame_direction
from mimicrylab.simulate.faces.hair import (
    LASH_STEPS,
    Lashes,
    Strands,
    grow_brows,
    grow_hair,
    grow_lashes,
    mark_scalp,
    place_strands,
)
from mimicrylab.simulate.faces.head import MILLIMETRES, Head
from mimicrylab.simulate.faces.identity import Identity, build_head
from mimicrylab.simulate.faces.mesh import FloatArray, compute_normals
from mimicrylab.simulate.faces.pose import Pose, follow_head, pose_points
from mimicrylab.simulate.faces.renderer import Drawable, Renderer
from mimicrylab.simulate.faces.skin import (
    AXIS_Z,
    FRONT,
    HEIGHT,
    HIGH_Y,
    UNIT,
    WIDTH,
    WRINKLES,
    Canvas,
    SkinMaps,
    make_skin,
    to_linear,
    weigh_wrinkles,
)

RELIEF_SCALE = 0.0105
"""Units of the base mesh in a millimetre of relief, a little more than true so that it shows at webcam size."""

CLOTH_THICKNESS = 0.035
CLOTH_TOP = 6.2
CLOTH_CERTAIN = 5.3

DIRECTIONS = 64
"""Directions from which it is looked how open to light each point of the skin is."""


@dataclass(frozen=True)
class FaceModel:
    """One person on one renderer."""

    head: Head
    identity: Identity
    renderer: Renderer
    detail: float = 1.0
    """Share of the scalp's hairs that are drawn; fewer are thicker. A small webcam picture needs a quarter."""

    @cached_property
    def vertices(self) -> FloatArray:
        """The whole mesh in this person's shape, at rest."""
        return build_head(self.head, self.identity)

    @cached_property
    def _skin_rest(self) -> FloatArray:
        return self.head.place(self.head.vertices, "skin")

    @cached_property
    def _skin_at_rest(self) -> FloatArray:
        return self.head.place(self.vertices, "skin")

    @cached_property
    def _masks(self) -> FloatArray:
        return np.asarray(self.head.place(self.head.masks, "skin"))

    @cached_property
    def _follow(self) -> FloatArray:
        return follow_head(self._skin_rest[:, 1])

    @cached_property
    def _hair(self) -> Strands | None:
        return grow_hair(self.head, self.vertices, self.identity, detail=self.detail)

    @cached_property
    def _brows(self) -> Strands:
        return grow_brows(self.head, self.vertices, self.identity)

    @cached_property
    def _socket(self) -> FloatArray:
        """How far each point lies inside an eye's socket, where no light comes, 0 to 1: drawn a little further back."""
        rest = self._skin_rest
        near = np.linalg.norm((np.abs(rest[:, :2]) - [0.308, 7.284]) / [0.24, 0.16], axis=1) < 1
        return np.asarray(near * np.clip((0.2 - self._open_sky) / 0.1, 0, 1))

    @cached_property
    def _lashes(self) -> list[Lashes]:
        return grow_lashes(self.head, self.identity)

    @cached_property
    def _open_sky(self) -> FloatArray:
        """How open each point is to light from all round, 0 to 1: visible directions, weighted by their cosine."""
        points = self._skin_at_rest
        quads = self.head.surfaces["skin"].quads
        normals = compute_normals(points, quads)
        triangles = self.head.surfaces["skin"].triangles
        thing = make_surface("skin", points, normals, triangles, rest=np.zeros_like(points))
        seen, total = np.zeros(len(points)), np.zeros(len(points))
        for number in range(DIRECTIONS):
            z = 1 - 2 * (number + 0.5) / DIRECTIONS
            angle = number * 2.399963
            direction = np.array([np.sqrt(1 - z * z) * np.cos(angle), z, np.sqrt(1 - z * z) * np.sin(angle)])
            matrix = frame_direction(direction)
            depth = self.renderer.measure_depth(thing, matrix)
            place = (points + 0.03 * normals) @ matrix[:3, :3].T + matrix[:3, 3]
            size = len(depth)
            column = np.clip(((place[:, 0] * 0.5 + 0.5) * size).astype(int), 0, size - 1)
            row = np.clip(((place[:, 1] * 0.5 + 0.5) * size).astype(int), 0, size - 1)
            facing = np.clip(normals @ direction, 0, 1)
            seen += facing * (place[:, 2] * 0.5 + 0.5 <= depth[row, column] + 0.004)
            total += facing
        return np.clip(seen / np.maximum(total, 1e-9), 0.02, 1) ** 0.9

    def load(self) -> None:
        """Paint the skin and hand its pictures to the renderer."""
        maps = self._maps
        self.renderer.load_texture("skin_colour", self._darken_scalp(maps.colour))
        self.renderer.load_texture(
            "skin_relief", np.stack([maps.relief, maps.gloss * (1 - self._scalp[..., 0])], axis=2)
        )
        self._paint_wrinkles(dict.fromkeys(WRINKLES, 0.0))

    @cached_property
    def _maps(self) -> SkinMaps:
        return make_skin(Canvas(self.head), self.identity)

    def _paint_wrinkles(self, strength: Mapping[str, float]) -> None:
        """Hand the relief of the front, with wrinkles at this strength, to the renderer."""
        left, top, width, height = FRONT
        rows, columns = slice(top, top + height), slice(left, left + width)
        furrows = np.zeros((height, width), dtype=np.float32)
        for wrinkle, weight in zip(self._maps.wrinkles, (strength[name] for name in WRINKLES), strict=True):
            if weight > 0.004:
                furrows += np.float32(weight * self._wrinkled) * wrinkle[rows, columns]
        relief = self._maps.relief[rows, columns] + furrows
        self.renderer.load_texture("face_relief", np.stack([relief, furrows], axis=2))

    @property
    def _wrinkled(self) -> float:
        return 0.45 + 0.6 * float(np.clip((self.identity.age - 22) / 45, 0, 1))

    @cached_property
    def _scalp(self) -> NDArray[np.float32]:
        """Where on the pictures of the skin hair grows, 0 to 1 ``[h, w, 1]``; a bald head has nothing there."""
        angle = ((np.arange(WIDTH) + 0.5) / WIDTH - 0.5) * 2 * np.pi
        height = HIGH_Y - (np.arange(HEIGHT) + 0.5) / UNIT
        x, y = np.meshgrid(np.sin(angle), height)
        z = np.meshgrid(np.cos(angle), height)[0] + AXIS_Z
        inside = mark_scalp(np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)).reshape(HEIGHT, WIDTH, 1)
        return np.asarray(inside * (self.identity.hair != "bald"), dtype=np.float32)

    def _darken_scalp(self, colour: NDArray[np.float32]) -> NDArray[np.float32]:
        dark = (to_linear(np.array(self.identity.hair_colour)) * 0.6).astype(np.float32)
        return np.asarray(colour * (1 - 0.95 * self._scalp) + dark * 0.95 * self._scalp, dtype=np.float32)

    def arrange(
        self, levels: Mapping[str, float], pose: Pose, gaze: tuple[float, float] = (0.0, 0.0)
    ) -> list[Drawable]:
        """Return what is to be drawn for action units at these levels, a pose, and a gaze (degrees left, up)."""
        moved = move_head(self.head, self.vertices, levels)
        moved = self._turn_eyes(moved, gaze)
        skin = self.head.place(moved, "skin")
        quads = self.head.surfaces["skin"].quads
        skin = skin - self._socket[:, None] * np.array([0.0, 0.0, 0.07])
        held = self._hold(skin, self._follow, pose)
        normals = compute_normals(held, quads)
        strength = weigh_wrinkles(dict(levels))
        self._paint_wrinkles(strength)
        lips = (
            np.array([0.62, 0.30, 0.27]) * (1 - 0.75 * self.identity.skin)
            + np.array([0.16, 0.07, 0.06]) * self.identity.skin
        )
        male = 0.8 if self.identity.sex == "male" else 1.0
        young = max(0.0, 1 - (self.identity.age - 25) / 60)
        things = [
            make_surface(
                "skin",
                held,
                normals,
                self._bare,
                rest=self._skin_rest,
                masks=self._masks,
                open_sky=self._open_sky,
                settings={
                    "relief_scale": RELIEF_SCALE,
                    "texel": (1 / WIDTH, 1 / HEIGHT),
                    "front": (FRONT[0] / WIDTH, FRONT[1] / HEIGHT, FRONT[2] / WIDTH, FRONT[3] / HEIGHT),
                    "lip_colour": to_linear(np.clip(lips + 0.22, 0, 1)) * (0.85 + 0.15 * young) * male + 0.03,
                },
                textures={name: name for name in ("skin_colour", "skin_relief", "face_relief")},
                one_sided=True,
            )
        ]
        things += self._dress(held, normals)
        things += self._draw_eyes(moved, pose)
        things += self._draw_mouth(moved, pose)
        things += self._draw_lashes(moved, pose)
        things += self._draw_hair(skin, pose)
        return things

    def _hold(self, points: FloatArray, share: FloatArray, pose: Pose) -> FloatArray:
        return pose_points(points, share, pose, millimetre=1 / MILLIMETRES)

    def _turn_eyes(self, vertices: FloatArray, gaze: tuple[float, float]) -> FloatArray:
        left, up = np.radians(gaze[0]), np.radians(gaze[1])
        if not left and not up:
            return vertices
        turned = vertices.copy()
        about_y = np.array([[np.cos(left), 0, np.sin(left)], [0, 1, 0], [-np.sin(left), 0, np.cos(left)]])
        about_x = np.array([[1, 0, 0], [0, np.cos(up), np.sin(up)], [0, -np.sin(up), np.cos(up)]])
        for name in ("helper-l-eye", "helper-r-eye"):
            used = np.unique(self.head.take_quads(name))
            middle = self.vertices[used].mean(axis=0)
            turned[used] = (vertices[used] - middle) @ (about_y @ about_x).T + middle
        return turned

    @cached_property
    def _bare(self) -> NDArray[np.int64]:
        """Triangles of the skin that no cloth covers for certain."""
        triangles = self.head.surfaces["skin"].triangles
        return np.asarray(triangles[(self._skin_rest[:, 1] > CLOTH_CERTAIN)[triangles].all(axis=1)])

    @cached_property
    def _cloth(self) -> NDArray[np.int64]:
        """Triangles of the trunk and the neck; the shader cuts the neckline."""
        triangles = self.head.surfaces["skin"].triangles
        covered = self._skin_rest[:, 1] < CLOTH_TOP
        return np.asarray(triangles[covered[triangles].all(axis=1)])

    def _dress(self, held: FloatArray, normals: FloatArray) -> list[Drawable]:
        triangles = self._cloth
        points = held + CLOTH_THICKNESS * normals
        colour = to_linear(np.array(self.identity.shirt))
        return [
            make_surface(
                "cloth",
                points,
                normals,
                triangles,
                rest=self._skin_rest,
                open_sky=self._open_sky,
                settings={"base": colour},
            )
        ]

    def _draw_eyes(self, moved: FloatArray, pose: Pose) -> list[Drawable]:
        surface = self.head.surfaces["eyes"]
        points = self.head.place(moved, "eyes")
        rest = self.head.place(self.head.vertices, "eyes")
        middle = np.where(rest[:, :1] > 0, 1.0, -1.0) * np.array([[0.30775, 0, 0]]) + np.array([[0, 7.28415, 1.24535]])
        held = self._hold(points, np.ones(len(points)), pose)
        normals = compute_normals(held, surface.quads)
        direction = (rest - middle) / 0.138
        iris = to_linear(np.array(self.identity.iris))
        return [
            make_surface(
                "eye",
                held,
                normals,
                surface.triangles,
                rest=direction,
                settings={"iris_colour": iris, "pupil": 0.34},
                casts=False,
                pushed_back=True,
            )
        ]

    def _draw_mouth(self, moved: FloatArray, pose: Pose) -> list[Drawable]:
        things = []
        for name, base, wet in (("teeth", (0.86, 0.81, 0.72), 0.9), ("tongue", (0.4, 0.12, 0.11), 0.5)):
            surface = self.head.surfaces[name]
            held = self._hold(self.head.place(moved, name), np.ones(surface.refine.shape[0]), pose)
            normals = compute_normals(held, surface.quads)
            settings = {"base": base, "wetness": wet, "depth_fade": 1.0}
            things.append(
                make_surface("plain", held, normals, surface.triangles, rest=held, settings=settings, casts=False)
            )
        return things

    def _draw_lashes(self, moved: FloatArray, pose: Pose) -> list[Drawable]:
        things = []
        for lashes in self._lashes:
            points = np.asarray(lashes.refine @ moved) + lashes.curl[:, None] * np.array([0.0, 1.0, 0.25])
            shaped = points.reshape(-1, LASH_STEPS, 3)
            strands = Strands(shaped, np.zeros(shaped.shape[:2], dtype=np.int64), lashes.width, lashes.tint)
            things.append(self._make_ribbons(shaped, strands, pose, np.full(3, 0.012), 0.1, casts=False))
        return things

    def _draw_hair(self, skin: FloatArray, pose: Pose) -> list[Drawable]:
        things = []
        colour = to_linear(np.array(self.identity.hair_colour))
        for strands, shine, casts in ((self._brows, 0.25, False), (self._hair, 0.8, True)):
            if strands is None:
                continue
            points = place_strands(strands, skin, self._skin_at_rest)
            things.append(self._make_ribbons(points, strands, pose, colour, shine, casts=casts))
        return things

    def _make_ribbons(
        self, points: FloatArray, strands: Strands, pose: Pose, colour: FloatArray, shine: float, *, casts: bool
    ) -> Drawable:
        count, steps = points.shape[:2]
        flat = points.reshape(-1, 3)
        share = np.ones(len(flat)) if strands.anchor[0, 0] >= 0 else follow_head(np.maximum(flat[:, 1], 6.1))
        held = self._hold(flat, share, pose).reshape(points.shape)
        tangent = np.gradient(held, axis=1)
        along = np.broadcast_to(np.linspace(0, 1, steps), (count, steps))
        tint = np.broadcast_to(strands.tint[:, None], (count, steps))
        look = np.stack([tint, np.ones((count, steps))], axis=2)
        rows = [
            np.concatenate(
                [held, tangent, np.stack([np.full((count, steps), side), strands.width, along], axis=2), look], axis=2
            )
            for side in (-1.0, 1.0)
        ]
        vertices = np.stack(rows, axis=2).reshape(-1, 11).astype(np.float32)
        base = (np.arange(count)[:, None] * steps + np.arange(steps - 1)[None, :]).ravel() * 2
        triangles = np.concatenate(
            [np.stack([base, base + 1, base + 2], axis=1), np.stack([base + 1, base + 3, base + 2], axis=1)]
        )
        return Drawable(
            "hair", vertices, triangles.astype(np.int32), "ribbon", {"base": colour, "shine": shine}, {}, casts
        )


def make_surface(
    shader: str,
    points: FloatArray,
    normals: FloatArray,
    triangles: NDArray[np.int64],
    *,
    rest: FloatArray,
    masks: FloatArray | None = None,
    open_sky: FloatArray | None = None,
    settings: Mapping[str, object] | None = None,
    textures: Mapping[str, str] | None = None,
    casts: bool = True,
    pushed_back: bool = False,
    one_sided: bool = False,
) -> Drawable:
    """Return a surface to draw; without ``masks`` all are 0, without ``open_sky`` it is open to all light."""
    count = len(points)
    masks = np.zeros((count, 4)) if masks is None else masks
    sky = np.ones(count) if open_sky is None else open_sky
    vertices = np.hstack([points, normals, rest, masks, sky[:, None]]).astype(np.float32)
    corners = triangles.astype(np.int32)
    return Drawable(shader, vertices, corners, "surface", settings or {}, textures or {}, casts, pushed_back, one_sided)
