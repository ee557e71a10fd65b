import math

import numpy as np
import polars as pl
import pytest
from scipy import integrate, special, stats

from mimicrylab.errors import InputError
from mimicrylab.stats.bayes_factors import weigh_correlation, weigh_groups, weigh_pairs, weigh_value

GENERATOR = np.random.default_rng(2)


def make_people(n: int = 60, *, shift: float = 0.0) -> pl.DataFrame:
    x = GENERATOR.normal(size=n)
    return pl.DataFrame(
        {"arm": ["a", "b"] * (n // 2), "x": x, "y": x * shift + GENERATOR.normal(size=n) + np.tile([0, shift], n // 2)}
    )


def test_a_bayes_factor_is_the_mean_likelihood_over_the_prior() -> None:
    """Second derivation: the noncentral t density, averaged over a Cauchy prior of d."""
    table = make_people(shift=0.5)
    found = weigh_groups(table, "y", group="arm", scale=0.5)
    t, size = found.statistic.value, 15.0

    def density(d: float) -> float:
        return stats.nct.pdf(t, 58, d * math.sqrt(size)) * stats.cauchy.pdf(d, scale=0.5)

    expected = integrate.quad(density, -6, 6, limit=400)[0] / stats.t.pdf(t, 58)
    assert found.estimate == pytest.approx(expected, rel=1e-3)
    assert "Cauchy of scale 0.5" in found.method


def test_nothing_speaks_for_nothing_and_more_so_with_more_people() -> None:
    few, many = (weigh_value(pl.DataFrame({"x": np.tile([-1.0, 1.0], n)}), "x").estimate for n in (10, 1000))
    assert many < few < 1 / 3 + 0.1
    assert many < 0.05


def test_wider_priors_speak_for_nothing() -> None:
    table = make_people()
    narrow, wide = (weigh_groups(table, "y", group="arm", scale=scale).estimate for scale in (0.1, 5.0))
    assert wide < narrow
    narrow, wide = (weigh_correlation(table, "x", second="y", width=width).estimate for width in (0.1, 2.0))
    assert wide < narrow


def test_strong_effects_give_large_but_finite_numbers() -> None:
    table = make_people(2000, shift=0.5)
    found = weigh_correlation(table, "x", second="y")
    assert found.estimate > 1e20
    assert found.effect_sizes[1].value == pytest.approx(math.log(found.estimate))
    with pytest.raises(InputError, match="beyond every number"):
        weigh_correlation(make_people(20_000, shift=2.0), "x", second="y")


def test_sign_and_order_do_not_matter() -> None:
    table = make_people(shift=0.4)
    first = weigh_groups(table, "y", group="arm", order=("a", "b")).estimate
    assert weigh_groups(table, "y", group="arm", order=("b", "a")).estimate == pytest.approx(first)
    mirrored = table.with_columns(y=-pl.col("y"))
    assert weigh_correlation(mirrored, "x", second="y").estimate == pytest.approx(
        weigh_correlation(table, "x", second="y").estimate
    )


def test_pairs_are_the_value_test_of_differences() -> None:
    wide = make_people(30)
    long = pl.concat(
        [
            wide.select(participant_id=pl.int_range(30), condition=pl.lit(name), value=pl.col(name))
            for name in ("x", "y")
        ]
    )
    differences = wide.select(difference=pl.col("x") - pl.col("y"))
    assert weigh_pairs(long, "value", condition="condition").estimate == pytest.approx(
        weigh_value(differences, "difference").estimate
    )


@pytest.mark.parametrize("width", [0.0, -1.0, float("nan")])
def test_a_prior_needs_a_width(width: float) -> None:
    with pytest.raises(InputError, match="no width"):
        weigh_groups(make_people(), "y", group="arm", scale=width)
    with pytest.raises(InputError, match="no width"):
        weigh_correlation(make_people(), "x", second="y", width=width)


def test_a_perfect_correlation_has_no_bayes_factor() -> None:
    with pytest.raises(InputError, match="perfect correlation"):
        weigh_correlation(make_people().with_columns(y=2 * pl.col("x")), "x", second="y")


def test_a_correlation_of_few_people_has_a_bayes_factor() -> None:
    """Where rho rounds to 1 on the grid; second derivation: the integral over rho itself."""
    table = pl.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, 5.5], "b": [2.0, 1.0, 4.0, 3.0, 7.0]})
    r, n, width = float(np.corrcoef(table["a"], table["b"])[0, 1]), 5, 1 / 3

    def integrand(rho: float) -> float:
        prior = stats.beta.pdf((rho + 1) / 2, 1 / width, 1 / width) / 2
        tail = special.hyp2f1(0.5, 0.5, n - 0.5, (1 + r * rho) / 2) / special.hyp2f1(0.5, 0.5, n - 0.5, 0.5)
        return float(prior * (1 - rho * rho) ** ((n - 1) / 2) * (1 - r * rho) ** (1.5 - n) * tail)

    expected = integrate.quad(integrand, -1, 1, epsabs=0, epsrel=1e-10)[0]
    assert weigh_correlation(table, "a", second="b").estimate == pytest.approx(expected, rel=1e-8)
