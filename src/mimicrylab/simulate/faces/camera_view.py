"""Where the camera stands, and the light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimicrylab.simulate.faces.mesh import FloatArray


@dataclass(frozen=True)
class CameraView:
    """Camera at ``position`` looking at ``target`` (units of the base mesh); ``angle``: vertical view, degrees."""

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    angle: float


@dataclass(frozen=True)
class Light:
    """A key light that casts shadows, a fill, a rim, and light from all round; colours are linear."""

    key: tuple[float, float, float] = (0.45, 0.55, 0.75)
    key_colour: tuple[float, float, float] = (1.3, 1.22, 1.12)
    fill: tuple[float, float, float] = (-0.75, 0.12, 0.65)
    fill_colour: tuple[float, float, float] = (0.36, 0.39, 0.45)
    rim: tuple[float, float, float] = (-0.6, 0.5, -0.7)
    rim_colour: tuple[float, float, float] = (0.35, 0.38, 0.42)
    sky: tuple[float, float, float] = (0.46, 0.48, 0.52)
    ground: tuple[float, float, float] = (0.26, 0.22, 0.19)
    backdrop: tuple[float, float, float] = (0.38, 0.4, 0.43)
    exposure: float = 0.68

    def list_settings(self) -> dict[str, object]:
        """Return what shaders are told."""
        return {
            "key_direction": _unit(self.key), "key_colour": self.key_colour,
            "fill_direction": _unit(self.fill), "fill_colour": self.fill_colour,
            "rim_direction": _unit(self.rim), "rim_colour": self.rim_colour,
            "sky": self.sky, "ground": self.ground, "exposure": self.exposure,
        }  # fmt: skip

    def frame_shadow(self) -> FloatArray:
        """Return the matrix from places to the key light's picture (all of -1 to 1)."""
        return frame_direction(np.array(self.key))


def frame_direction(direction: FloatArray) -> FloatArray:
    """Return the matrix of a parallel view of the head from a direction: places to -1 to 1."""
    middle = np.array([0.0, 7.0, 0.4])
    away = _unit(direction)
    view = look_at(CameraView(tuple(middle + 4 * away), tuple(middle), 0))
    scale = np.diag([1 / 2.6, 1 / 2.6, -1 / 3.6, 1.0])
    scale[2, 3] = -4 / 3.6
    return np.asarray(scale @ view)


def look_at(view: CameraView) -> FloatArray:
    """Return the matrix ``[4, 4]`` from places to the camera's own axes."""
    position, target = np.array(view.position), np.array(view.target)
    back = _unit(position - target)
    up = np.array([0.0, 1.0, 0.0]) if abs(back[1]) < 0.99 else np.array([0.0, 0.0, 1.0])
    right = _unit(np.cross(up, back))
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(back, right), back])
    matrix[:3, 3] = -matrix[:3, :3] @ position
    return matrix


def project(view: CameraView, aspect: float) -> FloatArray:
    """Return the matrix ``[4, 4]`` of the camera's lens; ``aspect`` is width by height."""
    near, far = 1.0, 60.0
    focal = 1 / np.tan(np.radians(view.angle) / 2)
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[1, 1] = focal / aspect, focal
    matrix[2, 2], matrix[2, 3] = (far + near) / (near - far), 2 * far * near / (near - far)
    matrix[3, 2] = -1
    return matrix


def _unit(vector: object) -> FloatArray:
    array = np.asarray(vector, dtype=np.float64)
    return np.asarray(array / np.linalg.norm(array))
