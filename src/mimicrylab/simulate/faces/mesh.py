"""Smooth surfaces from coarse ones.

Coordinates are those of the base mesh: x to the person's left, y up, z to the front, one unit is about a decimetre.
Subdivision is linear in the vertices (Catmull & Clark 1978), so a moving face costs one sparse product a frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Surface:
    """A part of the mesh, subdivided.

    ``refine`` ``[points, vertices of the whole mesh]`` turns the whole mesh's vertices into the surface's points;
    ``triangles`` ``[k, 3]`` are corners among these points; ``quads`` ``[k / 2, 4]`` the same as quads.
    """

    refine: sparse.csr_matrix
    quads: IntArray

    @property
    def triangles(self) -> IntArray:
        """Two triangles a quad."""
        return np.concatenate([self.quads[:, [0, 1, 2]], self.quads[:, [0, 2, 3]]])


def refine_surface(quads: IntArray, count: int, *, levels: int) -> Surface:
    """Return these quads of a mesh of ``count`` vertices, subdivided ``levels`` times.

    Border points stay on the border, as in the usual extension of the scheme to open surfaces.
    """
    used, corners = np.unique(quads, return_inverse=True)
    faces = corners.reshape(quads.shape)
    refine = sparse.csr_matrix((np.ones(len(used)), (np.arange(len(used)), used)), shape=(len(used), count))
    for _ in range(levels):
        step, faces = _subdivide(faces, refine.shape[0])
        refine = (step @ refine).tocsr()
    return Surface(refine, faces)


def _subdivide(faces: IntArray, count: int) -> tuple[sparse.csr_matrix, IntArray]:
    m = len(faces)
    pairs = np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2)
    edges, which = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    which = which.reshape(m, 4)
    e = len(edges)
    face_of = np.repeat(np.arange(m), 4)
    # points of faces: the mean of the corners
    face_points = sparse.csr_matrix((np.full(4 * m, 0.25), (face_of, faces.ravel())), shape=(m, count))
    shared = np.bincount(which.ravel(), minlength=e)
    ends = sparse.csr_matrix((np.full(2 * e, 0.5), (np.repeat(np.arange(e), 2), edges.ravel())), shape=(e, count))
    touching = sparse.csr_matrix((np.ones(4 * m), (which.ravel(), face_of)), shape=(e, m))
    beside = sparse.diags(1 / shared) @ touching @ face_points
    inside = shared == 2
    weight = np.where(inside, 0.5, 0.0)
    edge_points = sparse.diags(1 - weight) @ ends + sparse.diags(weight) @ beside
    corner_points = _move_corners(faces, count, edges, inside, ends, face_points)
    step = sparse.vstack([corner_points, edge_points, face_points]).tocsr()
    before = np.roll(which, 1, axis=1)
    centre = np.repeat(np.arange(m) + count + e, 4)
    quads = np.stack([faces.ravel(), which.ravel() + count, centre, before.ravel() + count], axis=1)
    return step, quads


def _move_corners(
    faces: IntArray,
    count: int,
    edges: IntArray,
    inside: NDArray[np.bool_],
    ends: sparse.csr_matrix,
    face_points: sparse.csr_matrix,
) -> sparse.csr_matrix:
    m, e = len(faces), len(edges)
    valence = np.bincount(edges.ravel(), minlength=count).astype(float)
    at_faces = sparse.csr_matrix((np.ones(4 * m), (faces.ravel(), np.repeat(np.arange(m), 4))), shape=(count, m))
    around = sparse.diags(1 / np.maximum(np.bincount(faces.ravel(), minlength=count), 1)) @ at_faces @ face_points
    at_edges = sparse.csr_matrix((np.ones(2 * e), (edges.ravel(), np.repeat(np.arange(e), 2))), shape=(count, e))
    middles = sparse.diags(1 / np.maximum(valence, 1)) @ at_edges @ ends
    own = sparse.identity(count, format="csr")
    n = np.maximum(valence, 1)
    smooth = sparse.diags(1 / n) @ around + sparse.diags(2 / n) @ middles + sparse.diags((n - 3) / n) @ own
    border = np.zeros(count, dtype=bool)
    border[edges[~inside].ravel()] = True
    rim = edges[~inside]
    on_rim = sparse.csr_matrix(
        (np.full(2 * len(rim), 0.5), (rim.ravel(), np.repeat(np.arange(len(rim)), 2))), shape=(count, len(rim))
    )
    rim_ends = sparse.csr_matrix(
        (np.full(2 * len(rim), 0.5), (np.repeat(np.arange(len(rim)), 2), rim.ravel())), shape=(len(rim), count)
    )
    along = 0.5 * own + 0.5 * (on_rim @ rim_ends)
    kept = sparse.diags(border.astype(float))
    return (sparse.diags((~border).astype(float)) @ smooth + kept @ along).tocsr()


def compute_normals(points: FloatArray, quads: IntArray) -> FloatArray:
    """Return the unit normal of each point ``[n, 3]``: the mean of its quads' normals, weighted by area."""
    across = np.cross(points[quads[:, 2]] - points[quads[:, 0]], points[quads[:, 3]] - points[quads[:, 1]])
    normals = np.zeros_like(points)
    for corner in range(4):
        for axis in range(3):
            normals[:, axis] += np.bincount(quads[:, corner], across[:, axis], minlength=len(points))
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.maximum(length, 1e-12))
