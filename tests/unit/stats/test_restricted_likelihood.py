import numpy as np
import polars as pl
import pytest

from mimicrylab.stats.model_matrix import build_model_matrix
from mimicrylab.stats.random_terms import RandomTerm, build_random_term
from mimicrylab.stats.restricted_likelihood import RestrictedLikelihood
from mimicrylab.stats.restricted_search import maximise_likelihood

GENERATOR = np.random.default_rng(5)
ROWS = 150
TABLE = pl.DataFrame(
    {
        "person": GENERATOR.integers(0, 10, ROWS),
        "model": GENERATOR.integers(0, 6, ROWS),
        "set": GENERATOR.integers(0, 4, ROWS),
        "x": GENERATOR.normal(size=ROWS),
        "z": GENERATOR.normal(size=ROWS),
    }
)
Y = GENERATOR.normal(3, 1, ROWS) + 0.8 * TABLE["person"].to_numpy()
MATRIX = build_model_matrix(TABLE, ["x", "z"])


def build(groupings: list[str], *, correlated: bool = True) -> tuple[RestrictedLikelihood, list[RandomTerm]]:
    slopes = {"person": ["x", "z"], "model": ["x"], "set": []}
    terms = [
        build_random_term(TABLE, MATRIX, grouping=name, slopes=slopes[name], correlated=correlated)
        for name in groupings
    ]
    return RestrictedLikelihood(MATRIX.values, Y, terms), terms


@pytest.mark.parametrize("groupings", [["person"], ["person", "model"], ["set", "model", "person"]])
@pytest.mark.parametrize("correlated", [True, False])
def test_likelihood_is_that_of_the_whole_covariance(groupings: list[str], correlated: bool) -> None:
    """Second derivation: the ROWS x ROWS covariance, inverted."""
    likelihood, terms = build(groupings, correlated=correlated)
    theta = GENERATOR.normal(size=likelihood.size)
    found = likelihood.profile(theta)
    covariance = np.eye(ROWS)
    for term, root in zip(terms, likelihood.unpack(theta), strict=True):
        z = np.zeros((ROWS, term.count, term.width))
        z[np.arange(ROWS), term.levels] = term.values
        deviations = (z @ root).reshape(ROWS, -1)
        covariance += deviations @ deviations.T
    x, inverse = MATRIX.values, np.linalg.inv(covariance)
    information = x.T @ inverse @ x
    b = np.linalg.solve(information, x.T @ inverse @ Y)
    residual = (Y - x @ b) @ inverse @ (Y - x @ b)
    log_determinant = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    deviance = log_determinant + likelihood.df * (1 + np.log(2 * np.pi * residual / likelihood.df))
    assert np.allclose(found.coefficients, b)
    assert np.allclose(found.covariance, np.linalg.inv(information))
    assert found.residual == pytest.approx(residual)
    assert likelihood.compute_deviance(found) == pytest.approx(deviance)


@pytest.mark.parametrize("groupings", [["person"], ["model", "person", "set"]])
@pytest.mark.parametrize("correlated", [True, False])
def test_gradients_are_those_of_differences(groupings: list[str], correlated: bool) -> None:
    likelihood, _ = build(groupings, correlated=correlated)
    theta = GENERATOR.normal(size=likelihood.size)
    found = likelihood.profile(theta)
    for place in range(likelihood.size):
        step = np.zeros(likelihood.size)
        step[place] = 1e-5
        above, below = likelihood.profile(theta + step), likelihood.profile(theta - step)
        slope = (above.log_determinant - below.log_determinant) / 2e-5
        assert found.log_determinant_gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)
        slope = (above.residual - below.residual) / 2e-5
        assert found.residual_gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_no_random_point_is_better_than_the_optimum() -> None:
    likelihood, _ = build(["person", "model"])
    optimum = maximise_likelihood(likelihood)
    assert optimum.converged
    for size in (0.01, 0.1, 1.0):
        for _ in range(50):
            theta = optimum.theta + size * GENERATOR.normal(size=likelihood.size)
            assert likelihood.compute_deviance(likelihood.profile(theta)) >= optimum.deviance - 1e-9


def test_a_search_that_starts_at_a_saddle_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """At theta 0 the gradient vanishes (the deviance is even), though people differ."""
    likelihood, _ = build(["person"])
    best = maximise_likelihood(likelihood).deviance
    monkeypatch.setattr(RestrictedLikelihood, "start", np.zeros(likelihood.size))
    optimum = maximise_likelihood(likelihood)
    assert optimum.converged
    assert optimum.deviance == pytest.approx(best)
