"""A tiny study: one recording at 10 frames/s, trials of 2 s every 5 s from 5 s on, signals given as functions of time.

Trial k starts at 5 + 5k s. Between trials there are blanks, so the last second before each onset is a baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from mimicrylab.epochs.trials import list_steps, list_trials
from mimicrylab.measures.measure import Batch
from mimicrylab.measures.requests import prepare_measures
from mimicrylab.measures.rows import cut_windows, mark_batch, measure_all_baselines, measure_batch
from mimicrylab.measures.signals import CoderSignals
from mimicrylab.protocol.limits import Quality
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from mimicrylab.schemas import EVENTS, MEASURES, RECORDINGS
from mimicrylab.tables import conform_table

FIRST_ONSET_S = 5.0
EVERY_S = 5.0
SHOWN_S = 2.0
WINDOW = Window(stop_s=2.0)
NO_BASELINE = Baseline(method="none")


def make_frames(
    signals: Mapping[str, pl.Expr],
    *,
    recording: str = "r",
    duration_s: float = 30.0,
    fps: float = 10.0,
    lost: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return frames whose signals are expressions of ``time``; frames for which ``lost`` is true have no face."""
    n = round(duration_s * fps)
    frames = pl.DataFrame({"frame": pl.Series(range(n), dtype=pl.Int32)}).with_columns(
        recording_id=pl.lit(recording), face=pl.lit(0, pl.Int16), time=(pl.col("frame") / fps).round(6)
    )
    frames = frames.with_columns(success=~lost if lost is not None else pl.lit(True)).with_columns(
        confidence=pl.lit(0.9, pl.Float32)
    )
    return frames.with_columns(pl.when("success").then(value).alias(name) for name, value in signals.items())


def make_recordings(*names: str) -> pl.DataFrame:
    rows = [{"recording_id": n, "session_id": f"s_{n}", "participant_id": f"p_{n}", "segment": 0} for n in names]
    return conform_table(pl.DataFrame(rows), RECORDINGS, where="recordings")


def make_events(emotions: Sequence[str | None], *, recording: str = "r", **columns: object) -> pl.DataFrame:
    """Return a blank before and a stimulus for each emotion."""
    rows: list[dict[str, object]] = []
    for k, emotion in enumerate(emotions):
        onset = FIRST_ONSET_S + EVERY_S * k
        base = {"session_id": f"s_{recording}", "recording_id": recording, "block": "b", "block_role": "test"}
        blank = EVERY_S - SHOWN_S if k else FIRST_ONSET_S
        rows.append({**base, "onset": onset - blank, "duration": blank, "trial_type": "blank"})
        shown = {"trial": k, "stimulus": f"st{k}", "stimulus_emotion": emotion, "model_id": f"m{k % 2}"}
        rows.append({**base, **shown, "onset": onset, "duration": SHOWN_S, "trial_type": "stimulus", **columns})
    return conform_table(pl.DataFrame(rows, infer_schema_length=None), EVENTS, where="events")


def measure(
    frames: pl.DataFrame,
    events: pl.DataFrame,
    *requests: MeasureRequest,
    signals: CoderSignals | None = None,
    congruence: Mapping[str, Sequence[str]] | None = None,
    baseline: Baseline = NO_BASELINE,
    limits: Quality | None = None,
    window: Window | None = WINDOW,
) -> pl.DataFrame:
    """Return the rows of the measures of trials asked for, checked against their schema."""
    limits = limits or Quality()
    columns = [name for name in frames.columns if name[0].isupper()]
    prepared = prepare_measures(
        requests,
        signals or CoderSignals("c", tuple(columns)),
        windows={"response": window} if window else {},
        baseline=baseline,
        congruence=congruence or {},
    )
    batch = make_batch(frames, events, prepared.trials, limits)
    windows = cut_windows(batch, prepared.trials, limits)
    baselines = measure_all_baselines(batch, prepared.trials)
    rows = pl.concat(
        measure_batch(batch, prepared.trials, windows=windows, baselines=baselines, coder="c", limits=limits)
    )
    return conform_table(rows, MEASURES, where="measures")


def make_batch(frames: pl.DataFrame, events: pl.DataFrame, prepared: object, limits: Quality) -> Batch:
    recordings = make_recordings(*sorted(set(frames["recording_id"])))
    return mark_batch(
        frames.lazy(),
        prepared,  # type: ignore[arg-type]
        recordings=recordings,
        trials=list_trials(events, recordings),
        steps=list_steps(events),
        limits=limits,
    )


def take_trials(rows: pl.DataFrame, signal: str | None = None, measure: str | None = None) -> pl.DataFrame:
    chosen = rows.filter(pl.col("trial").is_not_null())
    if signal is not None:
        chosen = chosen.filter(pl.col("signal") == signal)
    return chosen if measure is None else chosen.filter(pl.col("measure") == measure)
