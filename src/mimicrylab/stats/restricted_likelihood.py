"""The restricted likelihood (REML) of a mixed model, profiled over fixed effects and residual variance.

y = X b + Z u + e with u = Lambda(theta) v, v and e independent with variance sigma^2. For a theta the best b, v and
sigma^2 follow from one Cholesky factor (Bates, Maechler, Bolker & Walker 2015). The deviance is

    log |Lambda' Z'Z Lambda + I| + log |X' V^-1 X| + (n - p) (1 + log(2 pi r^2 / (n - p)))

with r^2 the penalised residual sum of squares and V = I + Z Lambda Lambda' Z'. The grouping with the most columns
(people) is eliminated level by level, as its levels touch none of each other's rows, so that the cost of an evaluation
does not depend on the number of trials. The gradient is exact: with K the whole symmetric system, d log |K| =
2 tr(K^-1 T' W'W dT) where T = diag(Lambda, I) and W = (Z, X).

The deviance is smooth and even in the sign of each column of Lambda, so a search needs no bounds: a variance of 0 is a
stationary point like any other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from mimicrylab.errors import InputError
from mimicrylab.stats.random_terms import RandomTerm
from mimicrylab.stats.samples import FloatArray


@dataclass(frozen=True)
class Profile:
    """The likelihood at one theta.

    ``log_determinant`` and ``residual`` (r^2) make the deviance; each has its gradient. ``coefficients`` are the fixed
    effects, ``covariance`` theirs divided by sigma^2.
    """

    log_determinant: float
    residual: float
    log_determinant_gradient: FloatArray
    residual_gradient: FloatArray
    coefficients: FloatArray
    covariance: FloatArray


class RestrictedLikelihood:
    """The products of a data set that any theta needs, gathered once; ``profile(theta)`` evaluates.

    Parameters
    ----------
    x
        Rows x fixed effects, of full rank.
    y
        Outcome, one a row.
    terms
        Random terms.
    """

    def __init__(self, x: FloatArray, y: FloatArray, terms: Sequence[RandomTerm]) -> None:
        self.terms = tuple(terms)
        self.rows, self.fixed = int(x.shape[0]), int(x.shape[1])
        self._q, self._r = np.linalg.qr(x)
        self._start = self._q.T @ y
        self._log_scale = 2 * float(np.log(np.abs(np.diag(self._r))).sum())
        sizes = [term.count * term.width for term in terms]
        self._first = int(np.argmax(sizes))
        self._others = [place for place in range(len(terms)) if place != self._first]
        self._ends = np.cumsum([0, *(sizes[place] for place in self._others)])
        widths = [len(term.places[0]) for term in terms]
        self._slices = [slice(sum(widths[:i]), sum(widths[: i + 1])) for i in range(len(widths))]
        self.size = sum(widths)
        self._gather(y - self._q @ self._start)

    @property
    def df(self) -> int:
        """Rows less fixed effects."""
        return self.rows - self.fixed

    @property
    def start(self) -> FloatArray:
        """A theta to start from: independent deviations half as large as the residuals."""
        parts = [np.where(np.equal(*term.places), 0.5, 0.0) for term in self.terms]
        return np.concatenate(parts)

    def unpack(self, theta: FloatArray) -> list[FloatArray]:
        """Return Lambda of each term, lower-triangular, in the scale of the term's values."""
        roots = []
        for term, part in zip(self.terms, self._slices, strict=True):
            root = np.zeros((term.width, term.width))
            root[term.places] = theta[part]
            roots.append(root)
        return roots

    def compute_deviance(self, profile: Profile) -> float:
        """Return -2 log restricted likelihood, as in R: ``-2 * logLik(lmer(...))``."""
        return (
            profile.log_determinant
            + self._log_scale
            + self.df * (1 + math.log(2 * math.pi * profile.residual / self.df))
        )

    def _gather(self, residuals: FloatArray) -> None:
        first = self.terms[self._first]
        k, width = first.width, int(self._ends[-1]) + self.fixed + 1
        self._own = np.zeros((first.count, k, k))
        self._cross = np.zeros((first.count, k, width))
        self._dense = np.zeros((width, width))
        order = np.argsort(first.levels, kind="stable")
        for level, rows in enumerate(np.split(order, np.cumsum(np.bincount(first.levels))[:-1])):
            w = np.zeros((len(rows), width))
            for place, begin in zip(self._others, self._ends[:-1], strict=True):
                term = self.terms[place]
                columns = begin + term.levels[rows, None] * term.width + np.arange(term.width)
                np.put_along_axis(w, columns, term.values[rows], axis=1)
            w[:, self._ends[-1] : -1] = self._q[rows]
            w[:, -1] = residuals[rows]
            z = first.values[rows]
            self._own[level], self._cross[level] = z.T @ z, z.T @ w
            self._dense += w.T @ w

    def _scale_rows(self, products: FloatArray, roots: Sequence[FloatArray]) -> FloatArray:
        """Return T' products, for the rows of the dense part (second to last axis)."""
        scaled = products.copy()
        for place, begin, end in zip(self._others, self._ends[:-1], self._ends[1:], strict=True):
            block = products[..., begin:end, :]
            levels = block.reshape(*block.shape[:-2], -1, self.terms[place].width, block.shape[-1])
            scaled[..., begin:end, :] = np.matmul(roots[place].T, levels).reshape(block.shape)
        return scaled

    def profile(self, theta: FloatArray) -> Profile:
        """Return the likelihood's parts, their gradients and the fixed effects at ``theta``.

        Raises
        ------
        InputError
            The model leaves no residual.
        """
        roots = self.unpack(theta)
        root, k, q = roots[self._first], self.terms[self._first].width, int(self._ends[-1])
        half = root.T @ self._own
        a = half @ root + np.eye(k)
        half_cross = root.T @ self._cross
        b = np.swapaxes(self._scale_rows(np.swapaxes(half_cross, 1, 2), roots), 1, 2)
        half_dense = self._scale_rows(self._dense, roots)
        c = self._scale_rows(half_dense.T, roots)
        c[np.arange(q), np.arange(q)] += 1
        factor = np.linalg.cholesky(a)
        reduced = np.linalg.solve(factor, b).reshape(-1, b.shape[-1])
        try:
            whole = linalg.cholesky(c - reduced.T @ reduced, lower=True)
        except linalg.LinAlgError as error:
            raise InputError(
                "the model leaves no residual, so the variances of its random terms cannot be told apart",
                expected="an outcome that varies within a person and condition",
                do="average the rows of each person and condition and use a within-person contrast or repeated",
            ) from error
        schur, last = whole[:-1, :-1], whole[-1]
        inner_diagonal = np.diagonal(factor, axis1=1, axis2=2)
        log_determinant = 2 * float(np.log(inner_diagonal).sum() + np.log(np.diag(schur)).sum())
        inverse = linalg.cho_solve((schur, True), np.eye(len(schur)))
        z = linalg.solve_triangular(schur, last[:-1], lower=True, trans="T")
        solved = np.linalg.solve(a, b)
        q_first = solved[:, :, :-1]
        u = solved[:, :, -1] - q_first @ z
        # deviations of the dense terms, and what of the residuals each term's columns still see
        scaled_z = self._expand(z, roots)
        moved = u @ root.T
        seen = self._cross[:, :, -1] - np.einsum("ljk,lk->lj", self._own, moved) - self._cross[:, :, :-1] @ scaled_z
        seen_dense = (
            self._dense[:-1, -1]
            - np.einsum("ljc,lj->c", self._cross[:, :, :-1], moved)
            - self._dense[:-1, :-1] @ scaled_z
        )
        lever = q_first @ inverse
        right = np.swapaxes(q_first, 1, 2) @ half - self._scale_rows(np.swapaxes(self._cross, 1, 2)[:, :-1], roots)
        trace = (np.linalg.solve(a, half) + lever @ right).sum(axis=0)
        count = q_first.shape[0] * k
        stacked = q_first.reshape(count, -1).T @ half_cross[:, :, :q].reshape(count, q)
        m = inverse[:q] @ (half_dense[:-1, :q] - stacked)
        determinant_gradient, residual_gradient = np.zeros(self.size), np.zeros(self.size)
        for place, (term, part) in enumerate(zip(self.terms, self._slices, strict=True)):
            rows, columns = term.places
            if place == self._first:
                traces, push = trace, seen.T @ u
            else:
                begin, end = self._ends[self._others.index(place)], self._ends[self._others.index(place) + 1]
                blocks = m[begin:end, begin:end].reshape(term.count, term.width, term.count, term.width)
                traces = np.einsum("lalb->ab", blocks)
                push = seen_dense[begin:end].reshape(-1, term.width).T @ z[begin:end].reshape(-1, term.width)
            determinant_gradient[part] = 2 * traces[columns, rows]
            residual_gradient[part] = -2 * push[rows, columns]
        back = linalg.solve_triangular(self._r, np.eye(self.fixed))
        return Profile(
            log_determinant,
            float(last[-1] ** 2),
            determinant_gradient,
            residual_gradient,
            back @ (self._start + z[q:]),
            back @ inverse[q:, q:] @ back.T,
        )

    def _expand(self, z: FloatArray, roots: Sequence[FloatArray]) -> FloatArray:
        """Return T z for the dense part."""
        expanded = z.copy()
        for place, begin, end in zip(self._others, self._ends[:-1], self._ends[1:], strict=True):
            width = self.terms[place].width
            expanded[begin:end] = (z[begin:end].reshape(-1, width) @ roots[place].T).ravel()
        return expanded
