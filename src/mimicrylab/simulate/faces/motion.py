"""How a face moves in time: into an expression and on, with the small movements that a living face always makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mimicrylab.simulate.faces.mesh import FloatArray
from mimicrylab.simulate.faces.pose import Pose

BLINK = "AU45"
BLINK_LEVEL = 0.9
"""Level at which the lids of the base head meet."""
BLINK_CLOSING_S = 0.1
BLINK_OPENING_S = 0.18
BLINKS_A_MINUTE = 12.0
SWAY_S = 1.4
"""Time constant of the head's sway."""


@dataclass(frozen=True)
class Sway:
    """Standard deviations of the head's small movements: degrees, and mm of the trunk."""

    pitch: float = 0.5
    yaw: float = 0.7
    roll: float = 0.4
    shift_mm: float = 1.2
    gaze: float = 0.7


@dataclass(frozen=True)
class Performance:
    """What a face does: ``times`` ``[frames]`` (s), action unit -> level ``[frames]``, pose and gaze a frame.

    ``pitch``, ``yaw``, ``roll`` in degrees, ``shift_mm`` ``[frames, 3]``, ``gaze`` ``[frames, 2]`` degrees left and up.
    """

    times: FloatArray
    levels: Mapping[str, FloatArray]
    pitch: FloatArray
    yaw: FloatArray
    roll: FloatArray
    shift_mm: FloatArray
    gaze: FloatArray

    def take_levels(self, frame: int) -> dict[str, float]:
        """Return action unit -> level in one frame."""
        return {unit: float(values[frame]) for unit, values in self.levels.items()}

    def take_pose(self, frame: int) -> Pose:
        """Return the pose in one frame."""
        x, y, z = (float(each) for each in self.shift_mm[frame])
        return Pose(float(self.pitch[frame]), float(self.yaw[frame]), float(self.roll[frame]), (x, y, z))

    def take_gaze(self, frame: int) -> tuple[float, float]:
        """Return the gaze in one frame, degrees left and up."""
        return float(self.gaze[frame, 0]), float(self.gaze[frame, 1])


def ramp(times: FloatArray, start_s: float, stop_s: float) -> FloatArray:
    """Return 0 before ``start_s``, 1 after ``stop_s``, and between them the smoothest rise (minimum jerk).

    Examples
    --------
    >>> ramp(np.array([0.0, 0.5, 1.0]), 0.0, 1.0).tolist()
    [0.0, 0.5, 1.0]
    """
    part = np.clip((times - start_s) / (stop_s - start_s), 0, 1)
    return np.asarray(part**3 * (10 - 15 * part + 6 * part**2))


def draw_drift(times: FloatArray, columns: int, generator: np.random.Generator, *, tau_s: float) -> FloatArray:
    """Return smooth random drift of SD 1 ``[frames, columns]`` that forgets itself within ``tau_s`` seconds."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    keep = np.exp(-step / tau_s)
    noise = generator.standard_normal((len(times), columns)) * np.sqrt(1 - keep**2)
    found = np.empty_like(noise)
    state = generator.standard_normal(columns)
    for frame in range(len(times)):
        state = keep * state + noise[frame]
        found[frame] = state
    window = max(1, round(0.25 * tau_s / step))
    kernel = np.hanning(window + 2)[1:-1]
    kernel /= kernel.sum()
    padded = np.pad(found, ((window, window), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(padded[:, c], kernel, mode="same") for c in range(columns)], axis=1)
    return np.asarray(smooth[window : window + len(times)])


def draw_blinks(
    times: FloatArray, generator: np.random.Generator, *, spared: tuple[float, float] = (0.0, 0.0)
) -> FloatArray:
    """Return how far the eyes are closed by blinks, 0 to 1 ``[frames]``; none begins within ``spared`` (s)."""
    closed = np.zeros(len(times))
    moment = float(generator.exponential(60 / BLINKS_A_MINUTE))
    while len(times) and moment < times[-1]:
        if not spared[0] - 0.35 <= moment < spared[1]:
            rise = ramp(times, moment, moment + BLINK_CLOSING_S)
            fall = ramp(times, moment + BLINK_CLOSING_S, moment + BLINK_CLOSING_S + BLINK_OPENING_S)
            closed = np.maximum(closed, rise - fall)
        moment += 0.4 + float(generator.exponential(60 / BLINKS_A_MINUTE))
    return np.asarray(closed)


def draw_gaze(times: FloatArray, generator: np.random.Generator, *, degrees: float) -> FloatArray:
    """Return the gaze ``[frames, 2]``: it rests, and jumps a little about once a second."""
    gaze = np.zeros((len(times), 2))
    moment, place = 0.0, np.zeros(2)
    while len(times) and moment <= times[-1]:
        gaze[times >= moment] = place
        moment += 0.3 + float(generator.exponential(0.8))
        place = generator.normal(0, degrees, 2)
    return gaze


def perform(
    times: FloatArray, levels: Mapping[str, FloatArray], *, seed: int | list[int], sway: Sway | None = None,
    spared: tuple[float, float] = (0.0, 0.0),
) -> Performance:  # fmt: skip
    """Return a living face that makes these movements: with sway, breathing, blinks and a wandering gaze.

    Parameters
    ----------
    times
        Time of each frame, s.
    levels
        Action unit -> level ``[frames]``.
    seed
        The same seed gives the same performance.
    sway
        Size of the small movements; the default is someone sitting still.
    spared
        No blink begins between these times (the moment of a stimulus's movement).
    """
    generator = np.random.default_rng(seed)
    sway = sway or Sway()
    drift = draw_drift(times, 6, generator, tau_s=SWAY_S)
    breath = np.sin(2 * np.pi * (0.25 * times + generator.random()))
    blinks = draw_blinks(times, generator, spared=spared)
    moved = {unit: np.asarray(values, dtype=np.float64) for unit, values in levels.items()}
    moved[BLINK] = np.maximum(moved.get(BLINK, np.zeros(len(times))), BLINK_LEVEL * blinks)
    return Performance(
        times=times,
        levels=moved,
        pitch=sway.pitch * drift[:, 0] + 0.12 * breath,
        yaw=sway.yaw * drift[:, 1],
        roll=sway.roll * drift[:, 2],
        shift_mm=sway.shift_mm * drift[:, 3:6] + np.stack([0 * breath, 0.5 * breath, 0 * breath], axis=1),
        gaze=draw_gaze(times, generator, degrees=sway.gaze),
    )


def express(
    times: FloatArray, apex: Mapping[str, float], *, onset_s: float, apex_s: float, seed: int | list[int]
) -> dict[str, NDArray[np.float64]]:
    """Return action unit -> level ``[frames]`` of an expression that begins at ``onset_s`` and is held from ``apex_s``.

    The units start within 60 ms of each other and are held with a slow waver of 3 %; before ``onset_s`` all are 0.
    """
    generator = np.random.default_rng(seed)
    found = {}
    for unit, level in apex.items():
        late = float(generator.uniform(0, 0.06))
        hold = 1 + 0.03 * draw_drift(times, 1, generator, tau_s=0.8)[:, 0]
        found[unit] = level * ramp(times, onset_s + late, apex_s) * hold
    return found
