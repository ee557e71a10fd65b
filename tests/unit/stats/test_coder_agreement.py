"""Two coders' courses: known bias, lag and noise come back; kappa and ICC are those of stats.agreement."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from mimicrylab.stats.agreement import estimate_consistency, estimate_kappa
from mimicrylab.stats.coder_agreement import (
    Course,
    align_courses,
    compare_amounts,
    compare_flags,
    estimate_auc,
    find_lag,
    summarise_recordings,
)

RANDOM = np.random.default_rng(5)


def smile(times: np.ndarray, *, late_s: float = 0.0) -> np.ndarray:
    """Return a course with movements at unequal distances."""
    return sum(np.exp(-(((times - late_s - at) / 0.3) ** 2)) for at in (3.0, 7.1, 12.6, 15.2, 21.0, 26.4))


def test_icc_and_kappa_are_those_of_the_plans_models() -> None:
    first = RANDOM.normal(0, 1, 60)
    second = first + 0.5 + RANDOM.normal(0, 0.6, 60)
    found = compare_amounts(first, second, same_unit=True)
    assert found is not None
    rows = [("a", first), ("b", second)]
    table = pl.concat(
        pl.DataFrame({"participant_id": [str(k) for k in range(60)], "rater": [name] * 60, "x": values})
        for name, values in rows
    )
    assert found.icc_consistency == pytest.approx(estimate_consistency(table, "x", rater="rater")[0].estimate)
    assert found.bias == pytest.approx(float((first - second).mean()))
    assert found.icc_agreement is not None
    assert found.icc_agreement < found.icc_consistency
    flags = first > 0, second > 0
    kappa = estimate_kappa(pl.DataFrame({"a": flags[0], "b": flags[1]}), "a", second="b")
    found_flags = compare_flags(*flags)
    assert found_flags is not None
    assert found_flags.kappa == pytest.approx(kappa.estimate)


def test_units_that_differ_have_no_bias_and_agree_as_z() -> None:
    first = RANDOM.normal(3, 1, 500)
    found = compare_amounts(first, 250 * first - 7, same_unit=False)
    assert found is not None
    assert (found.bias, found.icc_agreement) == (None, None)
    assert found.icc_consistency == pytest.approx(1)
    assert found.correlation == pytest.approx(1)


@pytest.mark.parametrize("late_s", [-0.4, 0.0, 0.15, 0.233])
def test_a_lag_between_camera_and_electromyogram_comes_back(late_s: float) -> None:
    muscle_times = np.arange(0, 30, 0.001)
    muscle = Course(muscle_times, 40 * smile(muscle_times) + RANDOM.normal(0, 2, muscle_times.size))
    camera_times = np.arange(900) / 30 + 0.011
    values = smile(camera_times, late_s=late_s) + RANDOM.normal(0, 0.05, camera_times.size)
    values[100:130] = np.nan
    found = find_lag(muscle, Course(camera_times, values))
    assert found.lag_s == pytest.approx(late_s, abs=0.02)
    assert found.correlation is not None
    assert found.correlation > 0.9


def test_no_lag_where_the_courses_share_nothing() -> None:
    times = np.arange(900) / 30
    rising = Course(times, np.where(times < 10, 0.0, 1.0))
    assert find_lag(rising, Course(times, np.full(times.size, 2.0))).lag_s is None
    assert find_lag(Course(times[:40], times[:40]), Course(times, times)).lag_s is None


def test_frames_are_paired_at_the_slower_coders_times_and_never_made_up() -> None:
    slow = Course(np.arange(10) / 10, np.arange(10.0))
    fast = Course(np.arange(100) / 100, np.arange(100) / 10)
    fast.values[25:36] = np.nan
    times, a, b = align_courses(slow, fast)
    assert 0.3 not in times.round(3)
    assert a[times > 0.4] == pytest.approx(b[times > 0.4], abs=0.06)
    same = Course(slow.times_s, slow.values * 2)
    times, a, b = align_courses(slow, same)
    assert times.size == 10
    assert b == pytest.approx(2 * a)
    gap = Course(slow.times_s[[0, 1, 2, 7, 8, 9]], slow.values[[0, 1, 2, 7, 8, 9]])
    assert align_courses(Course(slow.times_s + 0.02, slow.values), gap)[0].size < 9


def test_flags_without_a_second_category_have_no_kappa() -> None:
    none = np.zeros(50, dtype=bool)
    found = compare_flags(none, none)
    assert found is not None
    assert (found.kappa, found.f1, found.share_alike) == (None, None, 1.0)
    some = none.copy()
    some[:10] = True
    half = none.copy()
    half[5:15] = True
    found = compare_flags(some, half)
    assert found is not None
    assert found.f1 == pytest.approx(0.5)


def test_auc_is_that_of_the_rank_test_and_too_little_gives_nothing() -> None:
    amount, present = RANDOM.normal(0, 1, 80), RANDOM.random(80) < 0.3
    amount[present] += 1
    u = stats.mannwhitneyu(amount[present], amount[~present]).statistic
    assert estimate_auc(amount, present) == pytest.approx(u / (present.sum() * (~present).sum()))
    assert estimate_auc(amount, np.ones(80, dtype=bool)) is None
    assert compare_amounts(amount[:20], amount[:20], same_unit=True) is None
    assert compare_amounts(amount, np.ones(80), same_unit=True) is None


def test_recordings_give_the_interval() -> None:
    found = summarise_recordings([0.1, 0.2, 0.3, None])
    assert (found.n, found.mean) == (3, pytest.approx(0.2))
    interval = stats.t.interval(0.95, 2, 0.2, np.std([0.1, 0.2, 0.3], ddof=1) / np.sqrt(3))
    assert (found.ci_low, found.ci_high) == pytest.approx(interval)
    assert summarise_recordings([]).mean is None
    r = summarise_recordings([0.9, 0.95, 0.99], correlations=True)
    assert r.ci_high is not None
    assert r.ci_high < 1


def test_opposite_movements_have_no_lag() -> None:
    times = np.arange(900) / 30
    slow = np.sin(2 * np.pi * times / 12)
    assert find_lag(Course(times, slow), Course(times, -slow)).lag_s is None
