"""Grades of recordings, 0 (good) to 3 (not usable), by declared limits; every criterion that is not good is named.

The words of the grades are those of Kovalchuk et al. (2022), who graded by eye: 0 good quality; 1 minor issues, such as
a hand that sometimes covers the lips; 2 major issues, such as talking, eating or a face mostly covered; 3 no face data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mimicrylab.protocol.limits import GradeLimits, GradeSteps

WORST = 3
NO_FRAMES = "no frames: the recording is not coded, or no face was filmed"


@dataclass(frozen=True)
class Grade:
    """A grade and its reasons, worst first; no reason when it is 0."""

    grade: int
    reasons: tuple[str, ...]


def grade_recording(found: Mapping[str, Any], limits: GradeLimits) -> Grade:
    """Return the grade of one recording: the worst over all criteria.

    Parameters
    ----------
    found
        ``share_valid, frame_rate, longest_gap_s, n_trials, n_usable, n_talking, share_mouth_covered,
        share_brow_covered``; None where not known or not judged. Without a trial, frames and rate are graded alone.
    limits
        The limits of each criterion.

    Examples
    --------
    >>> grade_recording({"n_frames": 900, "share_valid": 0.9, "frame_rate": 25.0, "n_trials": 0}, GradeLimits())
    Grade(grade=1, reasons=('90 % of the frames are valid (good: from 95 %)',))
    """
    if not found.get("n_frames"):
        return Grade(WORST, (NO_FRAMES,))
    judged = sorted(_judge(found, limits), key=lambda item: -item[0])
    worst = judged[0][0] if judged else 0
    return Grade(worst, tuple(reason for grade, reason in judged if grade > 0))


def _judge(found: Mapping[str, Any], limits: GradeLimits) -> Iterator[tuple[int, str]]:
    valid, rate, gap = (found.get(name) for name in ("share_valid", "frame_rate", "longest_gap_s"))
    trials = found.get("n_trials") or 0
    if valid is not None:
        reason = f"{valid * 100:.3g} % of the frames are valid (good: from {limits.valid_frames.good * 100:g} %)"
        yield _grade_low(valid, limits.valid_frames), reason
    if rate is not None:
        reason = f"{rate:.3g} frames/s (good: from {limits.frames_per_second.good:g})"
        yield _grade_low(rate, limits.frames_per_second), reason
    if gap is not None:
        reason = f"{gap:.3g} s without a valid frame (good: up to {limits.longest_gap_s.good:g} s)"
        yield _grade_high(gap, limits.longest_gap_s), reason
    if trials:
        usable, talking = found.get("n_usable") or 0, found.get("n_talking") or 0
        reason = f"{usable} of {trials} trials count (good: from {limits.usable_trials.good * 100:g} %)"
        yield _grade_low(usable / trials, limits.usable_trials), reason
        reason = f"talking or eating in {talking} of {trials} trials"
        yield _grade_high(talking / trials, limits.talking_trials), reason
    covered = [found.get(f"share_{part}_covered") for part in ("mouth", "brow")]
    known = [share for share in covered if share is not None]
    if known:
        reason = f"mouth or brow covered in {sum(known) * 100:.3g} % of the frames"
        yield _grade_high(sum(known), limits.occlusion), reason


def _grade_low(value: float, steps: GradeSteps) -> int:
    """Return the grade of a value that should be high."""
    return next((grade for grade, limit in enumerate((steps.good, steps.minor, steps.major)) if value >= limit), WORST)


def _grade_high(value: float, steps: GradeSteps) -> int:
    """Return the grade of a value that should be low."""
    return next((grade for grade, limit in enumerate((steps.good, steps.minor, steps.major)) if value <= limit), WORST)
