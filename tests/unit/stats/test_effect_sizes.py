import numpy as np
import pytest
from scipy import stats

from mimicrylab.stats.effect_sizes import (
    bound_noncentrality,
    correct_small_sample,
    correlate_rank_biserial,
    correlate_signed_ranks,
    standardise_difference,
    standardise_mean,
)


def test_correction_is_close_to_its_approximation_and_below_one() -> None:
    for df in (5, 20, 143):
        assert correct_small_sample(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=0.003)
        assert correct_small_sample(df) < 1


@pytest.mark.parametrize(("t", "df"), [(0.0, 10), (2.5, 30), (-7.0, 12), (20.0, 143)])
def test_limits_are_where_t_is_a_quantile(t: float, df: float) -> None:
    low, high = bound_noncentrality(t, df)
    assert stats.nct.cdf(t, df, low) == pytest.approx(0.975, abs=1e-6)
    assert stats.nct.cdf(t, df, high) == pytest.approx(0.025, abs=1e-6)


def test_very_far_out_there_is_no_limit_rather_than_a_wrong_one() -> None:
    for limit in bound_noncentrality(1e6, 5):
        assert limit is None or np.isfinite(limit)


def test_one_standard_deviation_is_d_one() -> None:
    first, second = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0])
    for standardiser in ("pooled", "average"):
        d, g = standardise_difference(first, second, standardiser=standardiser)
        assert d.value == pytest.approx(1.0)
        assert g.value == pytest.approx(correct_small_sample(4))
        assert standardiser in d.name


def test_unequal_groups_tell_the_standardisers_apart() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.normal(1, 3, 20), generator.normal(0, 1, 80)
    pooled, average = (standardise_difference(first, second, standardiser=kind)[0] for kind in ("pooled", "average"))
    assert pooled.value > average.value


def test_d_z_divides_by_the_spread_of_differences() -> None:
    d, _ = standardise_mean(np.array([1.0, 2.0, 3.0]))
    assert d.value == pytest.approx(2.0)


def test_rank_biserial_is_the_balance_of_pairs() -> None:
    assert correlate_rank_biserial(12.0, 4, 6).value == pytest.approx(0.0)
    assert correlate_rank_biserial(24.0, 4, 6).value == pytest.approx(1.0)
    assert correlate_rank_biserial(24.0, 4, 6).ci_low is None
    assert correlate_signed_ranks(0.0, 5).value == pytest.approx(-1.0)
    assert correlate_signed_ranks(7.5, 5).value == pytest.approx(0.0)
