"""Time courses around onset: bins of each trial, each person's mean over trials, for figures and for models of time.

Each trial is averaged within a bin, then trials within a person, so that a trial with more frames weighs the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from mimicrylab.epochs.baseline import apply_baseline, describe_baseline, name_unit
from mimicrylab.epochs.cut import cut_epochs, place_window
from mimicrylab.protocol.measurement import Baseline, BaselineMethod, Window

BIN_S = 0.2
"""Five frames at 25 frames/s: short enough for a rise of a third of a second, long enough to be a mean."""

TRIAL_KEY = ("recording_id", "trial")
PERSON_BIN = ("participant_id", "stimulus_emotion", "bin")
SMALL = 1e-9


def average_people(
    frames: pl.LazyFrame,
    trials: pl.DataFrame,
    *,
    window: Window,
    signals: Sequence[str],
    method: BaselineMethod,
    baselines: pl.DataFrame | None,
    bin_s: float = BIN_S,
) -> pl.DataFrame:
    """Return each person's mean time course of each signal for each stimulus emotion, a column a signal.

    Parameters
    ----------
    frames
        Marked frames whose signals are null in lost frames.
    trials
        The trials that count, of whole participants (rows of :func:`mimicrylab.epochs.trials.list_trials`).
    window
        From where to where, s from onset; bins are aligned to the onset, and a rest at the end is left out.
    signals
        Columns to average.
    method, baselines
        How a baseline is applied to the bins of a trial, and the trials' baselines (None: no baseline).
    bin_s
        Length of a bin.

    Returns
    -------
    pl.DataFrame
        ``participant_id, stimulus_emotion, bin`` (``[bin x bin_s, (bin + 1) x bin_s)``) and for each signal
        ``<signal>`` (mean of the trials' means), ``<signal>:trials`` and ``<signal>:n`` (frames); in order. A trial
        without a baseline is left out where one is applied; a bin without a valid frame is null, with 0 trials.
    """
    bins = bin_trials(frames, trials, window=window, signals=signals, bin_s=bin_s)
    if baselines is not None:
        before = baselines.select(*TRIAL_KEY, *[pl.col(name).alias(f"{name}:before") for name in signals])
        bins = bins.join(before, on=TRIAL_KEY, how="left", maintain_order="left").with_columns(
            apply_baseline(pl.col(name), pl.col(f"{name}:before"), method).alias(name) for name in signals
        )
    whose = trials.select(*TRIAL_KEY, "participant_id", "stimulus_emotion")
    return (
        bins.join(whose, on=TRIAL_KEY, how="left", maintain_order="left")
        .group_by(PERSON_BIN, maintain_order=True)
        .agg(
            *[pl.col(name).mean() for name in signals],
            *[pl.col(name).count().cast(pl.Int32).alias(f"{name}:trials") for name in signals],
            *[pl.col(f"{name}:n").filter(pl.col(name).is_not_null()).sum().cast(pl.Int32) for name in signals],
        )
        .sort(PERSON_BIN, nulls_last=True)
    )


def list_timecourses(
    people: pl.DataFrame,
    *,
    units: Mapping[str, str],
    coder: str,
    baseline: Baseline | None,
    bin_s: float = BIN_S,
) -> Iterator[pl.DataFrame]:
    """Yield the rows of ``schemas.TIMECOURSES`` of each signal, in order of person, emotion and time.

    Parameters
    ----------
    people
        What :func:`average_people` returned, for all people.
    units
        Signal -> unit of its values before the baseline.
    coder
        Whose frames these are.
    baseline
        The baseline that was applied; None: none.
    bin_s
        Length of a bin.
    """
    applied = describe_baseline(baseline) if baseline else None
    method = baseline.method if baseline else "none"
    for name, unit in units.items():
        yield people.select(
            "participant_id",
            pl.lit(coder).alias("coder"),
            "stimulus_emotion",
            pl.lit(name).alias("signal"),
            (pl.col("bin") * bin_s).round(6).alias("bin_start_s"),
            ((pl.col("bin") + 1) * bin_s).round(6).alias("bin_stop_s"),
            pl.lit(applied, pl.String).alias("baseline"),
            pl.col(name).cast(pl.Float64).alias("value"),
            pl.lit(name_unit(unit, method)).alias("unit"),
            pl.col(f"{name}:trials").alias("n_trials"),
            pl.col(f"{name}:n").alias("n_frames"),
        )


def bin_trials(
    frames: pl.LazyFrame, trials: pl.DataFrame, *, window: Window, signals: Sequence[str], bin_s: float = BIN_S
) -> pl.DataFrame:
    """Return the mean of each signal in each whole bin of each trial, with the number of valid frames.

    Returns
    -------
    pl.DataFrame
        ``recording_id, trial, bin`` (``[bin x bin_s, (bin + 1) x bin_s)`` from onset; -1 is the bin before it), then
        ``<signal>`` and ``<signal>:n`` for each signal. A trial that was recorded has every bin, with null and 0 where
        no valid frame lies.
    """
    first, stop = math.ceil(window.start_s / bin_s - SMALL), math.floor(window.stop_s / bin_s + SMALL)
    placed = place_window(trials, window)
    index = (pl.col("t") / bin_s + SMALL).floor().cast(pl.Int32).alias("bin")
    found = (
        cut_epochs(frames, placed)
        .group_by(*TRIAL_KEY, index)
        .agg(*[pl.col(name).mean() for name in signals], *[pl.col(name).count().alias(f"{name}:n") for name in signals])
        .collect()
    )
    recorded = placed.select(TRIAL_KEY).join(found.select(TRIAL_KEY).unique(), on=TRIAL_KEY, how="semi")
    grid = recorded.join(pl.DataFrame({"bin": pl.Series(range(first, stop), dtype=pl.Int32)}), how="cross")
    return grid.join(found, on=[*TRIAL_KEY, "bin"], how="left", maintain_order="left").with_columns(
        pl.col(f"{name}:n").fill_null(0) for name in signals
    )
