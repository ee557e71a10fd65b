"""From trials to conditions: one value of a person for each stimulus emotion (a cell of the design).

The default is the mean of the trials' values, so that every clip weighs the same. Pavarini et al. (2019) pooled the
frames of a block, so that a clip with more valid frames weighs more; Kovalchuk et al. (2022) took the largest value.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from mimicrylab.protocol.limits import CellLimits

Aggregate = Literal["mean_of_trials", "pooled_frames", "maximum"]

CELL_KEY = (
    "participant_id",
    "session_id",
    "coder",
    "stimulus_emotion",
    "signal",
    "measure",
    "window_start_s",
    "baseline",
    "unit",
)
COMPUTED = frozenset({"value", "n_frames", "share_valid", "reason", "trial", "censored"})
"""Columns that a cell has a value of its own of; every other column is kept where all trials of the cell share it."""


def aggregate_trials(
    rows: pl.DataFrame, limits: CellLimits, *, how: Aggregate = "mean_of_trials", by: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Return one row for each person, visit, emotion, signal, measure and bin from rows of trials.

    Parameters
    ----------
    rows
        Rows of ``schemas.MEASURES`` of trials. Washout trials and stimuli without an emotion are left out.
    limits
        How many of a cell's trials must count.
    how
        ``mean_of_trials``; ``pooled_frames``: mean weighted by valid frames; ``maximum``: the largest trial value.
    by
        Further columns that separate cells (``("phase",)``, ``("block",)``).

    Returns
    -------
    pl.DataFrame
        Rows of ``schemas.MEASURES`` with ``trial`` null. Block, phase, model and any further column are kept where all
        trials of the cell share them. The value is null, with a reason, where too few trials count.

    Examples
    --------
    >>> from mimicrylab.schemas import MEASURES
    >>> rows = MEASURES.empty()
    >>> aggregate_trials(rows, CellLimits()).height
    0
    """
    counted = pl.col("value").is_not_null()
    weights = pl.col("n_frames").filter(counted)
    values = {
        "mean_of_trials": pl.col("value").mean(),
        "pooled_frames": (pl.col("value").filter(counted) * weights).sum() / weights.sum(),
        "maximum": pl.col("value").max(),
    }
    needed = limits.minimum_trials * pl.col("_trials")
    keys = [*CELL_KEY, *by]
    kept = [name for name in rows.columns if name not in COMPUTED and name not in keys]
    same = [pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).alias(name) for name in kept]
    enough = (pl.col("_counted") >= needed) & (pl.col("_counted") > 0)
    counts = pl.format("{} of {} trials count, {} are asked for", "_counted", "_trials", needed.ceil().cast(pl.Int64))
    reason = pl.when((pl.col("_counted") == 0) & (pl.col("_reasons") == 1)).then("_reason").otherwise(counts)
    return (
        rows.filter(pl.col("stimulus_emotion").is_not_null() & (pl.col("block_role").fill_null("test") != "washout"))
        .group_by(keys, maintain_order=True)
        .agg(
            values[how].alias("value"),
            pl.col("n_frames").filter(counted).sum(),
            pl.col("share_valid").mean(),
            counted.sum().alias("_counted"),
            pl.len().alias("_trials"),
            pl.col("reason").n_unique().alias("_reasons"),
            pl.col("reason").first().alias("_reason"),
            *same,
        )
        .with_columns(
            pl.when(enough).then("value").alias("value"),
            pl.when(~enough).then(reason).alias("reason"),
            pl.lit(None, pl.Int32).alias("trial"),
            pl.lit(None, pl.Boolean).alias("censored"),
        )
        .select(rows.columns)
    )
