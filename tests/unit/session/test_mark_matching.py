"""Marks against a log: offset and drift come back, errors cover, and what is not clear is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mimicrylab.errors import InputError, RefusedError
from mimicrylab.session.mark_matching import match_marks

FRAME_S = 0.04


def see_marks(logged: np.ndarray, *, offset: float, ppm: float, random: np.random.Generator) -> np.ndarray:
    """Return when a camera of 25 frames/s sees marks: the middle between the last frame without and the first with."""
    true = offset + (1 + ppm * 1e-6) * logged
    phase = random.uniform(0, FRAME_S)
    return phase + (np.ceil((true - phase) / FRAME_S) - 0.5) * FRAME_S


def test_offset_and_drift_of_a_long_recording_come_back_within_their_error() -> None:
    random = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        logged = np.sort(random.uniform(0, 1800, 40))
        offset, ppm = random.uniform(-50, 500), random.uniform(-120, 120)
        seen = see_marks(logged, offset=offset, ppm=ppm, random=random)
        fit = match_marks(seen, logged, resolution_s=FRAME_S)
        assert fit.n_matched >= 39
        assert fit.drift_ppm is not None
        assert abs(fit.drift_ppm - ppm) < 30
        worst = np.abs(fit.place(logged) - (offset + (1 + ppm * 1e-6) * logged)).max()
        covered += worst <= fit.error_s
        assert fit.error_s < FRAME_S
    assert covered >= 190


def test_missed_and_false_marks_do_not_matter() -> None:
    random = np.random.default_rng(2)
    logged = np.sort(random.uniform(0, 300, 20))
    seen = see_marks(logged, offset=12.3, ppm=0, random=random)
    damaged = np.sort([*seen[[0, 2, 3, 5, 6, 8, 9, 11, 13, 14, 16, 19]], *random.uniform(0, 320, 6)])
    fit = match_marks(damaged, logged, resolution_s=FRAME_S)
    assert fit.n_matched >= 12
    assert fit.offset_s == pytest.approx(12.3, abs=fit.error_s)
    assert fit.residual_sd_s == pytest.approx(FRAME_S / math.sqrt(12), rel=0.7)


def test_a_pair_of_claps_has_no_drift_and_a_wide_error() -> None:
    fit = match_marks([10.0, 70.01], [0.0, 60.0], resolution_s=0.002)
    assert fit.drift_ppm is None
    assert fit.offset_s == pytest.approx(10.005)
    assert fit.error_s > 0.01


def test_one_mark_and_one_time_give_an_offset_without_spread() -> None:
    fit = match_marks([10.0], [3.5], resolution_s=FRAME_S)
    assert (fit.offset_s, fit.residual_sd_s, fit.error_s) == (6.5, None, FRAME_S)


def test_regular_marks_are_refused_until_it_is_said_where_about() -> None:
    logged = np.arange(30) * 8.0
    with pytest.raises(RefusedError, match="several offsets"):
        match_marks(logged + 5, logged, resolution_s=FRAME_S)
    fit = match_marks(logged + 5, logged, resolution_s=FRAME_S, near_s=4.2)
    assert fit.offset_s == pytest.approx(5.0)
    assert fit.rival_matched == 0


def test_marks_of_another_recording_are_refused() -> None:
    random = np.random.default_rng(3)
    seen, logged = np.sort(random.uniform(0, 900, 12)), np.sort(random.uniform(0, 900, 12))
    with pytest.raises(RefusedError, match=r"do not meet anywhere|several offsets"):
        match_marks(seen, logged, resolution_s=FRAME_S)


def test_drift_is_left_alone_where_it_is_not_wanted_or_cannot_be_told() -> None:
    logged = np.array([0.0, 17.0, 31.0, 76.0, 110.0, 151.0])
    assert match_marks(logged + 1, logged, resolution_s=FRAME_S, drift=False).drift_ppm is None
    assert match_marks(logged[:4] + 1, logged[:4], resolution_s=FRAME_S).drift_ppm is None
    short = logged / 10
    assert match_marks(short + 1, short, resolution_s=0.001, tolerance_s=0.01).drift_ppm is None


@pytest.mark.parametrize(("seen", "logged"), [([], [1.0]), ([1.0], []), ([1.0, math.nan], [1.0])])
def test_times_that_are_none_are_refused(seen: list[float], logged: list[float]) -> None:
    with pytest.raises(InputError):
        match_marks(seen, logged, resolution_s=FRAME_S)
