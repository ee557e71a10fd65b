"""How recordings are to be measured: coder, quality limits, windows, baseline, measures. Defaults with their reasons.

The defaults are those of a sound analysis; where a published study chose otherwise, its template says so.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mimicrylab.protocol.settings import Settings

BaselineMethod = Literal["none", "difference", "ratio", "log_ratio", "percent"]


class Coding(Settings):
    """Which coder reads the faces, and what it leaves out."""

    coder: str = "landmarker"
    blendshapes: bool = True


class FrameLimits(Settings):
    """When a frame counts as valid."""

    minimum_confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    maximum_pitch_deg: Annotated[float, Field(gt=0, le=90)] = 30.0
    maximum_yaw_deg: Annotated[float, Field(gt=0, le=90)] = 30.0
    maximum_roll_deg: Annotated[float, Field(gt=0, le=180)] = 30.0
    minimum_face_px: Annotated[float, Field(ge=0)] = 60.0
    minimum_sharpness: Annotated[float, Field(ge=0)] = 0.0
    minimum_luminance: Annotated[float, Field(ge=0, le=255)] = 30.0
    maximum_luminance: Annotated[float, Field(ge=0, le=255)] = 240.0


class TrialLimits(Settings):
    """When a trial counts. Trials are excluded, not people, unless a rule says so."""

    minimum_valid: Annotated[float, Field(ge=0, le=1)] = 0.8
    minimum_fps: Annotated[float, Field(ge=0)] = 15.0


class Window(Settings):
    """Half-open interval ``[start_s, stop_s)`` in seconds from stimulus onset."""

    start_s: float = 0.0
    stop_s: float

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
    start_s: float = -1.0
    stop_s: float = 0.0
    minimum_valid: Annotated[float, Field(ge=0, le=1)] = 0.8


class Quality(Settings):
    """Limits for frames and trials."""

    frames: FrameLimits = FrameLimits()
    trials: TrialLimits = TrialLimits()


class MeasureRequest(Settings):
    """One measure asked for: which, of which signals, in which window."""

    measure: str
    signals: tuple[str, ...] = ()
    window: str = "response"
    baseline: Baseline | None = None
    threshold: float | None = None
