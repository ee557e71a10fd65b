"""Talking against smiling. Fixture: the mouth's opening (1: wide) at 25 frames/s for 12 s, something from 4 to 8 s."""

import numpy as np
import polars as pl
import pytest

from mimicrylab.protocol.limits import TalkingLimits
from mimicrylab.quality.talking import compare_talking, find_mouth_signal, find_talking, mark_talking

LIMITS = TalkingLimits()
TIMES = np.arange(300) / 25
MIDDLE = (TIMES >= 4) & (TIMES < 8)


def speak(hertz: float = 4.0, size: float = 0.15) -> np.ndarray:
    """Return an opening and closing mouth in the middle: half a swing up and down around a level of ``size``."""
    return np.where(MIDDLE, size * (1 + np.sin(2 * np.pi * hertz * TIMES)), 0.0)


@pytest.mark.parametrize("hertz", [2.5, 4.0, 6.5])
def test_speech_is_found_where_it_is(hertz: float) -> None:
    found = find_talking(TIMES, speak(hertz), LIMITS)
    assert found[(TIMES >= 4.5) & (TIMES < 7.5)].all()
    assert not found[(TIMES < 2.5) | (TIMES > 9.5)].any()


@pytest.mark.parametrize(
    ("name", "opening"),
    [
        ("a closed mouth", np.zeros(300)),
        ("a smile with open lips that rises in .3 s and stays", np.clip((TIMES - 4) / 0.3, 0, 1) * 0.5),
        ("a smile that comes and goes", np.where(MIDDLE, 0.5 * np.sin(np.pi * (TIMES - 4) / 4), 0.0)),
        ("a gasp of .4 s", np.where((TIMES >= 5) & (TIMES < 5.4), 0.6, 0.0)),
        ("two gasps a second apart", np.where(((TIMES % 2) < 0.4) & (TIMES > 4) & (TIMES < 7), 0.6, 0.0)),
        ("a yawn", np.where(MIDDLE, np.sin(np.pi * (TIMES - 4) / 4) ** 2, 0.0)),
        ("slow breathing through the mouth, .3 a second", 0.2 * (1 + np.sin(2 * np.pi * 0.3 * TIMES))),
        ("a trembling too weak to be speech", speak(5.0, 0.03)),
    ],
)
def test_expressions_are_not_talking(name: str, opening: np.ndarray) -> None:
    assert not find_talking(TIMES, opening, LIMITS).any(), name


def test_noise_of_the_coder_is_not_talking() -> None:
    """White noise of SD .05 on a smile, 20 recordings."""
    generator = np.random.default_rng(1)
    marked = [
        find_talking(TIMES, np.clip((TIMES - 4) / 0.3, 0, 1) * 0.5 + generator.normal(0, 0.05, 300), LIMITS).mean()
        for _ in range(20)
    ]
    assert max(marked) == 0.0


def test_speech_on_top_of_a_smile_and_noise_is_found() -> None:
    noisy = speak() + np.clip((TIMES - 2) / 0.3, 0, 1) * 0.3 + np.random.default_rng(2).normal(0, 0.02, 300)
    assert find_talking(TIMES, noisy, LIMITS)[(TIMES >= 4.5) & (TIMES < 7.5)].all()


def test_an_uneven_frame_rate_with_drops_changes_little() -> None:
    generator = np.random.default_rng(3)
    kept = generator.random(300) > 0.1
    times = (TIMES + generator.uniform(-0.01, 0.01, 300))[kept]
    found = find_talking(times, speak()[kept], LIMITS)
    assert found[(times >= 4.5) & (times < 7.5)].mean() > 0.95


def test_lost_frames_are_never_talking_and_a_lost_face_hides_speech() -> None:
    opening = speak()
    opening[(TIMES >= 5) & (TIMES < 7)] = np.nan
    found = find_talking(TIMES, opening, LIMITS)
    assert not found[(TIMES >= 5) & (TIMES < 7)].any()
    assert not find_talking(TIMES, np.full(300, np.nan), LIMITS).any()


def test_a_recording_shorter_than_a_window_or_too_slow_cannot_be_judged() -> None:
    assert not find_talking(TIMES[:30], speak()[100:130], LIMITS).any()
    assert not find_talking(np.arange(60) / 5, np.tile([0.0, 0.3], 30), LIMITS).any()


def test_frames_are_marked_a_face_at_a_time() -> None:
    frames = pl.concat(
        pl.DataFrame({"recording_id": name, "face": 0, "time": TIMES, "AU26_r": values * 5})
        for name, values in (("quiet", np.zeros(300)), ("talks", speak()))
    )
    signal = find_mouth_signal(frames.columns)
    assert signal is not None
    marked = mark_talking(frames, signal, LIMITS)
    shares = dict(marked.group_by("recording_id").agg(pl.col("talking").mean()).iter_rows())
    assert shares["quiet"] == 0.0
    assert 0.25 < shares["talks"] < 0.6


def test_the_effect_on_action_units_is_the_difference_of_means() -> None:
    frames = pl.DataFrame(
        {
            "recording_id": ["r"] * 5,
            "valid": [True, True, True, True, False],
            "talking": [True, True, False, False, True],
            "AU12": [3.0, 5.0, 1.0, 1.0, 99.0],
        }
    )
    assert compare_talking(frames, {"AU12": "AU12"}).row(0) == ("r", 3.0)


def test_without_talking_there_is_no_effect() -> None:
    frames = pl.DataFrame({"recording_id": ["r"], "valid": [True], "talking": [False], "AU12": [1.0]})
    assert compare_talking(frames, {"AU12": "AU12"}).row(0) == ("r", None)


def test_a_coder_without_a_mouth_has_no_signal() -> None:
    assert find_mouth_signal(["AU01", "AU04"]) is None
