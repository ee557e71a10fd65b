"""The arithmetic of onsets on series that can be checked by eye. Fixture: 10 frames/s, one signal."""

import numpy as np
import pytest

from mimicrylab.measures.onsets import (
    Series,
    choose_level,
    describe_stretch,
    estimate_rate,
    find_first,
    find_sustained,
    measure_strength,
    sum_up,
)

NAN = np.nan


def make_series(*values: float, holes: dict[int, int] | None = None) -> Series:
    counted = np.zeros(len(values), dtype=np.int64)
    for place, number in (holes or {}).items():
        counted[place:] += number
    return Series(np.arange(len(values)) / 10, np.array(values)[:, None], counted, 0.1)


def list_least(series: Series, sustained_s: float) -> list[float]:
    return find_sustained(series, sustained_s).least[:, 0].tolist()


def test_the_least_value_over_the_next_stretch() -> None:
    """Over .2 s: three frames, both ends included; the last two frames have no whole stretch."""
    assert list_least(make_series(1, 5, 3, 4, 9, 2), 0.2) == [1, 3, 3, 2, -np.inf, -np.inf]


def test_a_lost_frame_and_a_hole_break_a_stretch() -> None:
    assert list_least(make_series(5, 5, NAN, 5, 5, 5), 0.1) == [5, -np.inf, -np.inf, 5, 5, -np.inf]
    assert list_least(make_series(5, 5, 5, 5, holes={2: 1}), 0.1) == [5, -np.inf, 5, -np.inf]


def test_the_first_frame_from_which_the_level_is_kept() -> None:
    """Above 3 for one frame at .1 s, and for good from .4 s on: for .2 s it is kept from .4 s."""
    series = make_series(0, 9, 0, 0, 4, 5, 6, 0)
    sustained = find_sustained(series, 0.2)
    assert find_first(sustained, 0, 8, level=np.array([3.0])).tolist() == [4]
    assert find_first(sustained, 0, 8, level=np.array([4.5])).tolist() == [-1]


def test_a_stretch_must_end_inside_the_window() -> None:
    sustained = find_sustained(make_series(0, 0, 0, 0, 4, 5, 6, 7), 0.2)
    assert find_first(sustained, 0, 6, level=np.array([3.0])).tolist() == [-1]
    assert find_first(sustained, 0, 7, level=np.array([3.0])).tolist() == [4]


def test_strength_is_the_largest_level_that_is_kept() -> None:
    sustained = find_sustained(make_series(0, 9, 0, 0, 4, 5, 6, 0), 0.2)
    mean, sd = np.array([1.0]), np.array([2.0])
    assert measure_strength(sustained, 0, 8, mean=mean, sd=sd).tolist() == [1.5]


def test_a_window_has_an_onset_exactly_if_its_strength_is_above_the_level() -> None:
    generator = np.random.default_rng(1)
    series = Series(np.arange(400) / 20, generator.normal(size=(400, 1)), np.zeros(400, dtype=np.int64), 0.05)
    sustained = find_sustained(series, 0.1)
    mean, sd = np.array([0.1]), np.array([0.8])
    for first in range(0, 360, 7):
        strength = measure_strength(sustained, first, first + 40, mean=mean, sd=sd)[0]
        for level in (-0.5, 0.0, 0.7):
            found = find_first(sustained, first, first + 40, level=mean + level * sd)[0] >= 0
            assert found == (strength > level)


def test_strength_is_unknown_without_a_spread() -> None:
    sustained = find_sustained(make_series(1, 2, 3, 4), 0.1)
    assert np.isnan(measure_strength(sustained, 0, 4, mean=np.array([0.0]), sd=np.array([0.0])))[0]


def test_mean_and_spread_of_any_stretch() -> None:
    moments = sum_up(make_series(1e6 + 1, 1e6 + 2, NAN, 1e6 + 6, 5))
    count, mean, sd = describe_stretch(moments, 0, 4)
    assert (count[0], mean[0]) == (3, pytest.approx(1e6 + 3))
    assert sd[0] == pytest.approx(np.std([1, 2, 6], ddof=1), rel=1e-9)
    assert np.isnan(describe_stretch(moments, 2, 4)[1][0])


@pytest.mark.parametrize(("n", "rank"), [(19, 19), (39, 38), (99, 95), (100, 96)])
def test_the_level_leaves_at_most_the_rate_above_it(n: int, rank: int) -> None:
    """The ceil((n + 1) .95)-th smallest."""
    assert choose_level(np.arange(1.0, n + 1), 0.05) == rank


def test_a_new_window_passes_the_level_in_at_most_the_rate() -> None:
    """Exchangeable strengths: with 19 of them the 20th is the largest in one of 20 cases; 4,000 repetitions."""
    generator = np.random.default_rng(2)
    draws = generator.normal(size=(4000, 20))
    alarms = np.mean([draw[19] > choose_level(draw[:19], 0.05) for draw in draws])
    assert alarms == pytest.approx(0.05, abs=0.012)


def test_too_few_windows_give_no_level() -> None:
    assert choose_level(np.arange(18.0), 0.05) == np.inf


def test_a_stretch_does_not_judge_itself() -> None:
    """Two stretches of 20; the second is far above the first: its windows all pass the first one's level."""
    stretches = [np.arange(20.0), np.arange(100.0, 120.0)]
    assert estimate_rate(stretches, 0.05) == 0.5
    assert np.isnan(estimate_rate(stretches[:1], 0.05))
