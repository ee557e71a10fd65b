"""Time courses. Fixture: one person, frames every 0.1 s; the signal is the trial's number plus t (s from onset)."""

import polars as pl
import pytest

from mimicrylab.epochs.timecourse import average_people, bin_trials, list_timecourses
from mimicrylab.protocol.measurement import Baseline, Window
from mimicrylab.schemas import TIMECOURSES
from mimicrylab.tables import conform_table

TRIALS = pl.DataFrame(
    {
        "recording_id": ["r", "r", "r"],
        "trial": [0, 1, 2],
        "participant_id": ["p"] * 3,
        "stimulus_emotion": ["happiness", "happiness", "anger"],
        "onset_s": [2.0, 6.0, 10.0],
        "duration_s": [2.0] * 3,
        "movement_onset_s": pl.Series([None] * 3, dtype=pl.Float64),
    }
)
FRAMES = pl.LazyFrame({"recording_id": ["r"] * 120, "frame": range(120)}).with_columns(
    time=pl.col("frame") * 0.1,
    x=((pl.col("frame") - 20) // 40) + ((pl.col("frame") - 20) % 40) * 0.1,
)
BASELINES = pl.DataFrame({"recording_id": ["r"] * 3, "trial": [0, 1, 2], "x": [0.0, 1.0, None]})


def average(baseline: Baseline | None = None, baselines: pl.DataFrame | None = None) -> pl.DataFrame:
    people = average_people(
        FRAMES,
        TRIALS,
        window=Window(stop_s=1.0),
        signals=["x"],
        method=baseline.method if baseline else "none",
        baselines=baselines,
        bin_s=0.5,
    )
    return pl.concat(list_timecourses(people, units={"x": "mm"}, coder="c", baseline=baseline, bin_s=0.5))


def test_trials_are_averaged_within_bins_then_within_the_person() -> None:
    """Bins of trial 0 are .2 and .7 (means of 0 to .4 and .5 to .9), of trial 1 one more; their mean is .7 and 1.2."""
    courses = average()
    happy = courses.filter(pl.col("stimulus_emotion") == "happiness")
    assert happy["value"].to_list() == pytest.approx([0.7, 1.2])
    assert happy["bin_start_s"].to_list() == [0.0, 0.5]
    assert happy["bin_stop_s"].to_list() == [0.5, 1.0]
    assert happy["n_trials"].to_list() == [2, 2]
    assert happy["n_frames"].to_list() == [10, 10]
    assert courses.filter(pl.col("stimulus_emotion") == "anger")["value"].to_list() == pytest.approx([2.2, 2.7])


def test_rows_agree_with_the_declared_table() -> None:
    courses = average()
    assert conform_table(courses, TIMECOURSES, where="timecourses").equals(courses)


def test_a_baseline_is_applied_to_each_trial_and_a_trial_without_one_is_left_out() -> None:
    courses = average(baseline=Baseline(), baselines=BASELINES)
    happy = courses.filter(pl.col("stimulus_emotion") == "happiness")
    assert happy["value"].to_list() == pytest.approx([0.2, 0.7])
    assert happy["baseline"].to_list() == ["difference [-1, 0)"] * 2
    anger = courses.filter(pl.col("stimulus_emotion") == "anger")
    assert anger["value"].to_list() == [None, None]
    assert anger["n_trials"].to_list() == [0, 0]


def test_bins_are_aligned_to_the_onset_and_the_rest_is_left_out() -> None:
    bins = bin_trials(FRAMES, TRIALS.head(1), window=Window(start_s=-0.7, stop_s=1.2), signals=["x"], bin_s=0.5)
    assert bins["bin"].to_list() == [-1, 0, 1]


def test_a_bin_without_a_valid_frame_is_null_not_zero() -> None:
    lost = FRAMES.with_columns(x=pl.when(pl.col("time").is_between(1.95, 2.45)).then(None).otherwise("x"))
    bins = bin_trials(lost, TRIALS.head(1), window=Window(stop_s=1.0), signals=["x"], bin_s=0.5)
    assert bins["x"].to_list() == [None, pytest.approx(0.7)]
    assert bins["x:n"].to_list() == [0, 5]


def test_a_trial_that_was_not_recorded_has_no_bins() -> None:
    late = TRIALS.head(1).with_columns(onset_s=pl.lit(500.0))
    assert bin_trials(FRAMES, late, window=Window(stop_s=1.0), signals=["x"], bin_s=0.5).height == 0
