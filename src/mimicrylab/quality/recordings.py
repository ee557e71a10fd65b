"""How good each recording is: what was lost to which cause, its true frame rate, its longest gap, its usable trials."""

from __future__ import annotations

import polars as pl

from mimicrylab.quality.frames import CAUSE_NAMES
from mimicrylab.quality.trials import SHARE_GAP, SHARE_NAMES

KEY = "recording_id"


def summarise_recordings(frames: pl.LazyFrame) -> pl.DataFrame:
    """Return, for each recording, what all of its frames hold and what is missing.

    Parameters
    ----------
    frames
        Marked frames of one face a recording (``valid, lost, interval_s, gap_s``), in order of time.

    Returns
    -------
    pl.DataFrame
        ``recording_id, n_frames, n_expected`` (frames recorded, and those that holes in time would have held),
        ``share_valid, share_<cause>`` ..., ``share_gap`` (by expected), ``frame_rate`` (1 / median interval),
        ``effective_fps`` (valid frames by second of the recording), ``longest_gap_s`` (without a valid frame).
    """
    seen = pl.col("time").filter("valid")
    first, last = pl.col("time").first(), pl.col("time").last()
    interval = pl.col("interval_s").first()
    length = last - first + interval
    missing = (pl.col("gap_s").sum() / interval).round(0).fill_null(0)
    longest = pl.max_horizontal(seen.diff().max(), seen.first() - first, last - seen.last())
    expected = pl.len() + missing
    return (
        frames.group_by(KEY)
        .agg(
            pl.len().cast(pl.Int64).alias("n_frames"),
            expected.cast(pl.Int64).alias("n_expected"),
            (pl.col("valid").sum() / expected).alias("share_valid"),
            *[((pl.col("lost") == name).sum() / expected).alias(f"share_{name}") for name in CAUSE_NAMES],
            (missing / expected).alias(SHARE_GAP),
            (1 / interval).alias("frame_rate"),
            (pl.col("valid").sum() / length).alias("effective_fps"),
            pl.coalesce(longest, length).alias("longest_gap_s"),
        )
        .sort(KEY)
        .collect()
    )


def summarise_judged_trials(trials: pl.DataFrame) -> pl.DataFrame:
    """Return, for each recording, what its analysed trials hold together: what its grade is about.

    Parameters
    ----------
    trials
        Rows of ``quality.trials.judge_trials`` with ``talking`` (share of a trial's frames, null where the coder shows
        no mouth) and ``is_talking``.

    Returns
    -------
    pl.DataFrame
        ``recording_id``; ``n_frames, n_expected, share_valid, share_<cause>`` over all trials (by expected frames);
        ``frame_rate`` (median over trials); ``n_trials, n_usable, n_talking``; ``share_talking`` (of frames).
    """
    expected = pl.col("n_expected").sum()
    shares = [
        ((pl.col(name).fill_null(0.0) * pl.col("n_expected")).sum() / expected).alias(name)
        for name in ("share_valid", *SHARE_NAMES)
    ]
    talking = (pl.col("talking") * pl.col("n_frames")).sum() / pl.col("n_frames").sum()
    return (
        trials.group_by(KEY)
        .agg(
            pl.col("n_frames").sum(),
            *[pl.when(expected > 0).then(share).alias(share.meta.output_name()) for share in shares],
            pl.col("frame_rate").median(),
            expected,
            pl.len().cast(pl.Int64).alias("n_trials"),
            pl.col("reason").is_null().sum().cast(pl.Int64).alias("n_usable"),
            pl.col("is_talking").sum().cast(pl.Int64).alias("n_talking"),
            pl.when(pl.col("talking").count() > 0).then(talking).alias("share_talking"),
        )
        .sort(KEY)
    )
