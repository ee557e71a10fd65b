"""How far a signal moves in a window: mean, peak, 95th percentile, largest mean of short bins, and the bins themselves.

A peak grows with the frame rate and with the window, because noise has more chances: for white noise of SD 1 its
expected value is 2.16 at 10 frames/s over 2 s and 3.10 at 30 frames/s over 10 s. The largest mean of 500-ms bins and
the 95th percentile hardly do.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from mimicrylab.measures.measure import TRIAL_KEY, Epochs, TrialMeasure, widen_to_rows
from mimicrylab.measures.signals import Target
from mimicrylab.protocol.measurement import BIN_S, MeasureRequest

PERCENTILE = 0.95
BIN_MINIMUM_SHARE = 0.5
"""A bin with fewer than half of its frames has no mean: a few frames would win every maximum."""
SMALL = 1e-9


def _summarise(epochs: Epochs, targets: Sequence[Target], summarise: str) -> pl.DataFrame:
    names = [target.name for target in targets]
    wide = epochs.frames.group_by(TRIAL_KEY).agg(
        *[_SUMMARIES[summarise](pl.col(name)).alias(name) for name in names],
        *[pl.col(name).count().alias(f"{name}:n") for name in names],
    )
    whole = epochs.placed.select(TRIAL_KEY).join(wide, on=TRIAL_KEY, how="left", maintain_order="left")
    return widen_to_rows(whole, names)


_SUMMARIES = {
    "mean": lambda column: column.mean(),
    "peak": lambda column: column.max(),
    "percentile": lambda column: column.quantile(PERCENTILE, interpolation="linear"),
}


def measure_mean(epochs: Epochs, targets: Sequence[Target], _request: MeasureRequest) -> pl.DataFrame:
    """Return the mean of each signal over the valid frames of each trial's window."""
    return _summarise(epochs, targets, "mean")


def measure_peak(epochs: Epochs, targets: Sequence[Target], _request: MeasureRequest) -> pl.DataFrame:
    """Return the largest value of each signal in each trial's window."""
    return _summarise(epochs, targets, "peak")


def measure_percentile(epochs: Epochs, targets: Sequence[Target], _request: MeasureRequest) -> pl.DataFrame:
    """Return the 95th percentile of each signal in each trial's window (linear interpolation)."""
    return _summarise(epochs, targets, "percentile")


def measure_bins(epochs: Epochs, targets: Sequence[Target], request: MeasureRequest) -> pl.DataFrame:
    """Return the mean of each signal in each whole bin of each trial's window.

    Bins are ``[start + k bin, start + (k + 1) bin)``; a rest shorter than a bin at the end of the window is left out,
    and a bin with fewer than half of the frames that the face's own rate would give has no value.
    """
    names = [target.name for target in targets]
    bins = _average_bins(epochs, names, bin_s=request.bin_s or BIN_S)
    return widen_to_rows(bins, names, keys=(*TRIAL_KEY, "window_start_s", "window_stop_s"))


def measure_peak_of_means(epochs: Epochs, targets: Sequence[Target], request: MeasureRequest) -> pl.DataFrame:
    """Return the largest of the bins' means (500 ms unless ``bin_s`` says otherwise) in each trial's window."""
    names = [target.name for target in targets]
    bins = _average_bins(epochs, names, bin_s=request.bin_s or BIN_S)
    wide = bins.group_by(TRIAL_KEY, maintain_order=True).agg(
        *[pl.col(name).max() for name in names], *[pl.col(f"{name}:n").sum() for name in names]
    )
    whole = epochs.placed.select(TRIAL_KEY).join(wide, on=TRIAL_KEY, how="left", maintain_order="left")
    return widen_to_rows(whole, names)


def _average_bins(epochs: Epochs, names: Sequence[str], *, bin_s: float) -> pl.DataFrame:
    """Return one row for each trial and bin, in order, with each signal's mean and number of frames."""
    placed = epochs.placed.select(*TRIAL_KEY, "start_s", "stop_s")
    count = ((pl.col("stop_s") - pl.col("start_s")) / bin_s + SMALL).floor().cast(pl.Int32)
    grid = (
        placed.with_columns(pl.int_ranges(0, count).alias("bin"))
        .explode("bin", empty_as_null=False)
        .with_columns(pl.col("bin").cast(pl.Int32))
    )
    starts = placed.select(*TRIAL_KEY, "start_s")
    index = ((pl.col("t") - pl.col("start_s")) / bin_s + SMALL).floor().cast(pl.Int32)
    wide = (
        epochs.frames.select(*TRIAL_KEY, "t", "interval_s", *names)
        .join(starts, on=TRIAL_KEY, how="left")
        .group_by(*TRIAL_KEY, index.alias("bin"))
        .agg(
            pl.col("interval_s").first(),
            *[pl.col(name).mean() for name in names],
            *[pl.col(name).count().alias(f"{name}:n") for name in names],
        )
    )
    needed = (bin_s / pl.col("interval_s")) * BIN_MINIMUM_SHARE
    start = pl.col("start_s") + pl.col("bin") * bin_s
    return (
        grid.join(wide, on=[*TRIAL_KEY, "bin"], how="left", maintain_order="left")
        .with_columns(pl.when(pl.col(f"{name}:n") >= needed).then(pl.col(name)).alias(name) for name in names)
        .with_columns(start.round(6).alias("window_start_s"), (start + bin_s).round(6).alias("window_stop_s"))
    )


MEAN = TrialMeasure(
    "mean",
    "mean of the valid frames in the window",
    "the amplitude that most studies with automated coding report",
    measure_mean,
)
PEAK = TrialMeasure(
    "peak",
    "largest value in the window; grows with frame rate and window",
    "Kovalchuk et al. (2022)",
    measure_peak,
    grows_with_rate=True,
)
PERCENTILE_95 = TrialMeasure(
    "percentile_95", "95th percentile of the window: a peak that one frame cannot make", "ours", measure_percentile
)
PEAK_OF_MEANS = TrialMeasure(
    "peak_of_means",
    "largest mean of the window's bins (500 ms unless bin_s says otherwise): comparable across frame rates",
    "ours, after the bins of facial electromyography",
    measure_peak_of_means,
    parameters=frozenset({"bin_s"}),
)
BINS = TrialMeasure(
    "bins",
    "mean of each bin of the window (500 ms unless bin_s says otherwise)",
    "the bins of facial electromyography (Dimberg, Thunberg & Elmehed, 2000)",
    measure_bins,
    parameters=frozenset({"bin_s"}),
)
