"""The trials of a study on their recordings' clocks: one row for each stimulus that was shown and recorded."""

from __future__ import annotations

import polars as pl

from mimicrylab.errors import InputError

TRIAL_COLUMNS = (
    "participant_id",
    "session_id",
    "recording_id",
    "block",
    "block_position",
    "block_role",
    "phase",
    "trial",
    "stimulus",
    "stimulus_emotion",
    "model_id",
    "onset_s",
    "duration_s",
    "movement_onset_s",
)
QUIET_TYPES = ("blank", "fixation", "rest")
"""Steps during which the face is left alone: a baseline may lie inside them."""


def list_trials(events: pl.DataFrame, recordings: pl.DataFrame, stimuli: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return one row for each recorded stimulus, in order of recording and time.

    Parameters
    ----------
    events, recordings, stimuli
        Tables of ``schemas``; ``stimuli`` adds when the movement in a clip starts.

    Returns
    -------
    pl.DataFrame
        ``TRIAL_COLUMNS``. ``onset_s`` is the event's onset plus the measured delay of screen and camera where there
        is one, on the recording's clock; ``duration_s`` is null where it is not known; ``movement_onset_s`` counts
        from the onset and is null for stills and unknown clips. Stimuli that nothing recorded are left out.

    Raises
    ------
    InputError
        A recording carries the same trial twice, or a stimulus has no trial number.
    """
    shown = events.filter((pl.col("trial_type") == "stimulus") & pl.col("recording_id").is_not_null())
    if shown["trial"].null_count():
        row = shown.filter(pl.col("trial").is_null()).row(0, named=True)
        raise InputError(
            "a stimulus has no trial number",
            where=f"events, recording {row['recording_id']}, onset {row['onset']:g} s",
            do="number the stimuli of each session from 0",
        )
    trials = (
        shown.with_columns(
            (pl.col("onset") + pl.col("display_camera_delay_s").fill_null(0.0)).alias("onset_s"),
            pl.col("duration").alias("duration_s"),
        )
        .join(recordings.select("recording_id", "participant_id"), on="recording_id", how="inner")
        .join(_read_movement_onsets(stimuli), on="stimulus", how="left", nulls_equal=False)
        .select(TRIAL_COLUMNS)
        .sort("recording_id", "onset_s")
    )
    repeated = trials.filter(pl.struct("recording_id", "trial").is_duplicated())
    if repeated.height:
        row = repeated.row(0, named=True)
        raise InputError(
            f"trial {row['trial']} occurs more than once",
            where=f"events, recording {row['recording_id']}",
            expected="each stimulus of a session has its own trial number",
        )
    return trials


def _read_movement_onsets(stimuli: pl.DataFrame | None) -> pl.DataFrame:
    if stimuli is None:
        return pl.DataFrame(schema={"stimulus": pl.String, "movement_onset_s": pl.Float64})
    return stimuli.select("stimulus", "movement_onset_s").unique("stimulus", keep="first", maintain_order=True)


def list_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return every recorded step with its start and stop on the recording's clock.

    A step whose duration is not known lasts until the next one of its recording begins (the last one: no time).

    Returns
    -------
    pl.DataFrame
        ``recording_id, trial_type, trial, step_start_s, step_stop_s``, in order of recording and time.
    """
    return (
        events.filter(pl.col("recording_id").is_not_null())
        .with_columns((pl.col("onset") + pl.col("display_camera_delay_s").fill_null(0.0)).alias("step_start_s"))
        .sort("recording_id", "step_start_s")
        .with_columns(pl.col("step_start_s").shift(-1).over("recording_id").alias("_next"))
        .select(
            "recording_id",
            "trial_type",
            "trial",
            "step_start_s",
            pl.coalesce(pl.col("step_start_s") + pl.col("duration"), "_next", "step_start_s").alias("step_stop_s"),
        )
    )
