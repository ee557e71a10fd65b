"""Targets: how far each vertex of the base mesh moves when a shape or a face unit is set to 1."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import MissingError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Target:
    """Displacements ``[k, 3]`` of the vertices ``index`` ``[k]``, in units of the base mesh; all others stay."""

    index: IntArray
    displacement: FloatArray


def parse_target(text: str) -> Target:
    """Return the target of a text with one vertex a line: its number and three displacements."""
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    numbers = np.array([[float(word) for word in row] for row in rows if len(row) == 4]).reshape(-1, 4)
    return Target(numbers[:, 0].astype(np.int64), numbers[:, 1:])


def read_target(folder: Path, name: str) -> Target:
    """Read a target (``eyes/l-eye-scale-incr``) from a folder of ``.target`` or ``.target.gz`` files.

    Raises
    ------
    MissingError
        There is no such file.
    """
    plain = folder / f"{name}.target"
    packed = folder / f"{name}.target.gz"
    if plain.is_file():
        return parse_target(plain.read_text(encoding="utf-8"))
    if packed.is_file():
        return parse_target(gzip.decompress(packed.read_bytes()).decode("utf-8"))
    raise MissingError(f"there is no target {name!r}", where=str(folder))


def add_targets(vertices: FloatArray, targets: Mapping[str, Target], weights: Mapping[str, float]) -> FloatArray:
    """Return the vertices with each target added, times its weight; a target that is not named has weight 0."""
    moved = vertices.copy()
    for name, weight in weights.items():
        if weight:
            target = targets[name]
            moved[target.index] += weight * target.displacement
    return moved
