"""Whole recordings. Fixture: 10 s at 10 frames/s."""

import polars as pl
import pytest

from mimicrylab.protocol.limits import FrameLimits
from mimicrylab.quality.frames import mark_frames
from mimicrylab.quality.recordings import summarise_judged_trials, summarise_recordings


def summarise(*, absent: tuple[int, ...] = (), lost: tuple[int, ...] = ()) -> dict[str, object]:
    frame = pl.col("frame")
    frames = (
        pl.LazyFrame({"recording_id": ["r"] * 100, "face": [0] * 100, "frame": range(100)})
        .with_columns(time=frame * 0.1, success=~frame.is_in(lost))
        .filter(~frame.is_in(absent))
    )
    return summarise_recordings(mark_frames(frames, FrameLimits())).row(0, named=True)


def test_a_whole_recording() -> None:
    found = summarise()
    assert (found["n_frames"], found["n_expected"], found["share_valid"]) == (100, 100, 1.0)
    assert found["frame_rate"] == pytest.approx(10.0)
    assert found["effective_fps"] == pytest.approx(10.0)
    assert found["longest_gap_s"] == pytest.approx(0.1)


def test_lost_frames_and_holes() -> None:
    """Ten frames without a face from 2.0 s on, and 2 s that were never recorded from 5 s on."""
    found = summarise(lost=tuple(range(20, 30)), absent=tuple(range(50, 70)))
    assert (found["n_frames"], found["n_expected"]) == (80, 100)
    assert found["share_no_face"] == pytest.approx(0.1)
    assert found["share_gap"] == pytest.approx(0.2)
    assert found["share_valid"] == pytest.approx(0.7)
    assert found["effective_fps"] == pytest.approx(7.0)
    assert found["longest_gap_s"] == pytest.approx(2.1)


def test_a_face_that_comes_late_and_leaves_early_is_a_gap() -> None:
    assert summarise(lost=tuple(range(40)))["longest_gap_s"] == pytest.approx(4.0)
    assert summarise(lost=tuple(range(70, 100)))["longest_gap_s"] == pytest.approx(3.0)


def test_a_recording_without_a_face_is_one_gap() -> None:
    found = summarise(lost=tuple(range(100)))
    assert (found["share_valid"], found["effective_fps"]) == (0.0, 0.0)
    assert found["longest_gap_s"] == pytest.approx(10.0)


def test_trials_are_weighed_by_their_expected_frames() -> None:
    """A trial of 100 frames, all valid, and one of 300 of which none is: a quarter is valid."""
    trials = pl.DataFrame(
        {
            "recording_id": ["r", "r"],
            "n_frames": [100, 200],
            "n_expected": [100, 300],
            "share_valid": [1.0, 0.0],
            "share_gap": [0.0, 1 / 3],
            "frame_rate": [20.0, 30.0],
            "reason": [None, "too little"],
            "talking": [0.0, 0.6],
            "is_talking": [False, True],
            **{f"share_{name}": [0.0, 2 / 3 if name == "no_face" else 0.0] for name in CAUSES},
        }
    )
    found = summarise_judged_trials(trials).row(0, named=True)
    assert found["share_valid"] == pytest.approx(0.25)
    assert found["share_no_face"] == pytest.approx(0.5)
    assert found["share_gap"] == pytest.approx(0.25)
    assert found["frame_rate"] == 25.0
    assert (found["n_trials"], found["n_usable"], found["n_talking"]) == (2, 1, 1)
    assert found["share_talking"] == pytest.approx(0.4)


CAUSES = (
    "no_face",
    "confidence",
    "pose",
    "size",
    "outside",
    "blur",
    "dark",
    "bright",
    "second_face",
    "gaze",
    "mouth_covered",
    "brow_covered",
)
