"""What a face does apart from mimicry: resting face, movements of itself, novelty, blinks, drift and coder's noise.

All in shares of a full movement, ``[frames, action units]``, so that mimicry can be added.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import signal

from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import Coding, Expressivity, Population
from mimicrylab.simulate.responses import FloatArray

PATTERNS: tuple[tuple[str, ...], ...] = (
    ("AU12",),
    ("AU12", "AU25"),
    ("AU01", "AU02"),
    ("AU04",),
    ("AU23", "AU24"),
    ("AU25", "AU26"),
    ("AU17",),
    ("AU14",),
    ("AU15", "AU17"),
    ("AU07",),
    ("AU20",),
    ("AU10",),
    ("AU18",),
    ("AU28",),
)
"""Movements that faces make of themselves; each is as likely as the next."""

BLINK_S = 0.25
DRIFT_KNOT_S = 5.0
BROWS = ("AU01", "AU02")


def simulate_background(
    person: Person, population: Population, times: FloatArray, *, units: Sequence[str]
) -> FloatArray:
    """Return the face without mimicry: resting face, drift, noise, own movements and blinks, ``[frames, units]``."""
    face, camera = person.open_stream("face"), person.open_stream("camera")
    activity = draw_noise(times, len(units), population.coding, camera)
    activity += draw_drift(times, len(units), population.coding, face)
    activity += population.expressivity.rest_sd * face.normal(size=len(units))
    add_own_movements(activity, times, units, population.expressivity, person.expressivity, face)
    add_blinks(activity, times, units, population.coding.blinks_a_minute, face)
    return activity


def draw_noise(times: FloatArray, columns: int, coding: Coding, generator: np.random.Generator) -> FloatArray:
    """Return noise that forgets itself within ``noise_s``: AR(1) with phi = exp(-interval / noise_s)."""
    interval = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    phi = math.exp(-interval / coding.noise_s)
    shocks = generator.standard_normal((len(times), columns), dtype=np.float32).astype(np.float64)
    shocks[1:] *= math.sqrt(1.0 - phi**2)
    return np.asarray(coding.noise_sd * signal.lfilter([1.0], [1.0, -phi], shocks, axis=0))


def draw_drift(times: FloatArray, columns: int, coding: Coding, generator: np.random.Generator) -> FloatArray:
    """Return slow drift: AR(1) every five seconds with the time constant ``drift_s``, straight lines between."""
    knots = np.arange(times[0], times[-1] + 2 * DRIFT_KNOT_S, DRIFT_KNOT_S)
    phi = math.exp(-DRIFT_KNOT_S / coding.drift_s)
    shocks = generator.normal(size=(len(knots), columns))
    shocks[1:] *= math.sqrt(1.0 - phi**2)
    values = coding.drift_sd * signal.lfilter([1.0], [1.0, -phi], shocks, axis=0)
    return np.column_stack([np.interp(times, knots, values[:, column]) for column in range(columns)])


def draw_moments(start_s: float, stop_s: float, a_minute: float, generator: np.random.Generator) -> FloatArray:
    """Return moments of a Poisson process, sorted."""
    count = generator.poisson(max(stop_s - start_s, 0.0) * a_minute / 60.0)
    return np.sort(generator.uniform(start_s, stop_s, count))


def add_own_movements(
    activity: FloatArray,
    times: FloatArray,
    units: Sequence[str],
    expressivity: Expressivity,
    factor: float,
    generator: np.random.Generator,
) -> None:
    """Add movements the face makes of itself to ``activity``, more of them at the start of the recording."""
    fastest = expressivity.movements_a_minute * factor * expressivity.early_factor
    moments = draw_moments(float(times[0]), float(times[-1]), fastest, generator)
    rate = 1.0 + (expressivity.early_factor - 1.0) * np.exp(-(moments - times[0]) / expressivity.settling_s)
    kept = moments[generator.random(len(moments)) < rate / expressivity.early_factor]
    patterns = generator.integers(0, len(PATTERNS), len(kept))
    heights = expressivity.movement_mean * math.sqrt(factor) * generator.exponential(size=len(kept))
    lengths = expressivity.movement_s * generator.lognormal(0.0, 0.4, len(kept))
    for moment, pattern, height, length in zip(kept, patterns, heights, lengths, strict=True):
        columns = [units.index(unit) for unit in PATTERNS[pattern] if unit in units]
        add_bump(activity, times, columns, start_s=moment, length_s=length, height=height)


def add_novelty(
    activity: FloatArray,
    times: FloatArray,
    units: Sequence[str],
    onsets: Iterable[tuple[float, int]],
    expressivity: Expressivity,
) -> None:
    """Add the brows' rise to each new picture; ``onsets`` are (onset, trial number)."""
    columns = [units.index(unit) for unit in BROWS if unit in units]
    for onset, trial in onsets:
        height = expressivity.novelty * math.exp(-trial / expressivity.novelty_trials)
        add_bump(activity, times, columns, start_s=onset + 0.2, length_s=2.0, height=height)


def add_blinks(
    activity: FloatArray, times: FloatArray, units: Sequence[str], a_minute: float, generator: np.random.Generator
) -> None:
    """Add blinks: AU45 closes fully, and AU05 (the height of the upper lid) falls with it."""
    closing, lid = [units.index(unit) for unit in ("AU45",)], [units.index(unit) for unit in ("AU05",)]
    for moment in draw_moments(float(times[0]), float(times[-1]), a_minute, generator):
        add_bump(activity, times, closing, start_s=moment, length_s=BLINK_S, height=1.0)
        add_bump(activity, times, lid, start_s=moment, length_s=BLINK_S, height=-1.0)


def add_bump(
    activity: FloatArray, times: FloatArray, columns: Sequence[int], *, start_s: float, length_s: float, height: float
) -> None:
    """Add a raised cosine of this height and length to some columns of ``activity``, in place."""
    first, last = np.searchsorted(times, [start_s, start_s + length_s])
    shape = height * 0.5 * (1.0 - np.cos(2.0 * math.pi * (times[first:last] - start_s) / length_s))
    activity[first:last, list(columns)] += shape[:, None]
