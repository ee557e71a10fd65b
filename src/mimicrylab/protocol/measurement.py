"""How recordings are to be measured: coder, windows, baseline, measures. Defaults with their reasons.

The defaults are those of a sound analysis; where a published study chose otherwise, its template says so. When a
frame, trial or recording counts is said in ``limits``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.limits import FrameLimits, Quality, TrialLimits
from mimicrylab.protocol.settings import Settings

__all__ = [
    "Baseline",
    "BaselineMethod",
    "Coding",
    "FrameLimits",
    "MeasureRequest",
    "Quality",
    "TrialLimits",
    "Window",
]

BaselineMethod = Literal["none", "difference", "ratio", "log_ratio", "percent"]

BASELINE_START_S = -1.0
"""The last second before onset: long enough for 15 to 30 frames, short enough that the face is still the same."""

BASELINE_MINIMUM_VALID = 0.8
"""As for trials: a mean of fewer frames may rest on a blink."""

BIN_S = 0.5
"""500 ms, between the 100 ms of electromyography and the whole second; some 15 frames at webcam rates."""

FALSE_ALARM_RATE = 0.05
"""Onsets found in a trial without a stimulus. The field's fixed limit (2.5 SD for 100 ms) gives .31 in 2 s."""

LATENCY_MINIMUM_FPS = 20.0
"""Below 20 frames/s an onset is known to 50 ms at best, and 100 ms of movement are two frames."""

LATENCY_SUSTAINED_S = (0.1, 0.2, 0.3)
"""How long a movement must last to be an onset; the shortest that calibrates to a reachable level is taken."""

REST_SD = 3.0
"""A threshold from the person's own rest: mean + 3 SD, passed by about 1 frame in 700 of normal noise."""


class Coding(Settings):
    """Which coder reads the faces, and what it leaves out."""

    coder: str = "landmarker"
    """The coder, or the reader whose frames were imported (openface)."""
    blendshapes: bool = True
    """Whether the coder's blendshapes are stored beside the action units."""


class Window(Settings):
    """Half-open interval ``[start_s, stop_s)`` in seconds from stimulus onset.

    With ``zero: movement`` the seconds count from the start of the movement in the clip (``movement_onset_s`` of the
    stimulus; where it is not known, or the stimulus is a still, from its onset).
    """

    start_s: float = 0.0
    """Start of the interval, in seconds from onset."""
    stop_s: float
    """End of the interval, in seconds from onset; not included."""
    zero: Literal["onset", "movement"] = "onset"
    """onset: when the stimulus appears; movement: when its movement begins."""

    @model_validator(mode="after")
    def _check_order(self) -> Window:
        if self.stop_s <= self.start_s:
            raise ValueError(f"stop_s ({self.stop_s:g}) must be greater than start_s ({self.start_s:g})")
        return self


class Baseline(Settings):
    """How a trial is compared with the time before it.

    The default is the difference to the last second before onset, at least 80 % valid, with no other event inside.
    """

    method: BaselineMethod = "difference"
    """difference, ratio, log_ratio or percent of the mean before onset; none: no baseline."""
    start_s: float = BASELINE_START_S
    """Start of the interval, in seconds from onset."""
    stop_s: float = 0.0
    """End of the interval, in seconds from onset; not included."""
    minimum_valid: Annotated[float, Field(ge=0, le=1)] = BASELINE_MINIMUM_VALID
    """Least share of valid frames in the baseline; with fewer, the trial has none."""

    @model_validator(mode="after")
    def _check_order(self) -> Baseline:
        if self.stop_s <= self.start_s:
            raise ValueError(f"stop_s ({self.stop_s:g}) must be greater than start_s ({self.start_s:g})")
        return self


class MeasureRequest(Settings):
    """One measure asked for: which, of which signals, in which window, and with what.

    A setting that is left out takes the measure's default; one that the measure does not use is an error. Signals are
    a coder's own (``AU12_r``, ``Smile``), action units (``AU12``: the coder's column for it is found), composites of
    the congruent action units of an emotion (``congruent``, or ``congruent:happiness``), or composites of movements
    from the table of emotions (``emotion:happiness``, or with its action units where the table has more than one:
    ``emotion:happiness[AU12]``), which are off until asked for. No signals means: every
    action unit that the coder measures, and the congruent composites.
    """

    measure: str
    """The measure (mean, peak, bins, presence, latency, z, congruence, selectivity, responders and so on)."""
    name: str | None = None
    """Name in the table of measures, where one measure is asked for twice; the measure's own if left out."""
    signals: tuple[str, ...] = ()
    """Signals, action units or composites; empty: every action unit and the congruent composites."""
    window: str = "response"
    """Name of the time window; response: as long as the stimulus is shown, unless declared otherwise."""
    baseline: Baseline | None = None
    """Instead of the study's baseline."""
    of: str | None = None
    """The measure of a trial that z, congruence, selectivity and responders are made of (name as in the table)."""
    aggregate: Literal["mean_of_trials", "pooled_frames", "maximum"] | None = None
    """From trials to a condition: mean of trial values (default), mean weighted by valid frames (as in Pavarini et
    al., 2019), or the largest trial value (as in Kovalchuk et al., 2022). Congruence and z: that of the measure they
    are made of, unless they say otherwise; selectivity and responders use single trials and have none."""
    threshold: float | None = None
    """Presence: active above this value, in the signal's unit."""
    threshold_from: Literal["fixed", "rest", "neutral"] | None = None
    """Presence: a fixed threshold (default), or the person's own rest segment, or the neutral trials (refused where
    neutral is moderator or outcome)."""
    threshold_sd: Annotated[float, Field(gt=0)] | None = None
    """Presence with a threshold from rest or neutral: standard deviations above its mean."""
    bin_s: Annotated[float, Field(gt=0)] | None = None
    """Bins and peak of means: length of a bin."""
    level: float | None = None
    """Responders: a trial counts as a response above this value, in the signal's unit."""
    neutral: Literal["both", "with", "without"] | None = None
    """Congruence and selectivity: whether neutral trials are among the incongruent ones; both are shown by default."""
    false_alarm_rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Latency: onsets a trial that noise alone may give."""
    calibrate_on: Literal["blank", "neutral"] | None = None
    """Latency: where the pseudo-trials lie."""
    sustained_s: tuple[Annotated[float, Field(gt=0)], ...] | None = None
    """Latency: durations to choose from."""

    @property
    def label(self) -> str:
        """Name of the measure in the table of measures."""
        return self.name or self.measure
