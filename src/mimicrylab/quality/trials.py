"""How much of each trial was seen: valid frames, frames lost by cause, holes in time, and whether the trial counts."""

from __future__ import annotations

import polars as pl

from mimicrylab.protocol.limits import LONGEST_INTERVAL_S, TrialLimits
from mimicrylab.quality.frames import CAUSE_NAMES

TRIAL_KEY = ("recording_id", "trial")
SHARE_GAP = "share_gap"
SHARE_NAMES = (*(f"share_{name}" for name in CAUSE_NAMES), SHARE_GAP)
NO_FRAME = "no frame in the window"


def summarise_trials(
    epochs: pl.LazyFrame, placed: pl.DataFrame, *, longest_interval_s: float = LONGEST_INTERVAL_S
) -> pl.DataFrame:
    """Return, for each trial, what its window holds and what is missing.

    Parameters
    ----------
    epochs
        Marked frames cut to the trials' windows: ``recording_id, trial, t, valid, lost, interval_s, gap_s``.
    placed
        The trials with ``start_s`` and ``stop_s``; trials without any frame get a row too.
    longest_interval_s
        Time without a frame that is still no hole.

    Returns
    -------
    pl.DataFrame
        ``recording_id, trial, n_frames`` (recorded), ``n_valid, n_expected`` (recorded and missing in holes),
        ``share_valid`` (valid by expected), ``share_no_face`` ... ``share_brow_covered`` (lost by expected),
        ``share_gap`` (never recorded by expected), ``frame_rate`` (frames by second of the time covered),
        ``effective_fps`` (valid frames by second of the window) and ``longest_gap_s`` (longest time without a valid
        frame; the whole window where there is none). Shares and rates are null where the window holds no frame.

    Notes
    -----
    A hole is time without a frame beyond ``longest_interval_s`` (see :func:`mark_frames`), also at both ends of the
    window; the frames it would have held at the face's usual interval count as expected.
    """
    seen = pl.col("t").filter("valid")
    summary = epochs.group_by(TRIAL_KEY).agg(
        pl.len().cast(pl.Int64).alias("n_frames"),
        pl.col("valid").sum().cast(pl.Int64).alias("n_valid"),
        pl.col("interval_s").first().alias("_interval"),
        pl.col("t").first().alias("_first"),
        pl.col("t").last().alias("_last"),
        pl.col("gap_s").first().alias("_first_gap"),
        pl.col("gap_s").slice(1).sum().alias("_later_gaps"),
        seen.first().alias("_first_seen"),
        seen.last().alias("_last_seen"),
        seen.diff().max().alias("_longest"),
        *[(pl.col("lost") == name).sum().cast(pl.Int64).alias(f"_{name}") for name in CAUSE_NAMES],
    )
    return _divide(placed, summary.collect(), longest_interval_s=longest_interval_s)


def _divide(placed: pl.DataFrame, summary: pl.DataFrame, *, longest_interval_s: float) -> pl.DataFrame:
    length = pl.col("stop_s") - pl.col("start_s")
    lead, tail = pl.col("_first") - pl.col("start_s"), pl.col("stop_s") - pl.col("_last")
    begin = (
        pl.when(pl.col("_first_gap") > 0)
        .then(pl.min_horizontal("_first_gap", lead))
        .when(lead > longest_interval_s)
        .then(lead)
        .otherwise(0.0)
    )
    end = pl.when(tail > longest_interval_s).then(tail - pl.col("_interval")).otherwise(0.0)
    missing = (pl.col("_missing_s") / pl.col("_interval")).round(0).fill_null(0).cast(pl.Int64)
    frames = pl.col("n_frames")
    longest = pl.max_horizontal(
        "_longest", pl.col("_first_seen") - pl.col("start_s"), pl.col("stop_s") - pl.col("_last_seen")
    )
    return (
        placed.select(*TRIAL_KEY, "start_s", "stop_s")
        .join(summary, on=TRIAL_KEY, how="left", maintain_order="left")
        .with_columns((pl.col("_later_gaps") + begin + end).alias("_missing_s"))
        .with_columns((frames + missing).alias("n_expected"))
        .select(
            *TRIAL_KEY,
            frames.fill_null(0),
            pl.col("n_valid").fill_null(0),
            pl.col("n_expected").fill_null(0),
            (pl.col("n_valid") / pl.col("n_expected")).alias("share_valid"),
            *[(pl.col(f"_{name}") / pl.col("n_expected")).alias(f"share_{name}") for name in CAUSE_NAMES],
            (1 - frames / pl.col("n_expected")).alias(SHARE_GAP),
            (frames / (length - pl.col("_missing_s"))).alias("frame_rate"),
            (pl.col("n_valid") / length).alias("effective_fps"),
            pl.coalesce(longest, length).alias("longest_gap_s"),
        )
    )


def judge_trials(summary: pl.DataFrame, limits: TrialLimits) -> pl.DataFrame:
    """Add ``reason``: why a trial does not count, with figure and limit; null where it counts.

    Examples
    --------
    >>> summary = pl.DataFrame(
    ...     {"n_frames": [100, 100, 0], "share_valid": [0.9, 0.6, None], "frame_rate": [25.0, 25.0, None]}
    ... )
    >>> judge_trials(summary, TrialLimits())["reason"].to_list()
    [None, '60 % of the frames are valid, 80 % are asked for', 'no frame in the window']
    """
    percent = (pl.col("share_valid") * 100).round(1)
    asked = f"{limits.minimum_valid * 100:g}"
    reason = (
        pl.when(pl.col("n_frames") == 0)
        .then(pl.lit(NO_FRAME))
        .when(pl.col("share_valid") < limits.minimum_valid)
        .then(pl.format("{} % of the frames are valid, {} % are asked for", _write_number(percent), pl.lit(asked)))
        .when(pl.col("frame_rate") < limits.minimum_fps)
        .then(
            pl.format(
                "{} frames/s, {} are asked for",
                _write_number(pl.col("frame_rate").round(1)),
                pl.lit(f"{limits.minimum_fps:g}"),
            )
        )
    )
    return summary.with_columns(reason.alias("reason"))


def _write_number(values: pl.Expr) -> pl.Expr:
    """Return numbers as text without a trailing ``.0``."""
    return values.cast(pl.String).str.strip_suffix(".0")
