"""Frames of a recording at few moments around its stimuli: a tenth of the work, the same face.

Full frames come 28 times a second over the whole visit. A trial's mean, or the share of its frames above a threshold,
hardly changes when the face is looked at ten times a second and only around the stimuli: the noise between two looks
is mostly forgotten. What grows with the frame rate (peaks) or needs it (latencies) does change; those are measured from
full frames.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mimicrylab.simulate.camera import draw_conditions, find_faces
from mimicrylab.simulate.cohort import RecordingPlan
from mimicrylab.simulate.frames import UNITS, add_mimicry, compute_signals
from mimicrylab.simulate.movements import add_novelty, simulate_background
from mimicrylab.simulate.population import TWO_SIDED
from mimicrylab.simulate.responses import FloatArray

RATE_HZ = 10.0
MARGIN_S = 0.5
"""Looked at before and after the windows, so that their edges are covered."""


def simulate_coarse_frames(
    plan: RecordingPlan, *, first_s: float, last_s: float, rate_hz: float = RATE_HZ
) -> pl.DataFrame:
    """Return frames (schemas.FRAMES and action units) from ``first_s`` to ``last_s`` around each stimulus's onset."""
    person, population = plan.person, plan.population
    times = place_looks(plan, first_s=first_s, last_s=last_s, rate_hz=rate_hz)
    activity = simulate_background(person, population, times, units=UNITS)
    add_novelty(activity, times, UNITS, [(each.onset_s, each.trial) for each in plan.shown], population.expressivity)
    add_mimicry(activity, times, plan.shown, person=person, population=population)
    camera = person.open_stream("picture")
    conditions = draw_conditions(person, population, times, camera)
    found = find_faces(person, population.coding, times, camera)
    sides = population.coding.side_noise_sd * camera.normal(size=(len(times), len(TWO_SIDED)))
    columns = {**conditions, **compute_signals(activity, sides)}
    return pl.DataFrame(
        {
            "recording_id": pl.repeat(plan.recording_id, len(times), eager=True),
            "face": pl.repeat(0, len(times), dtype=pl.Int16, eager=True),
            "frame": pl.int_range(len(times), dtype=pl.Int32, eager=True),
            "time": times,
            "success": found,
            **{
                name: pl.Series(np.where(found, values, np.nan).astype(np.float32), nan_to_null=True)
                for name, values in columns.items()
            },
        }
    )


def place_looks(plan: RecordingPlan, *, first_s: float, last_s: float, rate_hz: float) -> FloatArray:
    """Return the moments looked at, in seconds of the recording; those of overlapping trials count once."""
    grid = np.arange(0.0, plan.duration_s, 1.0 / rate_hz)
    wanted = np.zeros(len(grid), dtype=bool)
    for each in plan.shown:
        start, stop = each.onset_s + first_s - MARGIN_S, each.onset_s + max(last_s, each.duration_s) + MARGIN_S
        first, last = np.searchsorted(grid, [start, stop])
        wanted[first:last] = True
    return np.asarray(np.round(grid[wanted], 6))
