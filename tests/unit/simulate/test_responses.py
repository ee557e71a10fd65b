import numpy as np
import pytest

from mimicrylab.simulate.population import Mimicry
from mimicrylab.simulate.responses import (
    SHORTEST_LATENCY_S,
    draw_latencies,
    measure_window,
    shape_response,
    weigh_trials,
)

SUDDEN = Mimicry(latency_s=1.0, latency_sd_s=1e-9, rise_s=1e-6, sustained=1.0, decay_s=1.0)


def test_nothing_before_the_latency_full_height_after_the_rise() -> None:
    times = np.array([-1.0, 0.0, 0.8, 1.4, 1.4001])
    response = shape_response(times, latency_s=0.8, shown_s=10.0, mimicry=Mimicry())
    assert response[:3].tolist() == [0, 0, 0]
    assert response[3] == pytest.approx(1.0)
    assert response[4] < 1.0


def test_half_the_rise_is_half_the_height() -> None:
    assert shape_response(np.array([1.1]), latency_s=0.8, shown_s=9.0, mimicry=Mimicry())[0] == pytest.approx(0.5)


def test_it_sinks_to_the_sustained_share_and_fades_after_the_stimulus() -> None:
    mimicry = Mimicry(sustained=0.4, adaptation_s=1.0, decay_s=0.5)
    times = np.array([29.99, 30.0, 30.5])
    late, end, after = shape_response(times, latency_s=0.5, shown_s=30.0, mimicry=mimicry)
    assert late == pytest.approx(0.4)
    assert end == pytest.approx(0.4)
    assert after == pytest.approx(0.4 * np.exp(-1))


def test_window_mean_of_a_sudden_response_is_the_share_of_the_window_after_it() -> None:
    assert measure_window(0.0, 4.0, shown_s=10.0, mimicry=SUDDEN) == pytest.approx(0.75, abs=1e-3)
    assert measure_window(2.0, 4.0, shown_s=10.0, mimicry=SUDDEN) == pytest.approx(1.0)
    assert measure_window(-1.0, 0.5, shown_s=10.0, mimicry=SUDDEN) == 0.0


def test_late_movement_in_the_clip_moves_the_response() -> None:
    assert measure_window(0.0, 4.0, shown_s=10.0, mimicry=SUDDEN, movement_onset_s=1.0) == pytest.approx(0.5, abs=1e-3)


def test_window_mean_is_the_mean_over_drawn_latencies() -> None:
    mimicry = Mimicry(latency_sd_s=0.25)
    times = np.arange(0, 5, 0.01)
    latencies = draw_latencies(np.random.default_rng(1), 3000, mimicry=mimicry)
    means = [shape_response(times, latency_s=one, shown_s=5.0, mimicry=mimicry).mean() for one in latencies]
    assert measure_window(0.0, 5.0, shown_s=5.0, mimicry=mimicry) == pytest.approx(np.mean(means), abs=0.005)


def test_no_latency_is_shorter_than_a_face_can_be() -> None:
    assert draw_latencies(np.random.default_rng(1), 1000, mimicry=Mimicry(latency_s=0.3)).min() >= SHORTEST_LATENCY_S


def test_habituation_falls_and_has_a_mean_of_one() -> None:
    weights = weigh_trials(np.arange(28.0), mimicry=Mimicry())
    assert weights.mean() == pytest.approx(1.0)
    assert np.all(np.diff(weights) < 0)
    assert len(weigh_trials(np.array([]), mimicry=Mimicry())) == 0
