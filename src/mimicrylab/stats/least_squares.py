"""A least-squares fit and the covariances of its coefficients: classic, HC3, and cluster-robust CR1 and CR2.

Rows of one person are not independent. With clusters the residuals of one person may go together in any way:

- CR1 (Liang & Zeger 1986, with the factor G/(G-1) (n-1)/(n-k) of Stata) is the common one, too small with few people;
- CR2 (Bell & McCaffrey 2002) divides each cluster's residuals by what the fit took out of them and comes with
  degrees of freedom of its own for each coefficient; it holds with few people and unequal numbers of rows
  (Pustejovsky & Tipton 2018), so it is the default.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimicrylab.errors import InputError
from mimicrylab.stats.samples import FloatArray

IntArray = NDArray[np.int64]
EIGENVALUE_TOLERANCE = 1e-10


@dataclass(frozen=True)
class LeastSquares:
    """A fit: design (rows x columns), coefficients, residuals, leverages, (X'X)^-1, residual df and R squared."""

    design: FloatArray
    coefficients: FloatArray
    residuals: FloatArray
    leverage: FloatArray
    inverse: FloatArray
    df: int
    r_squared: float

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.residuals)

    @property
    def classic(self) -> FloatArray:
        """Covariance of the coefficients if all residuals are independent and of one spread."""
        return np.asarray(self.inverse * float(self.residuals @ self.residuals) / self.df)


def fit_least_squares(x: FloatArray, y: FloatArray) -> LeastSquares:
    """Fit ``y`` (rows) on ``x`` (rows x columns, of full rank, with an intercept)."""
    q, r = np.linalg.qr(x)
    coefficients = np.linalg.solve(r, q.T @ y)
    residuals = y - x @ coefficients
    inverse_root = np.linalg.inv(r)
    return LeastSquares(
        x,
        coefficients,
        residuals,
        (q**2).sum(axis=1),
        inverse_root @ inverse_root.T,
        len(y) - x.shape[1],
        1 - float(residuals @ residuals) / float(((y - y.mean()) ** 2).sum()),
    )


def compute_hc3(fit: LeastSquares) -> FloatArray:
    """Return the HC3 covariance: residuals divided by 1 - leverage (MacKinnon & White 1985).

    Raises
    ------
    InputError
        A row decides a coefficient alone (leverage 1): its residual is 0 whatever its value, there is no robust error.
    """
    check_leverage(fit.leverage)
    scaled = fit.design * (fit.residuals / (1 - fit.leverage))[:, None]
    return np.asarray(fit.inverse @ (scaled.T @ scaled) @ fit.inverse)


def check_leverage(leverage: FloatArray) -> None:
    """Refuse rows of leverage 1, see ``compute_hc3``.

    Raises
    ------
    InputError
        There is one.
    """
    if leverage.max() > 1 - EIGENVALUE_TOLERANCE:
        raise InputError(
            "one person alone decides a coefficient",
            where="predictors",
            found="a predictor that is different for a single person",
            do="leave that predictor out, or join the level with another",
        )


def compute_cr1(fit: LeastSquares, clusters: IntArray) -> FloatArray:
    """Return the CR1 covariance; ``clusters`` numbers each row's cluster from 0."""
    count = int(clusters.max()) + 1
    sums = np.zeros((count, fit.design.shape[1]))
    np.add.at(sums, clusters, fit.design * fit.residuals[:, None])
    factor = count / (count - 1) * (fit.n - 1) / (fit.n - fit.design.shape[1])
    return np.asarray(factor * fit.inverse @ (sums.T @ sums) @ fit.inverse)


def compute_cr2(fit: LeastSquares, clusters: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the CR2 covariance and Bell & McCaffrey's degrees of freedom of each coefficient.

    With H the hat matrix, cluster g's residuals are multiplied by (I - H_gg)^(-1/2). The df of a coefficient are those
    of the scaled chi-squared distribution with the same two moments, if all residuals are independent and of one
    spread: (sum of eigenvalues)^2 / sum of squared eigenvalues.
    """
    count, columns = int(clusters.max()) + 1, fit.design.shape[1]
    sums = np.zeros((count, columns))
    weights = np.zeros((count, columns, columns))
    norms = np.zeros((count, columns))
    for g in range(count):
        rows = np.flatnonzero(clusters == g)
        x = fit.design[rows]
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - x @ fit.inverse @ x.T)
        kept = values > EIGENVALUE_TOLERANCE
        root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
        sums[g] = x.T @ root @ fit.residuals[rows]
        projected = root @ x @ fit.inverse
        weights[g] = x.T @ projected
        norms[g] = (projected**2).sum(axis=0)
    covariance = fit.inverse @ (sums.T @ sums) @ fit.inverse
    df = np.empty(columns)
    for j in range(columns):
        moved = weights[:, :, j]
        products = np.diag(norms[:, j]) - moved @ fit.inverse @ moved.T
        df[j] = np.trace(products) ** 2 / (products**2).sum()
    return np.asarray(covariance), df
