"""When a frame, a trial, a cell and a recording count: declared limits, each default with its reason."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Settings

Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]

MINIMUM_CONFIDENCE = 0.5
"""The landmark model's own presence limit. OpenFace's `success` is confidence > .725: set .725 to repeat it."""

MAXIMUM_ANGLE_DEG = 30.0
"""Landmark models are trained on frontal faces; beyond some 30 degrees the far half of the face is guessed."""

MINIMUM_FACE_PX = 60.0
"""Below 60 px the lip corners of a slight smile move by less than a pixel."""

MINIMUM_LUMINANCE = 30.0
MAXIMUM_LUMINANCE = 240.0
"""Mean grey of the face: below 30 or above 240 of 255 there is hardly any contrast left to follow."""

MINIMUM_BOX_INSIDE = 0.9
"""A box with more than a tenth outside the picture has lost brow, chin or a cheek; their points are invented."""

LONGEST_INTERVAL_S = 0.25
"""Longer than a quarter of a second without a frame is a hole, not a slow camera (4 frames/s)."""

MAXIMUM_GAZE_DEG = 40.0
"""A screen at 70 cm spans some 20 degrees either way; the limit leaves room for the error of a webcam's estimate."""

MAXIMUM_OCCLUSION = 0.5
"""More likely covered than not."""

MINIMUM_VALID = 0.8
"""A trial counts with at least 80 % valid frames: the limit most used with automated coding, declared beforehand."""

MINIMUM_FPS = 15.0
"""Below 15 frames/s a movement of 300 ms rests on four frames."""

MINIMUM_CELL_SHARE = 0.5
"""A person's mean of a condition stands on at least half of its trials."""

TALKING_LOWEST_HZ = 2.0
TALKING_HIGHEST_HZ = 8.0
"""The mouth opens at 2 to 7 Hz in speech (Chandrasekaran et al., 2009); a smile rises and stays."""

TALKING_WINDOW_S = 2.0
"""Long enough for four cycles at the lowest rhythm."""

TALKING_MINIMUM_SHARE = 0.5
"""At least half of the jaw's movement lies in the rhythm of speech."""

TALKING_MINIMUM_CYCLES = 4
"""Openings in a window: one or two are an expression or a yawn."""

TALKING_MINIMUM_SD = 0.05
"""Spread of the rhythm in shares of a wide open mouth: speech opens the jaw by a tenth to a third; less is noise."""

TALKING_TRIAL_SHARE = 0.25
"""A trial is marked when a quarter of its frames lie in talking."""

GOOD_MINOR_MAJOR_VALID = (0.95, 0.8, 0.5)
GOOD_MINOR_MAJOR_FPS = (20.0, 15.0, 10.0)
GOOD_MINOR_MAJOR_TRIALS = (0.9, 0.75, 0.5)
GOOD_MINOR_MAJOR_GAP_S = (10.0, 30.0, 120.0)
GOOD_MINOR_MAJOR_TALKING = (0.05, 0.2, 1.0)
GOOD_MINOR_MAJOR_OCCLUSION = (0.05, 0.2, 1.0)
"""Limits of grades 0, 1 and 2. Words of the grades: Kovalchuk et al. (2022), who graded by eye; figures: ours."""

MAXIMUM_GRADE = 2
"""Recordings graded 3 (not usable) are excluded; Kovalchuk et al. (2022) kept grade 0 only."""


class FrameLimits(Settings):
    """When a frame counts as valid. What a coder does not measure is not judged, and the quality table says so.

    ``minimum_sharpness`` is off (0) because its scale depends on camera and face size: set it after looking at the
    study's own recordings.
    """

    minimum_confidence: Share = MINIMUM_CONFIDENCE
    """Least confidence of the coder that this is a face."""
    maximum_pitch_deg: Annotated[float, Field(gt=0, le=90)] = MAXIMUM_ANGLE_DEG
    """Head turned up or down by more than this: not valid."""
    maximum_yaw_deg: Annotated[float, Field(gt=0, le=90)] = MAXIMUM_ANGLE_DEG
    """Head turned to a side by more than this: not valid."""
    maximum_roll_deg: Annotated[float, Field(gt=0, le=180)] = MAXIMUM_ANGLE_DEG
    """Head tilted by more than this: not valid."""
    minimum_face_px: NotNegative = MINIMUM_FACE_PX
    """Least width of the face in the picture."""
    minimum_sharpness: NotNegative = 0.0
    """Least sharpness of the face; 0: not judged."""
    minimum_luminance: Annotated[float, Field(ge=0, le=255)] = MINIMUM_LUMINANCE
    """Darkest face that counts (mean grey, 0 to 255)."""
    maximum_luminance: Annotated[float, Field(ge=0, le=255)] = MAXIMUM_LUMINANCE
    """Brightest face that counts (mean grey, 0 to 255)."""
    minimum_box_inside: Share = MINIMUM_BOX_INSIDE
    """Least share of the face's box that lies in the picture."""
    longest_interval_s: Annotated[float, Field(gt=0)] = LONGEST_INTERVAL_S
    """A longer time between two frames is a hole."""
    maximum_gaze_deg: Annotated[float, Field(gt=0, le=90)] = MAXIMUM_GAZE_DEG
    """Gaze further off the screen than this: not valid (where the coder measures gaze)."""
    maximum_occlusion: Share = MAXIMUM_OCCLUSION
    """Mouth or brow more likely covered than this: not valid (where the coder measures it)."""
    allow_second_face: bool = False
    """Whether frames with a second face count."""


class TrialLimits(Settings):
    """When a trial counts. Trials are excluded, not people, unless a rule says so."""

    minimum_valid: Share = MINIMUM_VALID
    """Least share of valid frames of a trial."""
    minimum_fps: NotNegative = MINIMUM_FPS
    """Least frame rate in a trial: frames by second of the time covered, valid or not."""


class CellLimits(Settings):
    """When a person's value of a condition (a cell of the design) counts: by the share of its trials that count."""

    minimum_trials: Share = MINIMUM_CELL_SHARE
    """Least share of a condition's trials that count."""


class TalkingLimits(Settings):
    """What is talking or eating: rhythmic opening of the mouth. It is marked and reported, never deleted."""

    lowest_hz: Annotated[float, Field(gt=0)] = TALKING_LOWEST_HZ
    """Slowest rhythm of the mouth that is talking."""
    highest_hz: Annotated[float, Field(gt=0)] = TALKING_HIGHEST_HZ
    """Fastest rhythm of the mouth that is talking."""
    window_s: Annotated[float, Field(gt=0)] = TALKING_WINDOW_S
    """Length of time in which the rhythm is looked for."""
    minimum_share: Share = TALKING_MINIMUM_SHARE
    """Least share of the jaw's movement that lies in the rhythm of speech."""
    minimum_cycles: Annotated[int, Field(ge=1)] = TALKING_MINIMUM_CYCLES
    """Least number of openings within the window."""
    minimum_sd: NotNegative = TALKING_MINIMUM_SD
    """Least spread of the mouth's opening."""
    trial_share: Share = TALKING_TRIAL_SHARE
    """Share of a trial's frames in talking from which the trial is marked."""

    @model_validator(mode="after")
    def _check_band(self) -> TalkingLimits:
        if self.highest_hz <= self.lowest_hz:
            raise ValueError(f"highest_hz ({self.highest_hz:g}) must be greater than lowest_hz ({self.lowest_hz:g})")
        return self


class GradeSteps(Settings):
    """Limits of one criterion: what is still good (grade 0), minor (1) and major (2); beyond the last it is 3."""

    good: NotNegative
    """Up to here the grade is 0."""
    minor: NotNegative
    """Up to here the grade is 1."""
    major: NotNegative
    """Up to here the grade is 2; beyond it 3."""

    @model_validator(mode="after")
    def _check_order(self) -> GradeSteps:
        steps = (self.good, self.minor, self.major)
        if steps not in (tuple(sorted(steps)), tuple(sorted(steps, reverse=True))):
            raise ValueError("good, minor and major must rise or fall in order")
        return self


def _make_steps(limits: tuple[float, float, float]) -> GradeSteps:
    good, minor, major = limits
    return GradeSteps(good=good, minor=minor, major=major)


class GradeLimits(Settings):
    """How recordings are graded 0 (good), 1 (minor), 2 (major), 3 (not usable), and up to which grade they are kept.

    Valid frames, frame rate and usable trials must be at least, gaps, talking and covered mouth at most the limit.
    The grade is the worst over all criteria, and every criterion that is not good is named.
    """

    valid_frames: GradeSteps = _make_steps(GOOD_MINOR_MAJOR_VALID)
    """Share of valid frames, at least."""
    frames_per_second: GradeSteps = _make_steps(GOOD_MINOR_MAJOR_FPS)
    """Frames a second (median over the trials), valid or not, at least."""
    usable_trials: GradeSteps = _make_steps(GOOD_MINOR_MAJOR_TRIALS)
    """Share of trials that count, at least."""
    longest_gap_s: GradeSteps = _make_steps(GOOD_MINOR_MAJOR_GAP_S)
    """Longest time without a valid frame, at most."""
    talking_trials: GradeSteps = _make_steps(GOOD_MINOR_MAJOR_TALKING)
    """Share of trials with talking, at most."""
    occlusion: GradeSteps = _make_steps(GOOD_MINOR_MAJOR_OCCLUSION)
    """Share of frames with mouth or brow covered, at most."""
    maximum_grade: Annotated[int, Field(ge=0, le=3)] = MAXIMUM_GRADE
    """Recordings with a higher grade are excluded, with their reasons."""


class Quality(Settings):
    """Limits for frames, trials, cells and recordings."""

    frames: FrameLimits = FrameLimits()
    """When a frame counts."""
    trials: TrialLimits = TrialLimits()
    """When a trial counts."""
    cells: CellLimits = CellLimits()
    """When a person's value of a condition counts."""
    talking: TalkingLimits = TalkingLimits()
    """What is talking or eating."""
    recordings: GradeLimits = GradeLimits()
    """How recordings are graded, and up to which grade they are kept."""
