"""Calibrate the onset rule of each visit on pseudo-trials: windows of the same shape in which nothing was shown.

The field's fixed rule (2.5 SD for 100 ms) finds an onset in 31 % of 2-s windows of autocorrelated noise and in 62 % of
10-s windows. Here level c and duration d are chosen a person and signal, so that noise alone passes in at most 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from mimicrylab.epochs.trials import QUIET_TYPES
from mimicrylab.measures.onsets import (
    FloatArray,
    Moments,
    Series,
    Sustained,
    choose_level,
    describe_stretch,
    estimate_rate,
    find_sustained,
    measure_strength,
    sum_up,
)
from mimicrylab.protocol.measurement import Baseline

STEP_S = 0.5
"""Pseudo-trials start every half second within a stretch; closer ones hardly add any information."""
REACHABLE_LEVEL = 6.0
"""A duration whose level is above 6 SD finds only strong movements; a longer one is tried first."""
MINIMUM_WINDOW_SHARE = 0.8
"""A pseudo-trial counts, as a trial does, with 80 % of its frames."""


@dataclass(frozen=True)
class Shape:
    """The shape of a trial: its baseline and its window, in seconds from zero."""

    baseline: Baseline
    start_s: float
    stop_s: float


@dataclass(frozen=True)
class Recording:
    """One recording, ready for onsets: its series, running sums, and least values for each duration."""

    series: Series
    moments: Moments
    sustained: Mapping[float, Sustained]


@dataclass(frozen=True)
class OnsetRule:
    """The calibrated rule of one visit and signal.

    ``level_sd`` is c (infinite: noise gave too few windows), ``sustained_s`` is d, ``false_alarm_rate`` the rate
    estimated with each stretch left out in turn (NaN: one stretch only), ``n_windows`` the pseudo-trials behind it.
    """

    level_sd: float
    sustained_s: float
    false_alarm_rate: float
    n_windows: int


def prepare_recording(frames: pl.DataFrame, names: Sequence[str], durations: Sequence[float]) -> Recording:
    """Return one recording's signals as arrays, with what onsets are found by."""
    values = frames.select(pl.col(list(names)).cast(pl.Float64)).to_numpy()
    holes = np.cumsum(frames["gap_s"].to_numpy() > 0).astype(np.int64)
    interval = float(frames["interval_s"].cast(pl.Float64).fill_null(math.nan).to_numpy()[0])
    series = Series(
        frames["time"].to_numpy().astype(np.float64),
        values.astype(np.float64),
        holes,
        interval,
    )
    return Recording(series, sum_up(series), {d: find_sustained(series, d) for d in durations})


def list_stretches(steps: pl.DataFrame, trials: pl.DataFrame, *, kind: str) -> dict[str, list[tuple[float, float]]]:
    """Return, for each recording, the stretches of time in which nothing is shown that could be mimicked.

    ``blank``: blank, fixation and rest, joined where they follow one another; ``neutral``: neutral stimuli that are
    analysed, from onset to end.
    """
    if kind == "neutral":
        neutral = trials.filter(
            (pl.col("stimulus_emotion") == "neutral") & (pl.col("block_role").fill_null("test") != "washout")
        )
        shown = steps.filter(pl.col("trial_type") == "stimulus").join(
            neutral.select("recording_id", "trial"), on=["recording_id", "trial"], how="semi"
        )
    else:
        shown = steps.filter(pl.col("trial_type").is_in(QUIET_TYPES))
    stretches: dict[str, list[tuple[float, float]]] = {}
    for recording, start, stop in shown.select("recording_id", "step_start_s", "step_stop_s").iter_rows():
        found = stretches.setdefault(recording, [])
        if kind != "neutral" and found and start - found[-1][1] < 1e-3:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return stretches


def list_strengths(
    recording: Recording, stretch: tuple[float, float], shape: Shape, *, sustained_s: float
) -> FloatArray:
    """Return the strengths (pseudo-trials, signals) of a stretch; pseudo-trials with too few frames are left out."""
    found = list(_measure_stretch(recording, stretch, shape, recording.sustained[sustained_s]))
    return np.array(found) if found else np.empty((0, recording.series.values.shape[1]))


def _measure_stretch(
    recording: Recording, stretch: tuple[float, float], shape: Shape, sustained: Sustained
) -> Iterator[FloatArray]:
    begin, end = stretch
    earliest = min(shape.baseline.start_s, shape.start_s)
    zero = begin - earliest
    while zero + max(shape.stop_s, shape.baseline.stop_s) <= end + 1e-9:
        yield _measure_window(recording, zero, shape, sustained)
        zero += STEP_S


def _measure_window(recording: Recording, zero: float, shape: Shape, sustained: Sustained) -> FloatArray:
    series = recording.series
    edges = zero + np.array([shape.baseline.start_s, shape.baseline.stop_s, shape.start_s, shape.stop_s]) - 1e-6
    b0, b1, w0, w1 = (int(index) for index in np.searchsorted(series.times, edges, side="left"))
    rested, mean, sd = describe_stretch(recording.moments, b0, b1)
    seen, _, _ = describe_stretch(recording.moments, w0, w1)
    rest_share = rested * series.interval_s / (shape.baseline.stop_s - shape.baseline.start_s)
    seen_share = seen * series.interval_s / (shape.stop_s - shape.start_s)
    counts = (rest_share >= shape.baseline.minimum_valid - 0.02) & (seen_share >= MINIMUM_WINDOW_SHARE - 0.02)
    strength = measure_strength(sustained, w0, w1, mean=mean, sd=sd)
    return np.where(counts, strength, np.nan)


def calibrate_rule(strengths: Mapping[float, Sequence[FloatArray]], *, false_alarm_rate: float) -> OnsetRule:
    """Return the rule of one signal: the shortest duration whose level is reachable, else the one with the lowest.

    Parameters
    ----------
    strengths
        Duration -> the strengths of each stretch's pseudo-trials (NaN: does not count).
    false_alarm_rate
        Share of trials without a movement that may have an onset.
    """
    rules = []
    for duration, stretches in sorted(strengths.items()):
        known = [kept for stretch in stretches if len(kept := stretch[~np.isnan(stretch)])]
        pooled = np.concatenate(known) if known else np.empty(0)
        level = choose_level(pooled, false_alarm_rate)
        rules.append(OnsetRule(level, duration, estimate_rate(known, false_alarm_rate), len(pooled)))
    reachable = [rule for rule in rules if rule.level_sd <= REACHABLE_LEVEL]
    return reachable[0] if reachable else min(rules, key=lambda rule: rule.level_sd)
