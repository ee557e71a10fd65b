"""Finding marks in a course over time, in the picture and on the sound track."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from made_marks import LED, make_flash_video
from made_videos import make_video
from mimicrylab.coding.brightness import Region, measure_brightness, parse_region
from mimicrylab.coding.loudness import measure_loudness
from mimicrylab.coding.traces import Trace, find_marks
from mimicrylab.errors import DamagedFileError, InputError, RefusedError

TIMES = np.arange(1000) / 25
FLASHES = (1.31, 4.87, 7.02)
BEEPS = (0.75, 3.3, 8.125)


def make_trace(values: np.ndarray) -> Trace:
    return Trace(TIMES, values, "grey level", 0.04)


def test_steep_rises_count_and_slow_ones_do_not() -> None:
    values = 50 + np.where((TIMES > 10) & (TIMES < 10.2), 100.0, 0.0) + np.clip((TIMES - 20) * 20, 0, 100)
    assert find_marks(make_trace(values)).times_s == pytest.approx([10.02])


def test_falls_echoes_and_a_stated_threshold() -> None:
    values = np.full(TIMES.size, 200.0)
    values[[250, 253, 500]] = 0.0
    assert find_marks(make_trace(values), falling=True).times_s == pytest.approx([9.98, 19.98])
    found = find_marks(make_trace(200 - values), threshold=150.0, apart_s=0.05)
    assert found.times_s == pytest.approx([9.98, 10.10, 19.98])
    assert found.threshold == 150.0


@pytest.mark.parametrize("values", [np.zeros(1000), np.random.default_rng(0).normal(100, 5, 1000)])
def test_nothing_that_stands_out_is_refused(values: np.ndarray) -> None:
    with pytest.raises(RefusedError, match="nothing stands out"):
        find_marks(make_trace(values))


def test_a_light_and_beeps_are_found_in_a_recording(tmp_path: Path) -> None:
    video = make_flash_video(tmp_path / "P01.mp4", FLASHES, duration_s=10, beeps_s=BEEPS)
    seen = measure_brightness(video, region=Region(*LED))
    assert seen.values.size == 250
    found = find_marks(seen).times_s
    assert found.size == 3
    assert np.abs(found - FLASHES).max() <= 0.03  # half of the longest frame interval
    heard = find_marks(measure_loudness(video, frequency_hz=1000.0)).times_s
    assert heard.size == 3
    assert np.abs(heard - BEEPS).max() <= 0.005
    any_sound = find_marks(measure_loudness(video)).times_s
    assert np.abs(any_sound - BEEPS).max() <= 0.005


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    video = make_video(tmp_path / "P01.mp4")
    with pytest.raises(DamagedFileError, match="no sound"):
        measure_loudness(video)
    with pytest.raises(InputError, match="outside the picture"):
        measure_brightness(video, region=Region(60, 0, 10, 10))
    with pytest.raises(InputError, match="cannot be measured"):
        measure_loudness(video, frequency_hz=20_000)
    with pytest.raises(InputError, match="no region"):
        parse_region("1,2,0,4")
