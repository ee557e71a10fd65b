"""The map between page and file time, recovered from recordings with a known constant."""

import numpy as np
import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.session.clock import ClockMatch, match_clocks

TRUE_OFFSET_S = 512.3456


def simulate_recording(seed: int, *, n_frames: int = 900, jitter_s: float = 0.003, drift_ppm: float = 0.0):
    """Return file and page times of one camera: each series loses frames of its own, the file's times are in ms."""
    random = np.random.default_rng(seed)
    captured = TRUE_OFFSET_S + np.cumsum(1 / 30 + random.normal(0, jitter_s, n_frames).clip(-0.015, 0.015))
    in_file = random.random(n_frames) > 0.06
    in_log = random.random(n_frames) > 0.10
    file = np.round(
        (captured[in_file] - TRUE_OFFSET_S) / (1 + drift_ppm * 1e-6) + random.normal(0, 1e-4, in_file.sum()), 3
    )
    return file, captured[in_log], TRUE_OFFSET_S + random.uniform(-0.4, 0.05)


@pytest.mark.parametrize("seed", range(40))
def test_the_constant_is_found_within_its_stated_error(seed: int) -> None:
    file, page, prior = simulate_recording(seed)
    match = match_clocks(file, page, prior_s=prior)
    assert abs(match.offset_s - TRUE_OFFSET_S) < 0.0002
    assert abs(match.offset_s - TRUE_OFFSET_S) <= match.error_s < 0.001
    assert match.share_matched > 0.85
    assert not match.ambiguous
    assert abs(match.runner_up_s) > 0.005


def test_times_that_the_file_cuts_off_stay_within_the_stated_error() -> None:
    file, page, prior = simulate_recording(1)
    match = match_clocks(np.floor(file * 1000 + 0.5 - 1e-9) / 1000 - 0.0005, page, prior_s=prior)
    assert 0.0002 < abs(match.offset_s - TRUE_OFFSET_S) <= match.error_s


def test_a_perfectly_regular_camera_is_ambiguous_and_the_error_says_so() -> None:
    page = 100 + np.arange(300) / 30
    match = match_clocks(np.round(page[5:] - 100.1, 3), page, prior_s=100.09)
    assert match.ambiguous
    assert match.offset_s == pytest.approx(100.1, abs=0.001)
    assert match.error_s > 1 / 30
    assert abs(match.runner_up_s) == pytest.approx(1 / 30, abs=0.002)


def test_drift_between_the_clocks_is_reported() -> None:
    file, page, prior = simulate_recording(3, drift_ppm=20.0)
    assert match_clocks(file, page, prior_s=prior).drift_ppm == pytest.approx(20, abs=5)
    assert match_clocks(*simulate_recording(3)[:2], prior_s=prior).drift_ppm == pytest.approx(0, abs=5)


def test_the_log_of_another_recording_is_refused() -> None:
    file, _, prior = simulate_recording(1)
    _, page, _ = simulate_recording(2)
    with pytest.raises(RefusedError, match="do not agree anywhere"):
        match_clocks(file, page, prior_s=prior)
    with pytest.raises(RefusedError):
        match_clocks(file, simulate_recording(1)[1], prior_s=prior + 60)


@pytest.mark.parametrize("times", [[1.0, 2.0], np.zeros(20), np.full(20, np.nan), np.zeros((20, 2))])
def test_times_that_are_none_are_refused(times: object) -> None:
    _, page, prior = simulate_recording(1)
    with pytest.raises(InputError):
        match_clocks(times, page, prior_s=prior)


def test_there_and_back() -> None:
    match = ClockMatch(2.0, 0.001, 1.0, 0.03, 0.9, 0.0)
    assert match.to_file(match.to_page([1.0, 1.5])).tolist() == [1.0, 1.5]
    assert match.to_page(1.0) == 3.0
