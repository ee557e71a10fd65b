"""A simulated participant as a webcam film: a rendered face that mimics what is shown, by a known amount.

The face makes the mimicry of the stimulus and movements of its own (as in ``frames``), sways, blinks, and, as people
do, leans and nods a little with every stimulus; the camera adds its light, noise and lost frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mimicrylab.simulate.cohort import RecordingPlan
from mimicrylab.simulate.faces.activations import FULL_MOVEMENTS
from mimicrylab.simulate.faces.camera_view import Light
from mimicrylab.simulate.faces.identity import Identity, draw_identity
from mimicrylab.simulate.faces.motion import Performance, Sway, perform, ramp
from mimicrylab.simulate.faces.webcam import Sensor, draw_light, draw_sensor
from mimicrylab.simulate.film_defects import DefectPlan, plan_defects
from mimicrylab.simulate.frames import UNITS, add_mimicry
from mimicrylab.simulate.movements import add_own_movements
from mimicrylab.simulate.responses import FloatArray

FPS = 25.0
LOST_FRAMES = 0.01
"""Share of frames that a webcam drops."""

NOD_DEGREES = 0.5
LEAN_MM = 1.5
SETTLING_S = 2.0
"""Every stimulus moves the head a little for so long: a nuisance that has the stimulus's own rhythm."""


@dataclass(frozen=True)
class Film:
    """All that a renderer needs for one recording: who, which webcam, which light, and what the face does.

    ``shares`` ``[frames, units]`` is the planted activity in shares of a full movement (units as in ``frames.UNITS``);
    ``defects`` says what goes wrong and when.
    """

    recording_id: str
    identity: Identity
    sensor: Sensor
    light: Light
    performance: Performance
    shares: FloatArray
    defects: DefectPlan = field(default_factory=lambda: plan_defects(np.zeros(0), (), np.random.default_rng(0)))


def plan_film(plan: RecordingPlan, *, defects: Sequence[str] = ()) -> Film:
    """Return the film of one recording, with these defects; the same plan gives the same film.

    A defect changes nothing else: mimicry, sway and blinks are those of the film without it (a slow one has other
    frames).

    Raises
    ------
    UnknownNameError
        A defect that cannot be made.
    """
    person = plan.person
    seed = [person.seed, person.number]
    generator = np.random.default_rng([*seed, 31])
    times = draw_film_times(plan.duration_s, generator, lost=0.5 if "slow" in defects else LOST_FRAMES)
    shares = np.zeros((len(times), len(UNITS)))
    add_own_movements(
        shares, times, UNITS, plan.population.expressivity, person.expressivity, person.open_stream("face")
    )
    add_mimicry(shares, times, plan.shown, person=person, population=plan.population)
    wrong = plan_defects(times, defects, np.random.default_rng([*seed, 43]))
    levels = find_levels(shares)
    for unit, more in wrong.levels.items():
        levels[unit] = levels.get(unit, np.zeros(len(times))) + more
    played = perform(times, levels, seed=[*seed, 37], sway=Sway())
    nod = follow_stimuli(times, [each.onset_s for each in plan.shown], generator)
    moved = Performance(
        times=times,
        levels=played.levels,
        pitch=played.pitch + NOD_DEGREES * nod,
        yaw=played.yaw + wrong.yaw,
        roll=played.roll,
        shift_mm=played.shift_mm + LEAN_MM * np.stack([0 * nod, 0 * nod, nod], axis=1),
        gaze=played.gaze,
    )
    identity = draw_identity(person.participant_id, female=person.female, seed=person.seed * 1000 + person.number)
    sensor = draw_sensor(generator)
    if wrong.light is not None:
        sensor = replace(sensor, light=wrong.light)
    return Film(plan.recording_id, identity, sensor, draw_light(generator), moved, shares, wrong)


def draw_film_times(duration_s: float, generator: np.random.Generator, *, lost: float) -> FloatArray:
    """Return the times of the frames (s): 25 a second, some of them lost, the first at 0."""
    times = np.arange(int(duration_s * FPS)) / FPS
    kept = generator.random(len(times)) >= lost
    kept[:1] = True
    return np.asarray(times[kept])


def find_levels(shares: FloatArray) -> dict[str, NDArray[np.float64]]:
    """Return action unit -> level ``[frames]`` of activity in shares of a full movement.

    Cheeks rise with a smile, as in a felt one (AU06 with AU12).
    """
    levels = {
        unit: shares[:, place] * FULL_MOVEMENTS[unit] for place, unit in enumerate(UNITS) if unit in FULL_MOVEMENTS
    }
    levels["AU06"] = np.maximum(shares[:, UNITS.index("AU12")], 0) * FULL_MOVEMENTS["AU06"]
    return levels


def follow_stimuli(times: FloatArray, onsets: Sequence[float], generator: np.random.Generator) -> FloatArray:
    """Return how far the head has gone with the stimuli, about 1 at each: there in half a second, back in two."""
    moved = np.zeros(len(times))
    for onset in onsets:
        size = 1 + 0.5 * generator.standard_normal()
        there = ramp(times, onset + 0.1, onset + 0.6)
        moved += size * (there - ramp(times, onset + 0.6, onset + SETTLING_S))
    return moved


def iterate_levels(film: Film) -> Iterator[tuple[float, Mapping[str, float]]]:
    """Yield time and action unit -> level of each frame."""
    for frame, time in enumerate(film.performance.times):
        yield float(time), film.performance.take_levels(frame)
