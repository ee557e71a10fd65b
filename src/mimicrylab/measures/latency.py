"""Onset latency: when a movement starts, by a rule that is calibrated to its false-alarm rate for each person.

Zero is the start of the stimulus's MOVEMENT where the manifest knows it, not of the clip. A trial without an onset is
censored, not missing: analyse the share of responders and the time to onset (survival), not the mean of the onsets.
Automatically coded AU12 trails the electromyogram of zygomaticus by 100 to 300 ms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from mimicrylab.epochs.baseline import describe_baseline
from mimicrylab.errors import RefusedError
from mimicrylab.measures.calibration import (
    OnsetRule,
    Recording,
    Shape,
    calibrate_rule,
    list_strengths,
    list_stretches,
    prepare_recording,
)
from mimicrylab.measures.measure import TRIAL_KEY, Epochs, TrialMeasure
from mimicrylab.measures.onsets import FloatArray, find_first
from mimicrylab.measures.signals import Target
from mimicrylab.protocol.measurement import (
    FALSE_ALARM_RATE,
    LATENCY_MINIMUM_FPS,
    LATENCY_SUSTAINED_S,
    MeasureRequest,
)

RESPONDED = "_responded"
LEVEL = "_level"
SUSTAINED = "_sustained"
ALARMS = "_false_alarms"
NO_MOVEMENT = "the signal does not move at all in the baseline"

Rules = dict[tuple[str, str], list[OnsetRule]]


def measure_latency(epochs: Epochs, targets: Sequence[Target], request: MeasureRequest) -> pl.DataFrame:
    """Return the first time from which each signal stays above the person's calibrated level, a trial.

    Parameters
    ----------
    epochs
        Trials placed from the start of the stimulus's movement, with their baselines (mean and SD).
    targets
        Signals and composites.
    request
        ``false_alarm_rate`` (default .05), ``sustained_s`` (durations to choose from), ``calibrate_on`` (blank or
        neutral; where it is left out, blank, or neutral where blanks give too few pseudo-trials).

    Returns
    -------
    pl.DataFrame
        Five rows a trial and signal: the latency (s; null and ``censored`` where there is no onset), and, with
        ``suffix``, whether there is an onset (1 or 0) and the rule: level (SD), duration (s), false-alarm rate a
        trial.

    Raises
    ------
    RefusedError
        No baseline is declared: an onset is defined against one.
    """
    if epochs.baselines is None:
        raise RefusedError(
            "an onset latency needs a baseline to rise from",
            where=f"measure {request.label!r}",
            do="give it one:  baseline: {method: difference, start_s: -1, stop_s: 0}",
        )
    names = [target.name for target in targets]
    durations = request.sustained_s or LATENCY_SUSTAINED_S
    recordings = {
        str(key[0]): prepare_recording(frames, names, durations)
        for key, frames in epochs.batch.frames.group_by(["recording_id"], maintain_order=True)
    }
    visits = {
        str(recording): (str(person), str(session))
        for recording, person, session in epochs.batch.recordings.select(
            "recording_id", "participant_id", "session_id"
        ).iter_rows()
    }
    rules = _calibrate_visits(epochs, recordings, visits, names, request)
    known = epochs.placed.select(*TRIAL_KEY, "zero_s", "start_s", "stop_s").join(
        epochs.baselines, on=TRIAL_KEY, how="left", maintain_order="left"
    )
    rows: list[dict[str, Any]] = []
    for trial in known.iter_rows(named=True):
        recording = recordings.get(trial["recording_id"])
        if recording is not None:
            rows += _measure_trial(trial, recording, rules[visits[trial["recording_id"]]], names)
        else:
            rows += [row for name in names for row in _make_missing(trial, name, reason="no frame in the window")]
    schema = _SCHEMA | {"trial": epochs.placed.schema["trial"]}
    described = pl.lit(describe_baseline(epochs.baseline)).alias("baseline")
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(described)


_SCHEMA = {
    "recording_id": pl.String,
    "trial": pl.Int32,
    "signal": pl.String,
    "value": pl.Float64,
    "n_frames": pl.Int32,
    "censored": pl.Boolean,
    "reason": pl.String,
    "suffix": pl.String,
    "unit": pl.String,
}


def _calibrate_visits(
    epochs: Epochs,
    recordings: dict[str, Recording],
    visits: dict[str, tuple[str, str]],
    names: Sequence[str],
    request: MeasureRequest,
) -> Rules:
    """Return each visit's rule for each signal."""
    rate = request.false_alarm_rate or FALSE_ALARM_RATE
    start, stop = (float(epochs.placed[column].max() or 0.0) for column in ("start_s", "stop_s"))  # type: ignore[arg-type]
    shape = Shape(epochs.baseline, start, stop)
    kinds = [request.calibrate_on] if request.calibrate_on else ["blank", "neutral"]
    chosen: Rules = {}
    for kind in kinds:
        stretches = list_stretches(epochs.batch.steps, epochs.batch.trials, kind=str(kind))
        for visit in sorted(set(visits.values())):
            mine = {name: recordings[name] for name, of in visits.items() if of == visit and name in recordings}
            found = [_calibrate_signal(mine, stretches, shape, index, rate, request) for index in range(len(names))]
            before = chosen.get(visit, found)
            chosen[visit] = [_choose_rule(old, new) for old, new in zip(before, found, strict=True)]
    return chosen


def _choose_rule(first: OnsetRule, second: OnsetRule) -> OnsetRule:
    """Return the first rule, or the second where the first has no level and the second has one."""
    return second if math.isinf(first.level_sd) and not math.isinf(second.level_sd) else first


def _calibrate_signal(
    recordings: dict[str, Recording],
    stretches: dict[str, list[tuple[float, float]]],
    shape: Shape,
    index: int,
    rate: float,
    request: MeasureRequest,
) -> OnsetRule:
    strengths: dict[float, list[FloatArray]] = {
        duration: [
            list_strengths(recording, stretch, shape, sustained_s=duration)[:, index]
            for name, recording in recordings.items()
            for stretch in stretches.get(name, [])
        ]
        for duration in (request.sustained_s or LATENCY_SUSTAINED_S)
    }
    return calibrate_rule(strengths, false_alarm_rate=rate)


def _measure_trial(
    trial: dict[str, Any], recording: Recording, rules: Sequence[OnsetRule], names: Sequence[str]
) -> list[dict[str, Any]]:
    series = recording.series
    edges = trial["zero_s"] + np.array([trial["start_s"], trial["stop_s"]]) - 1e-6
    first, stop = (int(index) for index in np.searchsorted(series.times, edges, side="left"))
    fps = 1 / series.interval_s
    rows = []
    for index, (name, rule) in enumerate(zip(names, rules, strict=True)):
        mean, sd = trial[name], trial[f"{name}:sd"]
        reason = _find_obstacle(fps, rule, mean, sd, trial["baseline_reason"])
        seen = int((~np.isnan(series.values[first:stop, index])).sum())
        if reason is not None:
            rows += _make_missing(trial, name, n_frames=seen, reason=reason)
            continue
        level = np.full(len(names), np.inf)
        level[index] = mean + rule.level_sd * sd
        frame = int(find_first(recording.sustained[rule.sustained_s], first, stop, level=level)[index])
        onset = None if frame < 0 else round(float(series.times[frame]) - trial["zero_s"], 6)
        rows.append(_make_row(trial, name, value=onset, n_frames=seen, censored=onset is None))
        rows += [
            _make_row(trial, name, value=value, n_frames=seen, suffix=suffix, unit=unit)
            for suffix, value, unit in (
                (RESPONDED, float(onset is not None), "share of trials"),
                (LEVEL, rule.level_sd, "SD of the baseline"),
                (SUSTAINED, rule.sustained_s, "s"),
                (ALARMS, rule.false_alarm_rate, "share of pseudo-trials"),
            )
            if not math.isnan(value)
        ]
    return rows


def _find_obstacle(
    fps: float, rule: OnsetRule, mean: float | None, sd: float | None, baseline_reason: str | None
) -> str | None:
    if not fps >= LATENCY_MINIMUM_FPS - 0.1:
        return f"{fps:.3g} frames/s: an onset needs {LATENCY_MINIMUM_FPS:g}"
    if baseline_reason is not None:
        return baseline_reason
    if math.isinf(rule.level_sd):
        return f"{rule.n_windows} pseudo-trials are too few to calibrate the onset rule"
    if mean is None or sd is None:
        return "no valid value in the baseline"
    return NO_MOVEMENT if sd == 0 else None


def _make_missing(trial: dict[str, Any], name: str, *, n_frames: int = 0, reason: str) -> list[dict[str, Any]]:
    """Return the rows of a trial in which an onset cannot be looked for."""
    unit = "share of trials"
    return [
        _make_row(trial, name, value=None, n_frames=n_frames, reason=reason),
        _make_row(trial, name, value=None, n_frames=n_frames, reason=reason, suffix=RESPONDED, unit=unit),
    ]


def _make_row(
    trial: dict[str, Any],
    name: str,
    *,
    value: float | None,
    n_frames: int = 0,
    censored: bool | None = None,
    reason: str | None = None,
    suffix: str = "",
    unit: str = "s",
) -> dict[str, Any]:
    return {
        "recording_id": trial["recording_id"],
        "trial": trial["trial"],
        "signal": name,
        "value": value,
        "n_frames": n_frames,
        "censored": censored,
        "reason": reason,
        "suffix": suffix,
        "unit": unit,
    }


LATENCY = TrialMeasure(
    "latency",
    "first time from which the signal stays above a level calibrated to its false-alarm rate",
    "ours; the fixed rule it replaces is usual in facial electromyography",
    measure_latency,
    baseline="spread",
    parameters=frozenset({"false_alarm_rate", "calibrate_on", "sustained_s"}),
    unit=lambda _signal_unit: "s",
    averaged=(RESPONDED,),
    from_movement=True,
)
