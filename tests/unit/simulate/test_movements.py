import numpy as np
import pytest

from mimicrylab.simulate.movements import add_blinks, add_bump, add_novelty, draw_drift, draw_moments, draw_noise
from mimicrylab.simulate.population import Coding, Expressivity

TIMES = np.arange(0, 600, 1 / 25)


def test_noise_has_the_stated_spread_and_memory() -> None:
    coding = Coding(noise_sd=0.03, noise_s=0.25)
    noise = draw_noise(TIMES, 4, coding, np.random.default_rng(1))
    lag = round(coding.noise_s * 25)
    assert noise.std() == pytest.approx(0.03, rel=0.05)
    assert np.corrcoef(noise[:-lag, 0], noise[lag:, 0])[0, 1] == pytest.approx(np.exp(-1), abs=0.06)


def test_drift_is_slow() -> None:
    drift = draw_drift(TIMES, 3, Coding(drift_sd=0.02), np.random.default_rng(2))
    assert np.abs(np.diff(drift, axis=0)).max() < 0.001
    assert 0.005 < drift.std() < 0.04


def test_moments_come_at_the_stated_rate() -> None:
    moments = draw_moments(0.0, 6000.0, 6.0, np.random.default_rng(3))
    assert len(moments) == pytest.approx(600, abs=100)
    assert np.all(np.diff(moments) >= 0)


def test_a_bump_has_its_height_in_the_middle_and_touches_its_columns_only() -> None:
    activity = np.zeros((len(TIMES), 3))
    add_bump(activity, TIMES, [1], start_s=10.0, length_s=2.0, height=0.5)
    assert activity[:, 1].max() == pytest.approx(0.5, abs=1e-3)
    assert TIMES[activity[:, 1].argmax()] == pytest.approx(11.0, abs=0.05)
    assert not activity[:, [0, 2]].any()
    assert not activity[(TIMES < 10) | (TIMES > 12)].any()


def test_novelty_moves_brows_less_with_every_trial() -> None:
    activity = np.zeros((len(TIMES), 3))
    add_novelty(activity, TIMES, ["AU01", "AU02", "AU12"], [(10.0, 0), (20.0, 5)], Expressivity(novelty=0.1))
    first, second = activity[(TIMES > 10) & (TIMES < 13)], activity[(TIMES > 20) & (TIMES < 23)]
    assert first[:, 0].max() == pytest.approx(0.1, abs=1e-3)
    assert second[:, 0].max() == pytest.approx(0.1 * np.exp(-1), abs=1e-3)
    assert not activity[:, 2].any()


def test_blinks_close_the_eye_and_lower_the_lid() -> None:
    activity = np.zeros((len(TIMES), 2))
    add_blinks(activity, TIMES, ["AU05", "AU45"], 15.0, np.random.default_rng(4))
    assert activity[:, 1].max() > 0.9
    np.testing.assert_allclose(activity[:, 0], -activity[:, 1])
