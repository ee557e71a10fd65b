import numpy as np
import pytest
from scipy import stats

from mimicrylab.errors import InputError
from mimicrylab.stats.resampling import (
    bootstrap_difference,
    bootstrap_interval,
    flip_signs,
    permute_correlation,
    permute_groups,
)

GENERATOR = np.random.default_rng(9)


def test_random_flips_agree_with_all_flips() -> None:
    values = GENERATOR.normal(0.4, 1.0, 12)
    exact = flip_signs(values, seed=1, draws=5000)
    random = flip_signs(values, seed=1, draws=4000)
    assert (exact.exact, exact.draws) == (True, 4096)
    assert not random.exact
    assert random.p == pytest.approx(exact.p, abs=0.03)


def test_random_p_is_never_zero() -> None:
    assert flip_signs(np.linspace(5, 6, 40), seed=1, draws=99).p == pytest.approx(0.01)
    assert permute_groups(np.linspace(5, 6, 20), np.linspace(0, 1, 20), seed=1, draws=99).p == pytest.approx(0.01)


def test_random_groups_agree_with_all_groupings() -> None:
    first, second = GENERATOR.normal(0.8, 1.0, 6), GENERATOR.normal(0.0, 2.0, 6)
    exact = permute_groups(first, second, seed=1, draws=1000)
    random = permute_groups(first, second, seed=1, draws=900)
    assert (exact.draws, random.draws) == (924, 900)
    assert random.p == pytest.approx(exact.p, abs=0.06)


def test_correlation_by_permutation_agrees_with_t() -> None:
    x = GENERATOR.normal(size=50)
    y = 0.3 * x + GENERATOR.normal(size=50)
    found = permute_correlation(x, y, seed=2, draws=4999)
    assert found.statistic == pytest.approx(stats.pearsonr(x, y).statistic)
    assert found.p == pytest.approx(stats.pearsonr(x, y).pvalue, abs=0.02)


def test_symmetric_data_give_the_interval_of_t() -> None:
    values = GENERATOR.normal(size=200)
    low, high = bootstrap_interval(values, np.mean, seed=3, draws=4000)
    reach = 1.96 * values.std(ddof=1) / 200**0.5
    assert (low, high) == (
        pytest.approx(values.mean() - reach, abs=0.02),
        pytest.approx(values.mean() + reach, abs=0.02),
    )


def test_bootstrap_of_a_difference_draws_within_groups() -> None:
    first, second = GENERATOR.normal(1.0, 0.01, 30), GENERATOR.normal(0.0, 0.01, 30)
    low, high = bootstrap_difference(first, second, seed=4, draws=999)
    assert 0.97 < low < high < 1.03


def test_same_seed_same_interval() -> None:
    values = GENERATOR.exponential(size=30)
    one, two, three = (bootstrap_interval(values, np.mean, seed=seed, draws=500) for seed in (5, 5, 6))
    assert one == two != three


def test_no_draws_are_refused() -> None:
    values = GENERATOR.normal(size=30)
    with pytest.raises(InputError, match="needs draws"):
        flip_signs(values, seed=1, draws=0)
    with pytest.raises(InputError, match="needs draws"):
        bootstrap_interval(values, np.mean, seed=1, draws=0)
