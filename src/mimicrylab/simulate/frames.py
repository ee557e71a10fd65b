"""Frames of a recording with known mimicry, as the coder ``landmarker`` would have written them.

A frame's value of an action unit is: its size x (resting face + drift + noise + own movements + novelty + mimicry),
with blinks on the lids; units that the coder reads from a blendshape lie between 0 and 1. Blendshapes themselves are
not simulated. Where no face is found every column is null, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mimicrylab.coding.action_units import list_action_units
from mimicrylab.coding.coder import Signal
from mimicrylab.simulate.camera import BoolArray, draw_conditions, draw_times, find_faces
from mimicrylab.simulate.movements import add_novelty, simulate_background
from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import MOVEMENT_SIZES, TWO_SIDED, Population
from mimicrylab.simulate.responses import FloatArray, draw_latencies, shape_response

UNITS = tuple(MOVEMENT_SIZES)
RESTING_ACTIVATION = 0.2
"""Level of a blendshape unit at rest (0-1): resting faces are seldom at 0, and the spread must not hit the end."""

GRAIN = 1.0 / 8192
"""Signals are rounded to this, a fiftieth of the noise: files become half as large."""

FADING_S = 4.0
"""How long after its stimulus a response is followed (over six time constants)."""


@dataclass(frozen=True)
class Shown:
    """A stimulus on the recording's clock.

    ``weight`` multiplies the person's amplitude for the emotion: habituation times the model's strength.
    """

    trial: int
    onset_s: float
    duration_s: float
    emotion: str
    action_units: tuple[str, ...]
    weight: float = 1.0
    movement_onset_s: float = 0.0
    block: str = ""


def simulate_frames(
    person: Person, population: Population, shown: Sequence[Shown], *, recording_id: str, duration_s: float
) -> pl.DataFrame:
    """Return the frames of one recording (schemas.FRAMES and the action units of ``landmarker``).

    Parameters
    ----------
    person
        Whose face; the same person and stimuli give the same frames.
    shown
        Stimuli in order of time.
    duration_s
        Length of the recording from its first frame on.
    """
    times = draw_times(person, population, duration_s)
    activity = simulate_background(person, population, times, units=UNITS)
    add_novelty(activity, times, UNITS, [(each.onset_s, each.trial) for each in shown], population.expressivity)
    add_mimicry(activity, times, shown, person=person, population=population)
    camera = person.open_stream("picture")
    conditions = draw_conditions(person, population, times, camera)
    found = find_faces(person, population.coding, times, camera)
    sides = population.coding.side_noise_sd * camera.normal(size=(len(times), len(TWO_SIDED)))
    columns = {**conditions, **compute_signals(activity, sides)}
    base = pl.DataFrame(
        {
            "recording_id": pl.repeat(recording_id, len(times), eager=True),
            "face": pl.repeat(0, len(times), dtype=pl.Int16, eager=True),
            "frame": pl.int_range(len(times), dtype=pl.Int32, eager=True),
            "time": times,
            "success": found,
        }
    )
    return base.with_columns(make_column(name, values, found) for name, values in columns.items())


def add_mimicry(
    activity: FloatArray, times: FloatArray, shown: Sequence[Shown], *, person: Person, population: Population
) -> None:
    """Add each trial's response to the action units that its stimulus shows, in place."""
    generator = person.open_stream("trials")
    latencies = draw_latencies(generator, len(shown), mimicry=population.mimicry)
    varying = population.mimicry.spread_between_trials * generator.normal(size=len(shown))
    for each, latency, extra in zip(shown, latencies, varying, strict=True):
        columns = [UNITS.index(unit) for unit in each.action_units if unit in UNITS]
        if not columns:
            continue
        start = each.onset_s + each.movement_onset_s
        first, last = np.searchsorted(times, [start, each.onset_s + each.duration_s + FADING_S])
        shape = shape_response(
            times[first:last] - start,
            latency_s=float(latency),
            shown_s=each.duration_s - each.movement_onset_s,
            mimicry=population.mimicry,
        )
        mean = population.mimicry.means.get(each.emotion, 0.0)
        height = each.weight * person.amplitudes.get(each.emotion, 0.0) + mean * extra
        activity[first:last, columns] += (height * shape)[:, None]


def compute_signals(activity: FloatArray, sides: FloatArray) -> dict[str, FloatArray]:
    """Return every column that the coder writes, in its order; NaN where it does not measure the unit.

    ``sides`` is added to the left and subtracted on the right, so that the unit stays the mean of both.
    """
    signals: dict[str, FloatArray] = {}
    described = {signal.name: signal for signal in list_action_units()}
    for name, declared in described.items():
        unit, side = (name[:-1], name[-1]) if name[-1] in "LR" else (name, "")
        if declared.standing == "not measured" or unit not in UNITS:
            signals[name] = np.full(len(activity), np.nan)
            continue
        shares = activity[:, UNITS.index(unit)]
        if side:
            offset = sides[:, TWO_SIDED.index(unit)]
            shares = shares + offset if side == "L" else shares - offset
        signals[name] = _scale(shares, declared, MOVEMENT_SIZES[unit])
    return signals


def _scale(shares: FloatArray, declared: Signal, size: float) -> FloatArray:
    values = shares * size
    if declared.minimum is not None and declared.maximum is not None:
        values = np.clip(values + RESTING_ACTIVATION, declared.minimum, declared.maximum)
    return np.asarray(np.round(values / GRAIN) * GRAIN)


def make_column(name: str, values: FloatArray, found: BoolArray) -> pl.Series:
    """Return a column of frames: null where no face was found."""
    kept = np.where(found, values, np.nan).astype(np.float32)
    return pl.Series(name, kept, nan_to_null=True)
