"""Trials come from events. Fixture: one recording with a blank, a stimulus, a rating, and a second stimulus."""

import polars as pl
import pytest

from mimicrylab.epochs.trials import TRIAL_COLUMNS, list_steps, list_trials
from mimicrylab.errors import InputError
from mimicrylab.schemas import EVENTS, RECORDINGS, STIMULI
from mimicrylab.tables import conform_table


def make_events(*rows: dict[str, object]) -> pl.DataFrame:
    base = {"session_id": "s", "recording_id": "r", "block": "b", "block_role": "test"}
    return conform_table(
        pl.DataFrame([{**base, **row} for row in rows], infer_schema_length=None), EVENTS, where="events"
    )


RECORDING = conform_table(
    pl.DataFrame({"recording_id": ["r"], "session_id": ["s"], "participant_id": ["p"], "segment": [0]}),
    RECORDINGS,
    where="recordings",
)
EVENTS_SHOWN = make_events(
    {"onset": 0.0, "duration": 2.0, "trial_type": "blank"},
    {
        "onset": 2.0,
        "duration": 5.0,
        "trial_type": "stimulus",
        "trial": 0,
        "stimulus": "clip",
        "stimulus_emotion": "fear",
    },
    {"onset": 7.0, "duration": None, "trial_type": "rating", "trial": 0},
    {"onset": 12.0, "duration": None, "trial_type": "stimulus", "trial": 1, "stimulus": "still"},
)


def test_one_row_for_each_recorded_stimulus() -> None:
    trials = list_trials(EVENTS_SHOWN, RECORDING)
    assert tuple(trials.columns) == TRIAL_COLUMNS
    assert trials["trial"].to_list() == [0, 1]
    assert trials["onset_s"].to_list() == [2.0, 12.0]
    assert trials["duration_s"].to_list() == [5.0, None]
    assert trials["participant_id"].to_list() == ["p", "p"]


def test_stimuli_that_nothing_recorded_are_left_out() -> None:
    unrecorded = EVENTS_SHOWN.with_columns(recording_id=pl.lit(None, pl.String))
    assert list_trials(unrecorded, RECORDING).height == 0


def test_the_measured_delay_of_screen_and_camera_moves_the_onset() -> None:
    delayed = EVENTS_SHOWN.with_columns(display_camera_delay_s=pl.lit(0.08))
    assert list_trials(delayed, RECORDING)["onset_s"].to_list() == pytest.approx([2.08, 12.08])


def test_the_start_of_the_movement_comes_from_the_stimuli() -> None:
    stimuli = conform_table(
        pl.DataFrame({"stimulus": ["clip", "other"], "set": ["x", "x"], "movement_onset_s": [0.4, 0.9]}),
        STIMULI,
        where="stimuli",
    )
    assert list_trials(EVENTS_SHOWN, RECORDING, stimuli)["movement_onset_s"].to_list() == [0.4, None]


def test_a_repeated_trial_number_is_an_error_that_names_it() -> None:
    twice = EVENTS_SHOWN.with_columns(trial=pl.when(pl.col("trial") == 1).then(0).otherwise("trial").cast(pl.Int32))
    with pytest.raises(InputError, match="trial 0 occurs more than once"):
        list_trials(twice, RECORDING)


def test_a_stimulus_without_a_trial_number_is_an_error() -> None:
    with pytest.raises(InputError, match="no trial number"):
        list_trials(EVENTS_SHOWN.with_columns(trial=pl.lit(None, pl.Int32)), RECORDING)


def test_a_step_without_a_duration_lasts_until_the_next() -> None:
    steps = list_steps(EVENTS_SHOWN)
    assert steps["step_start_s"].to_list() == [0.0, 2.0, 7.0, 12.0]
    assert steps["step_stop_s"].to_list() == [2.0, 7.0, 12.0, 12.0]
