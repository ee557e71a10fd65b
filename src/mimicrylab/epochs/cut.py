"""Cut epochs: the frames around each trial's onset, with ``t`` in seconds from that onset.

Windows are half-open: a frame at ``start_s`` is in, a frame at ``stop_s`` is not. Times are compared to the
microsecond, so that the last bit of a floating-point number does not carry a frame over a border.
"""

from __future__ import annotations

import polars as pl

from mimicrylab.errors import InputError
from mimicrylab.protocol.measurement import Window

MICROSECOND_DIGITS = 6
HALF_MICROSECOND = 5e-7


def place_window(trials: pl.DataFrame, window: Window | None, *, from_movement: bool = False) -> pl.DataFrame:
    """Return trials with ``zero_s`` (where t = 0 lies on the recording's clock), ``start_s`` and ``stop_s``.

    Parameters
    ----------
    trials
        Rows of :func:`mimicrylab.epochs.trials.list_trials`.
    window
        The declared window; None means from onset to the end of each stimulus.
    from_movement
        Count from the start of the movement in the clip, whatever the window says.

    Raises
    ------
    InputError
        No window is declared and a stimulus's duration is not known.

    Notes
    -----
    With ``zero="movement"`` t counts from the start of the movement in the clip; where that is not known, or the
    stimulus is a still, from its onset.
    """
    if window is None:
        unknown = trials.filter(pl.col("duration_s").is_null())
        if unknown.height:
            raise InputError(
                f"{unknown.height} trials have no duration, so 'response' has no end",
                where=f"events, recording {unknown['recording_id'][0]}, trial {unknown['trial'][0]}",
                do="declare the window in study.yaml, for example  windows: {response: {stop_s: 5}}",
            )
        shift = pl.col("movement_onset_s").fill_null(0.0) if from_movement else pl.lit(0.0)
        return trials.with_columns(
            (pl.col("onset_s") + shift).alias("zero_s"),
            pl.lit(0.0).alias("start_s"),
            (pl.col("duration_s") - shift).alias("stop_s"),
        )
    moved = from_movement or window.zero == "movement"
    shift = pl.col("movement_onset_s").fill_null(0.0) if moved else pl.lit(0.0)
    return trials.with_columns(
        (pl.col("onset_s") + shift).alias("zero_s"),
        pl.lit(float(window.start_s)).alias("start_s"),
        pl.lit(float(window.stop_s)).alias("stop_s"),
    )


def cut_epochs(frames: pl.LazyFrame, placed: pl.DataFrame) -> pl.LazyFrame:
    """Return the frames that lie in each trial's window, with ``trial`` and ``t`` (s from the window's zero).

    Parameters
    ----------
    frames
        Rows of ``schemas.FRAMES`` (or marked ones), in order of time within each recording.
    placed
        Trials with ``recording_id, trial, zero_s, start_s, stop_s`` from :func:`place_window`.

    Returns
    -------
    pl.LazyFrame
        The columns of ``frames`` and ``trial, t``; a frame that lies in the windows of two trials appears twice.

    Notes
    -----
    Trials whose windows overlap are put into separate layers; within a layer each frame belongs to at most one
    trial, so that one ordered pass over the frames suffices.

    Examples
    --------
    >>> frames = pl.LazyFrame({"recording_id": ["r"] * 4, "time": [0.9, 1.0, 1.5, 2.0]})
    >>> trial = pl.DataFrame({"recording_id": ["r"], "trial": [0], "zero_s": [1.0], "start_s": [0.0], "stop_s": [1.0]})
    >>> cut_epochs(frames, trial).collect()["t"].to_list()
    [0.0, 0.5]
    """
    keys = placed.select("recording_id", "trial", "zero_s", "start_s", "stop_s").with_columns(
        (pl.col("zero_s") + pl.col("start_s")).alias("_from"), (pl.col("zero_s") + pl.col("stop_s")).alias("_to")
    )
    layered = _assign_layers(keys.sort("recording_id", "_from"))
    names = frames.collect_schema().names()
    parts = [_join_layer(frames, layer) for layer in layered.partition_by("_layer", maintain_order=True)]
    if not parts:
        parts = [_join_layer(frames, layered)]
    return pl.concat(parts).select(*names, "trial", "t")


def _join_layer(frames: pl.LazyFrame, layer: pl.DataFrame) -> pl.LazyFrame:
    starts = layer.lazy().with_columns((pl.col("_from") - HALF_MICROSECOND).alias("_key"))
    return (
        frames.join_asof(
            starts, left_on="time", right_on="_key", by="recording_id", strategy="backward", check_sortedness=False
        )
        .with_columns((pl.col("time") - pl.col("zero_s")).round(MICROSECOND_DIGITS).alias("t"))
        .filter((pl.col("t") >= pl.col("start_s")) & (pl.col("t") < pl.col("stop_s")))
    )


def _assign_layers(keys: pl.DataFrame) -> pl.DataFrame:
    """Number the trials so that windows with the same number do not overlap within a recording."""
    layers: list[int] = []
    ends: list[float] = []
    current: str | None = None
    for recording, start, stop in keys.select("recording_id", "_from", "_to").iter_rows():
        if recording != current:
            current, ends = recording, []
        for layer, end in enumerate(ends):
            if start >= end - HALF_MICROSECOND:
                ends[layer] = stop
                break
        else:
            layer = len(ends)
            ends.append(stop)
        layers.append(layer)
    return keys.with_columns(pl.Series("_layer", layers, dtype=pl.Int32))
