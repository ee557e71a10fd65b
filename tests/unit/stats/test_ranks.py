from itertools import combinations

import numpy as np
import pytest

from mimicrylab.stats.ranks import (
    bound_pseudomedian,
    bound_shift,
    compute_rank_sum_test,
    compute_signed_rank_test,
)


def test_exact_rank_sum_p_is_the_count_of_arrangements() -> None:
    first, second = np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, 6.0, 7.0])
    ranks = range(1, 8)
    sums = [sum(chosen) - 6 for chosen in combinations(ranks, 3)]
    expected = 2 * np.mean([u <= 1 for u in sums])
    test = compute_rank_sum_test(first, second)
    assert (test.statistic, test.exact) == (1.0, True)
    assert test.p == pytest.approx(expected)


@pytest.mark.parametrize("second", [np.array([3.0, 3.0, 5.0]), np.arange(100, 150.0)])
def test_ties_and_large_groups_use_the_normal_distribution(second: np.ndarray) -> None:
    test = compute_rank_sum_test(np.array([1.0, 2.0, 4.0]), second)
    assert not test.exact
    assert "normal" in test.method


def test_rounding_does_not_break_ties() -> None:
    assert not compute_signed_rank_test(np.array([0.3 - 0.1, 0.2, -0.4 + 0.2, 0.6])).exact


def test_zero_differences_are_dropped() -> None:
    with_zero = compute_signed_rank_test(np.array([0.0, 1.0, 2.0, 3.0, -4.0, 5.0]))
    assert with_zero.statistic == 11.0
    assert not with_zero.exact


@pytest.mark.parametrize("exact", [True, False])
def test_shift_recovers_a_shift_and_its_interval_holds_it(exact: bool) -> None:
    generator = np.random.default_rng(1)
    second = generator.normal(size=40)
    shift = bound_shift(generator.normal(size=40) + 2.0, second, exact=exact)
    assert shift.low < 2.0 < shift.high
    assert shift.estimate == pytest.approx(2.0, abs=0.4)
    middle = bound_pseudomedian(second, exact=exact)
    assert middle.low < 0.0 < middle.high


def test_three_people_get_the_widest_interval_there_is() -> None:
    shift = bound_pseudomedian(np.array([1.0, 2.0, 4.0]), exact=True)
    assert (shift.low, shift.high) == (1.0, 4.0)
