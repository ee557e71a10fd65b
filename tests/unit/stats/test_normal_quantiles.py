"""The band of a Q-Q plot holds 95 % of normal samples whole, and is left by what is not normal."""

from __future__ import annotations

import numpy as np
import pytest

from mimicrylab.errors import InputError
from mimicrylab.stats.normal_quantiles import find_normal_band, find_normal_quantiles


def test_quantiles_are_those_of_ppoints() -> None:
    # R: qnorm(ppoints(4)); qnorm(ppoints(12))[1]
    assert np.allclose(find_normal_quantiles(4), [-1.0491314, -0.2993069, 0.2993069, 1.0491314], atol=1e-7)
    assert find_normal_quantiles(12)[0] == pytest.approx(-1.7316644, abs=1e-7)


@pytest.mark.parametrize("n", [12, 59])
def test_the_band_holds_normal_samples_at_its_level(n: int) -> None:
    low, high = find_normal_band(n)
    drawn = np.sort(np.random.default_rng(5).normal(50, 9, (2000, n)), axis=1)
    drawn = (drawn - drawn.mean(axis=1, keepdims=True)) / drawn.std(axis=1, ddof=1, keepdims=True)
    inside = ((drawn >= low) & (drawn <= high)).all(axis=1).mean()
    assert 0.93 < inside < 0.97  # the band's own level and these 2,000 samples: each has a standard error of .005


def test_a_skewed_sample_leaves_the_band() -> None:
    low, high = find_normal_band(60)
    values = np.sort(np.random.default_rng(1).exponential(size=60))
    values = (values - values.mean()) / values.std(ddof=1)
    assert ((values < low) | (values > high)).any()


def test_the_band_is_symmetric_and_the_same_every_time() -> None:
    low, high = find_normal_band(20)
    assert np.array_equal(low, -high[::-1])
    assert np.array_equal(high, find_normal_band(20)[1])


def test_two_people_have_no_band() -> None:
    with pytest.raises(InputError, match="people"):
        find_normal_band(2)
