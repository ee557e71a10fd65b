"""The base head: its surfaces, its masks, and the targets that shape and move it. The material is CC0 and shipped.

Where it comes from, file by file, is in ``material/sources.json``; ``scripts/make_face_material.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import UnknownNameError
from mimicrylab.simulate.faces.mesh import FloatArray, IntArray, Surface, refine_surface

MILLIMETRES = 62.0 / 0.6155
"""Millimetres in a unit of the base mesh, on a head with 62 mm between the pupils."""

THOUSANDTHS = 1000
"""Targets are stored as whole thousandths of a unit, as they were published."""

SURFACES: Mapping[str, tuple[str, ...]] = {
    "skin": ("body",),
    "eyes": ("helper-l-eye", "helper-r-eye"),
    "teeth": ("helper-upper-teeth", "helper-lower-teeth"),
    "tongue": ("helper-tongue",),
}
"""Surfaces that are drawn, and the parts of the mesh that they are made of."""


@dataclass(frozen=True)
class Target:
    """Displacements ``[k, 3]`` of the vertices ``index`` ``[k]``, in units of the base mesh; all others stay."""

    index: IntArray
    displacement: FloatArray


@cache
def load_material() -> Mapping[str, NDArray[np.generic]]:
    """Return the arrays of the shipped material: mesh, masks, targets."""
    with (files("mimicrylab.simulate.faces") / "material" / "head.npz").open("rb") as stream, np.load(stream) as held:
        return dict(held)


@dataclass(frozen=True)
class Head:
    """The base head, subdivided ``levels`` times (1: a quad is about 3 mm wide; 2 for large pictures)."""

    levels: int = 1

    @cached_property
    def vertices(self) -> FloatArray:
        """Vertices of the base mesh ``[n, 3]``: x to the person's left, y up, z to the front."""
        return np.asarray(load_material()["vertices"], dtype=np.float64)

    @cached_property
    def masks(self) -> FloatArray:
        """Where lips, eyelids, ears and the inside of the mouth are, 0 to 1 ``[n, 4]``."""
        return np.asarray(load_material()["masks"], dtype=np.float64) / 255

    @cached_property
    def places(self) -> FloatArray:
        """Where each vertex lies on the flat pictures of the base mesh ``[n, 2]``."""
        return np.asarray(load_material()["places"], dtype=np.float64)

    @cached_property
    def surfaces(self) -> Mapping[str, Surface]:
        """Surface -> its points and quads, subdivided."""
        count = len(self.vertices)
        return {
            name: refine_surface(self.take_quads(*parts), count, levels=self.levels) for name, parts in SURFACES.items()
        }

    @cached_property
    def _targets(self) -> Mapping[str, Target]:
        held = load_material()
        index = held["target_index"].astype(np.int64)
        displacement = held["target_displacement"].astype(np.float64) / THOUSANDTHS
        starts = held["target_starts"].astype(np.int64)
        return {
            str(name): Target(index[start:stop], displacement[start:stop])
            for name, start, stop in zip(held["target_names"], starts[:-1], starts[1:], strict=True)
        }

    def take_quads(self, *parts: str) -> IntArray:
        """Return the quads ``[m, 4]`` of some parts of the mesh."""
        held = load_material()
        names = list(held["part_names"].astype(str))
        return np.asarray(held["quads"][np.isin(held["parts"], [names.index(part) for part in parts])], dtype=np.int64)

    def find_target(self, name: str) -> Target:
        """Return a shape (``nose/nose-hump-incr``) or a face unit (``jawOpen``).

        Raises
        ------
        UnknownNameError
            There is no such target.
        """
        if name not in self._targets:
            raise UnknownNameError("target of the head", name, list(self._targets))
        return self._targets[name]

    def place(self, vertices: FloatArray, surface: str) -> FloatArray:
        """Return the points of a surface ``[points, 3]`` for these vertices of the whole mesh."""
        return np.asarray(self.surfaces[surface].refine @ vertices)
