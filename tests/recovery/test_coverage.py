import numpy as np
import pytest

from recovery.coverage import Recovery, check_share


def test_a_share_is_judged_by_chance() -> None:
    check_share(190, 200, 0.95, what="coverage")
    check_share(182, 200, 0.95, what="coverage")
    for count in (175, 200):
        with pytest.raises(AssertionError, match="coverage"):
            check_share(count, 200, 0.95, what="coverage")


def test_a_bias_of_half_a_standard_error_of_an_estimate_is_seen() -> None:
    estimates = np.random.default_rng(1).normal(0.5, 1.0, 200)
    with pytest.raises(AssertionError, match="bias"):
        Recovery(estimates, np.ones(200, dtype=bool), np.zeros(200, dtype=bool), 0.0).check()
