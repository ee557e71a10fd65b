"""Frames of a recording with known shares of presence, as OpenFace would have written them.

Behind each action unit runs a level that forgets itself within ``LATENT_S``, differs from trial to trial, and rises
after a stimulus that shows the unit. The unit is present (``AU12_c`` 1) where the level is above a limit, and the limit
of each block is set so that the share of the block's found frames above it is exactly the person's share. Intensities
(``AU12_r``) rise with the level. Where no face is found every column is null, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import signal

from mimicrylab.simulate.camera import BoolArray, draw_conditions, draw_times, find_faces
from mimicrylab.simulate.frames import Shown, make_column
from mimicrylab.simulate.people import Person
from mimicrylab.simulate.population import Population
from mimicrylab.simulate.responses import FloatArray, shape_response

NAME = "openface"
"""Name of the reader of these files."""

LATENT_S = 1.0
"""Movements of one's own last about a second."""

TRIAL_SD = 0.5
RESPONSE = 0.8
"""Spread from trial to trial, and the response's height, both in standard deviations of the level."""

INTENSITY_AT_LIMIT, INTENSITY_BY_LEVEL, INTENSITY_NOISE = 1.0, 0.6, 0.1
"""A present unit has the intensity of a trace (FACS A = 1) at least, about."""

HIGHEST_INTENSITY = 5.0


def simulate_openface(
    person: Person, population: Population, shown: Sequence[Shown], *, recording_id: str, duration_s: float
) -> pl.DataFrame:
    """Return the frames of one recording (schemas.FRAMES, and a column ``_r`` and ``_c`` for each action unit).

    Parameters
    ----------
    person
        Whose face; ``person.shares`` must be there.
    shown
        Stimuli in order of time.
    duration_s
        Length of the recording from its first frame on.
    """
    presence = population.presence
    units = presence.units if presence is not None else ()
    times = draw_times(person, population, duration_s)
    camera = person.open_stream("picture")
    conditions = draw_conditions(person, population, times, camera)
    found = find_faces(person, population.coding, times, camera)
    levels = draw_levels(person, population, times, shown, units=units)
    limits = find_limits(person, levels, times, shown, found=found, units=units)
    present = (levels > limits).astype(np.float64)
    noise = INTENSITY_NOISE * person.open_stream("face").normal(size=levels.shape)
    strength = INTENSITY_AT_LIMIT + INTENSITY_BY_LEVEL * (levels - limits) + noise
    intensities = np.asarray(np.round(np.clip(strength, 0.0, HIGHEST_INTENSITY), 2), dtype=np.float64)
    columns = {name: values for name, values in conditions.items() if name not in {"sharpness", "luminance"}}
    columns |= {f"{unit}_r": intensities[:, place] for place, unit in enumerate(units)}
    columns |= {f"{unit}_c": present[:, place] for place, unit in enumerate(units)}
    base = pl.DataFrame(
        {
            "recording_id": pl.repeat(recording_id, len(times), eager=True),
            "face": pl.repeat(0, len(times), dtype=pl.Int16, eager=True),
            "frame": pl.int_range(len(times), dtype=pl.Int32, eager=True),
            "time": times,
            "success": found,
            "sharpness": pl.repeat(None, len(times), dtype=pl.Float32, eager=True),
            "luminance": pl.repeat(None, len(times), dtype=pl.Float32, eager=True),
        }
    )
    return base.with_columns(make_column(name, values, found) for name, values in columns.items())


def draw_levels(
    person: Person, population: Population, times: FloatArray, shown: Sequence[Shown], *, units: Sequence[str]
) -> FloatArray:
    """Return the level behind each unit, ``[frames, units]``: AR(1) with a spread of 1, plus trials and responses."""
    generator = person.open_stream("trials")
    interval = float(np.median(np.diff(times)))
    phi = math.exp(-interval / LATENT_S)
    shocks = generator.normal(size=(len(times), len(units)))
    shocks[1:] *= math.sqrt(1.0 - phi**2)
    levels = np.asarray(signal.lfilter([1.0], [1.0, -phi], shocks, axis=0))
    for each in shown:
        first, last = np.searchsorted(times, [each.onset_s, each.onset_s + each.duration_s])
        levels[first:last] += TRIAL_SD * generator.normal(size=len(units))
        response = shape_response(
            times[first:last] - each.onset_s,
            latency_s=population.mimicry.latency_s,
            shown_s=each.duration_s,
            mimicry=population.mimicry,
        )
        columns = [units.index(unit) for unit in each.action_units if unit in units]
        levels[first:last, columns] += RESPONSE * response[:, None]
    return levels


def find_limits(
    person: Person,
    levels: FloatArray,
    times: FloatArray,
    shown: Sequence[Shown],
    *,
    found: BoolArray,
    units: Sequence[str],
) -> FloatArray:
    """Return the limit of each frame and unit: that of its block, from the block's first stimulus to the next's."""
    limits = np.empty_like(levels)
    blocks = list(dict.fromkeys(each.block for each in shown))
    starts = [min(each.onset_s for each in shown if each.block == block) for block in blocks]
    edges = [0, *np.searchsorted(times, starts[1:]).tolist(), len(times)]
    for place, block in enumerate(blocks):
        trials = [each for each in shown if each.block == block]
        counted = np.zeros(len(times), dtype=bool)
        for each in trials:
            first, last = np.searchsorted(times, [each.onset_s, each.onset_s + each.duration_s])
            counted[first:last] = True
        shares = person.shares[trials[0].emotion]
        values = np.sort(levels[counted & found], axis=0)
        for column, unit in enumerate(units):
            limits[edges[place] : edges[place + 1], column] = _cut_share(values[:, column], shares[unit])
    return limits


def _cut_share(ordered: FloatArray, share: float) -> float:
    """Return the limit that a share of the sorted values is above."""
    if not len(ordered):
        return 0.0
    below = len(ordered) - round(share * len(ordered))
    low = ordered[below - 1] if below > 0 else ordered[0] - 1.0
    high = ordered[below] if below < len(ordered) else ordered[-1] + 1.0
    return float((low + high) / 2)
