from __future__ import annotations

import numpy as np

from mimicrylab.simulate.faces.mesh import compute_normals, refine_surface

CUBE = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
FACES = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])


def test_subdivided_cube_is_the_known_one() -> None:
    """Catmull & Clark of a cube: face points stay, edge points at 3/4, corners at 5/9 (valence 3)."""
    surface = refine_surface(FACES, 8, levels=1)
    points = surface.refine @ CUBE
    assert points.shape == (8 + 12 + 6, 3)
    np.testing.assert_allclose(np.abs(points[:8]), 5 / 9)
    np.testing.assert_allclose(np.sort(np.abs(points[8:20]), axis=1), np.tile([0, 0.75, 0.75], (12, 1)), atol=1e-12)
    np.testing.assert_allclose(np.sort(np.abs(points[20:]), axis=1), np.tile([0, 0, 1.0], (6, 1)), atol=1e-12)
    assert len(surface.quads) == 24


def test_every_level_is_a_weighted_mean_and_quadruples_the_quads() -> None:
    surface = refine_surface(FACES, 8, levels=3)
    np.testing.assert_allclose(np.asarray(surface.refine.sum(axis=1)).ravel(), 1)
    assert len(surface.quads) == 6 * 4**3
    assert len(surface.triangles) == 2 * len(surface.quads)


def test_an_open_sheet_keeps_its_border_straight() -> None:
    sheet = np.array([[x, y, 0.0] for y in range(3) for x in range(3)], dtype=float)
    quads = np.array([[0, 1, 4, 3], [1, 2, 5, 4], [3, 4, 7, 6], [4, 5, 8, 7]])
    points = refine_surface(quads, 9, levels=1).refine @ sheet
    np.testing.assert_allclose(points[:, 2], 0)
    assert points[:, 0].min() >= 0
    np.testing.assert_allclose(points[1], [1, 0, 0])  # the middle of an edge of the border stays on it


def test_normals_point_outwards_and_have_length_one() -> None:
    outwards = FACES[:, ::-1] if np.dot(np.cross(*_edges(FACES[0])), CUBE[FACES[0]].mean(axis=0)) < 0 else FACES
    normals = compute_normals(CUBE, outwards)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1)
    np.testing.assert_allclose(normals, CUBE / np.sqrt(3), atol=1e-12)


def _edges(quad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return CUBE[quad[2]] - CUBE[quad[0]], CUBE[quad[3]] - CUBE[quad[1]]
