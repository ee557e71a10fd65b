"""The base head: its surfaces, its masks, and the targets that shape and move it, read from the CC0 material."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimicrylab.simulate.faces.mesh import FloatArray, IntArray, Mesh, Surface, parse_mesh, refine_surface
from mimicrylab.simulate.faces.targets import Target, read_target

MILLIMETRES = 62.0 / 0.6155
"""Millimetres in a unit of the base mesh, on a head with 62 mm between the pupils."""

LOWEST = 4.6
"""Height at which the body is cut off (units of the base mesh): below the shoulders."""

SURFACES: Mapping[str, tuple[str, ...]] = {
    "skin": ("body",),
    "eyes": ("helper-l-eye", "helper-r-eye"),
    "teeth": ("helper-upper-teeth", "helper-lower-teeth"),
    "tongue": ("helper-tongue",),
}
"""Surfaces that are drawn, and the parts of the mesh that they are made of."""

MASKS = ("lips", "eyelids", "ears", "inside-mouth")
"""Flat pictures that say where on the skin something is."""


@dataclass(frozen=True)
class Head:
    """The base head. ``folder`` holds the material (``mpfb2``, ``faceunits01``); everything is read on first use."""

    folder: Path
    levels: int = 1
    _targets: dict[str, Target] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def mesh(self) -> Mesh:
        """The whole base mesh."""
        with (self.folder / "mpfb2" / "3dobjs" / "base.obj").open(encoding="utf-8") as lines:
            return parse_mesh(lines)

    @cached_property
    def surfaces(self) -> Mapping[str, Surface]:
        """Surface -> its points and quads, subdivided."""
        count = len(self.mesh.vertices)
        return {name: refine_surface(self._take_quads(name), count, levels=self.levels) for name in SURFACES}

    def _take_quads(self, name: str) -> IntArray:
        quads = self.mesh.quads[np.isin(self.mesh.parts, SURFACES[name])]
        if name == "skin":
            quads = quads[self.mesh.vertices[quads][:, :, 1].min(axis=1) > LOWEST]
        return quads

    def find_target(self, name: str) -> Target:
        """Return a shape (``mpfb2`` name with its folder, ``nose/nose-hump-incr``) or a face unit (``jawOpen``)."""
        if name not in self._targets:
            folder = self.folder / ("mpfb2/targets" if "/" in name else "faceunits01/targets/faceunits")
            self._targets[name] = read_target(folder, name)
        return self._targets[name]

    def sample_masks(self) -> NDArray[np.float64]:
        """Return the value 0 to 1 of each mask at each vertex of the whole mesh ``[vertices, masks]``."""
        from PIL import Image

        columns = []
        for name in MASKS:
            with Image.open(self.folder / "mpfb2" / "textures" / f"mpfb_{name}.jpg") as picture:
                pixels = np.asarray(picture.convert("L"), dtype=np.float64) / 255
            height, width = pixels.shape
            x = np.clip((self.mesh.places[:, 0] * width).astype(int), 0, width - 1)
            y = np.clip(((1 - self.mesh.places[:, 1]) * height).astype(int), 0, height - 1)
            columns.append(pixels[y, x])
        return np.stack(columns, axis=1)

    def place(self, vertices: FloatArray, surface: str) -> FloatArray:
        """Return the points of a surface ``[points, 3]`` for these vertices of the whole mesh."""
        return np.asarray(self.surfaces[surface].refine @ vertices)
