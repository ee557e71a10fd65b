"""Find the maximum of a restricted likelihood, say honestly whether it was found, and what is uncertain there.

A quasi-Newton search is followed by Newton steps with a Hessian from differences of the exact gradient. A point counts
as the optimum only if the gradient vanishes (the deviance could fall by less than 1e-6) and no direction curves down;
from a saddle the search goes on. Variances of 0 and correlations of 1 ("singular") are named: they are no failure of
the search but say that the data do not carry the model.

Satterthwaite's degrees of freedom (Satterthwaite 1946; Fai & Cornelius 1996; Kuznetsova, Brockhoff & Christensen 2017)
follow from the same Hessian: with C(theta, sigma) the covariance of the fixed effects and A the covariance of theta and
sigma, a contrast l has df = 2 (l'Cl)^2 / (g'A g), g being the gradient of l'Cl.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize
from threadpoolctl import threadpool_limits

from mimicrylab.stats.restricted_likelihood import Profile, RestrictedLikelihood
from mimicrylab.stats.samples import FloatArray

STEP = 1e-4
"""Of the differences of gradients: the error of a second derivative is then about 1e-8 of it."""

DECREASE = 1e-6
"""A deviance that could still fall by more than this has not converged."""

FLAT = 1e-6
"""Curvature below this share of the largest is none: the data say nothing in that direction."""

SINGULAR = 1e-4
"""Ratio of the smallest to the largest root of a covariance below which it is singular, as in lme4."""

MAXIMUM_ROUNDS = 8


@dataclass(frozen=True)
class Optimum:
    """Where the search ended.

    Parameters
    ----------
    theta, profile, deviance, sigma
        The point, its likelihood, -2 log restricted likelihood and the residual standard deviation.
    converged
        Whether it is an optimum.
    decrease
        By how much the deviance could still fall, by its gradient and curvature.
    evaluations
        Evaluations of the likelihood.
    parameter_covariance
        Covariance of theta and sigma, in that order; directions without curvature count as known.
    covariance_gradients
        For theta and sigma in that order the derivative of the fixed effects' covariance (fixed x fixed).
    """

    theta: FloatArray
    profile: Profile
    deviance: float
    sigma: float
    converged: bool
    decrease: float
    evaluations: int
    parameter_covariance: FloatArray
    covariance_gradients: FloatArray

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the fixed effects."""
        return np.asarray(self.sigma**2 * self.profile.covariance)

    def find_df(self, contrast: FloatArray) -> float:
        """Return Satterthwaite's df of one contrast of the fixed effects (infinite if its variance is known)."""
        variance = float(contrast @ self.covariance @ contrast)
        gradient = np.einsum("kij,i,j->k", self.covariance_gradients, contrast, contrast)
        spread = float(gradient @ self.parameter_covariance @ gradient)
        return 2 * variance**2 / spread if spread > 0 else np.inf


def maximise_likelihood(likelihood: RestrictedLikelihood) -> Optimum:
    """Return the optimum, or the best point found with ``converged`` False.

    One thread of linear algebra: the matrices are small, and threads that wait for each other on a busy machine make it
    twenty times slower.
    """
    with threadpool_limits(1):
        return _search(_Counter(likelihood))


def _search(counter: _Counter) -> Optimum:
    likelihood = counter.likelihood
    theta = likelihood.start
    for _ in range(MAXIMUM_ROUNDS):
        found = optimize.minimize(
            counter.evaluate, theta, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-7}
        )
        theta, curvature = _polish(counter, found.x)
        values, vectors = np.linalg.eigh(curvature)
        if values[0] >= -FLAT * max(values[-1], 1.0):
            break
        theta = _leave_saddle(counter, theta, vectors[:, 0])
    theta = _turn_signs(likelihood, theta)
    return _describe(counter, theta)


class _Counter:
    """The deviance and its gradient, counting evaluations."""

    def __init__(self, likelihood: RestrictedLikelihood) -> None:
        self.likelihood = likelihood
        self.calls = 0

    def profile(self, theta: FloatArray) -> Profile:
        self.calls += 1
        return self.likelihood.profile(theta)

    def evaluate(self, theta: FloatArray) -> tuple[float, FloatArray]:
        profile = self.profile(theta)
        gradient = profile.log_determinant_gradient + self.likelihood.df / profile.residual * profile.residual_gradient
        return self.likelihood.compute_deviance(profile), gradient


def _differentiate(function: Callable[[FloatArray], FloatArray], point: FloatArray) -> FloatArray:
    """Return the derivative of a function by each coordinate, by central differences."""
    derivatives = []
    for place in range(len(point)):
        step = np.zeros(len(point))
        step[place] = STEP
        derivatives.append((function(point + step) - function(point - step)) / (2 * STEP))
    return np.array(derivatives)


def _find_curvature(counter: _Counter, theta: FloatArray) -> FloatArray:
    hessian = _differentiate(lambda point: counter.evaluate(point)[1], theta)
    return np.asarray((hessian + hessian.T) / 2)


def _invert_curvature(curvature: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(curvature)
    kept = values > FLAT * max(values[-1], 1e-12)
    return np.asarray((vectors[:, kept] / values[kept]) @ vectors[:, kept].T)


def _polish(counter: _Counter, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return theta after a few Newton steps that lower the deviance, and the curvature near it."""
    deviance, gradient = counter.evaluate(theta)
    curvature = _find_curvature(counter, theta)
    for _ in range(4):
        step = -_invert_curvature(curvature) @ gradient
        if abs(float(gradient @ step)) < 1e-14:
            break
        new_deviance, new_gradient = counter.evaluate(theta + step)
        if new_deviance > deviance + 1e-9 or np.abs(new_gradient).max() >= np.abs(gradient).max():
            break
        theta, deviance, gradient = theta + step, new_deviance, new_gradient
    return theta, curvature


def _leave_saddle(counter: _Counter, theta: FloatArray, direction: FloatArray) -> FloatArray:
    candidates = [theta + size * direction for size in (0.3, -0.3, 0.1, -0.1, 0.03, -0.03)]
    return min(candidates, key=lambda point: counter.evaluate(point)[0])


def _turn_signs(likelihood: RestrictedLikelihood, theta: FloatArray) -> FloatArray:
    """Return theta with every column's diagonal non-negative: the same covariance."""
    parts = []
    for term, root in zip(likelihood.terms, likelihood.unpack(theta), strict=True):
        signs = np.where(np.diag(root) < 0, -1.0, 1.0)
        parts.append((root * signs)[term.places])
    return np.concatenate(parts)


def _describe(counter: _Counter, theta: FloatArray) -> Optimum:
    likelihood = counter.likelihood
    profile = counter.profile(theta)
    deviance, gradient = counter.evaluate(theta)
    df, sigma = likelihood.df, float(np.sqrt(profile.residual / likelihood.df))

    def stack(point: FloatArray) -> FloatArray:
        at = counter.profile(point)
        full = at.log_determinant_gradient + at.residual_gradient / sigma**2
        profiled = at.log_determinant_gradient + df / at.residual * at.residual_gradient
        return np.concatenate([full, profiled, sigma**2 * at.covariance.ravel()])

    size, fixed = len(theta), len(profile.coefficients)
    stacked = _differentiate(stack, theta)
    curvature = (stacked[:, size : 2 * size] + stacked[:, size : 2 * size].T) / 2
    hessian = np.empty((size + 1, size + 1))
    hessian[:-1, :-1] = (stacked[:, :size] + stacked[:, :size].T) / 2
    hessian[:-1, -1] = hessian[-1, :-1] = -2 * profile.residual_gradient / sigma**3
    hessian[-1, -1] = -2 * df / sigma**2 + 6 * profile.residual / sigma**4
    by_theta = stacked[:, 2 * size :].reshape(size, fixed, fixed)
    by_sigma = 2 * sigma * profile.covariance
    scale = np.concatenate([np.ones(size), [sigma]])
    decrease = float(gradient @ _invert_curvature(curvature) @ gradient) / 2
    lowest, highest = np.linalg.eigvalsh(curvature)[[0, -1]]
    return Optimum(
        theta,
        profile,
        deviance,
        sigma,
        bool(decrease < DECREASE and np.abs(gradient).max() < 1e-2 and lowest >= -FLAT * max(highest, 1.0)),
        decrease,
        counter.calls,
        2 * _invert_curvature(hessian * np.outer(scale, scale)) * np.outer(scale, scale),
        np.concatenate([by_theta, by_sigma[None]]),
    )


def is_singular(root: FloatArray) -> bool:
    """Return whether a covariance, given its root Lambda, has no variance in some direction.

    Examples
    --------
    >>> is_singular(np.array([[0.5, 0.0], [0.5, 0.0]])), is_singular(np.eye(2))
    (True, False)
    """
    sizes = np.linalg.svd(root, compute_uv=False)
    return bool(sizes[-1] < SINGULAR * max(float(sizes[0]), 1.0))
