"""Grades by declared limits: the worst criterion decides, and every criterion that is not good is named."""

from typing import Any

import pytest

from mimicrylab.protocol.limits import GradeLimits, GradeSteps
from mimicrylab.quality.grades import NO_FRAMES, Grade, grade_recording

GOOD: dict[str, Any] = {
    "n_frames": 1000,
    "share_valid": 1.0,
    "frame_rate": 30.0,
    "longest_gap_s": 0.5,
    "n_trials": 20,
    "n_usable": 20,
    "n_talking": 0,
    "share_mouth_covered": 0.0,
    "share_brow_covered": 0.0,
}


def grade(**changes: Any) -> Grade:
    return grade_recording(GOOD | changes, GradeLimits())


def test_a_good_recording_has_no_reason() -> None:
    assert grade() == Grade(0, ())


@pytest.mark.parametrize(
    ("changes", "expected", "word"),
    [
        ({"share_valid": 0.95}, 0, ""),
        ({"share_valid": 0.949}, 1, "94.9 % of the frames are valid"),
        ({"share_valid": 0.8}, 1, "80 % of the frames are valid"),
        ({"share_valid": 0.79}, 2, "79 % of the frames are valid"),
        ({"share_valid": 0.49}, 3, "49 % of the frames are valid"),
        ({"frame_rate": 20.0}, 0, ""),
        ({"frame_rate": 16.0}, 1, "16 frames/s"),
        ({"frame_rate": 9.0}, 3, "9 frames/s"),
        ({"longest_gap_s": 10.0}, 0, ""),
        ({"longest_gap_s": 11.0}, 1, "11 s without a valid frame"),
        ({"longest_gap_s": 500.0}, 3, "500 s without a valid frame"),
        ({"n_usable": 18}, 0, ""),
        ({"n_usable": 17}, 1, "17 of 20 trials count"),
        ({"n_usable": 5}, 3, "5 of 20 trials count"),
        ({"n_talking": 2}, 1, "talking or eating in 2 of 20 trials"),
        ({"n_talking": 20}, 2, "talking or eating in 20 of 20 trials"),
        ({"share_mouth_covered": 0.1, "share_brow_covered": 0.15}, 2, "covered in 25 % of the frames"),
    ],
)
def test_each_criterion_at_its_limits(changes: dict[str, Any], expected: int, word: str) -> None:
    found = grade(**changes)
    assert found.grade == expected
    assert len(found.reasons) == (1 if word else 0)
    assert word in "".join(found.reasons)


def test_the_worst_criterion_decides_and_comes_first() -> None:
    found = grade(share_valid=0.9, n_usable=5)
    assert found.grade == 3
    assert [reason.split(" (")[0] for reason in found.reasons] == [
        "5 of 20 trials count",
        "90 % of the frames are valid",
    ]


def test_a_recording_without_frames_is_not_usable() -> None:
    assert grade_recording({}, GradeLimits()) == Grade(3, (NO_FRAMES,))


def test_what_is_not_judged_is_not_held_against_a_recording() -> None:
    assert grade(share_mouth_covered=None, share_brow_covered=None, frame_rate=None) == Grade(0, ())


def test_a_recording_without_trials_is_graded_by_its_frames() -> None:
    assert grade(n_trials=0, n_usable=0).grade == 0


def test_steps_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="must rise or fall"):
        GradeSteps(good=0.9, minor=0.5, major=0.7)
