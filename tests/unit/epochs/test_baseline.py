"""The one place of the baseline. Fixture: a recording at 10 frames/s whose signal is 1 before 5 s and 3 after it."""

import math

import polars as pl
import pytest

from mimicrylab.epochs.baseline import (
    OTHER_EVENT,
    apply_baseline,
    describe_baseline,
    measure_baselines,
    name_unit,
    refuse_baseline_in_ratings,
    refuse_ratio_at_zero,
)
from mimicrylab.errors import RefusedError
from mimicrylab.protocol.limits import FrameLimits
from mimicrylab.protocol.measurement import Baseline, BaselineMethod
from mimicrylab.quality.frames import mark_frames

TRIALS = pl.DataFrame(
    {"recording_id": ["r"], "trial": [0], "onset_s": [5.0], "duration_s": [5.0], "movement_onset_s": [None]},
    schema_overrides={"movement_onset_s": pl.Float64},
)
NO_STEPS = pl.DataFrame(
    schema={
        "recording_id": pl.String,
        "trial_type": pl.String,
        "trial": pl.Int32,
        "step_start_s": pl.Float64,
        "step_stop_s": pl.Float64,
    }
)


def make_frames(lost: tuple[int, ...] = (), absent: tuple[int, ...] = ()) -> pl.LazyFrame:
    """Return 100 frames; those in ``lost`` have no face, those in ``absent`` were never recorded."""
    frames = pl.LazyFrame({"recording_id": ["r"] * 100, "face": [0] * 100, "frame": range(100)}).with_columns(
        time=pl.col("frame") * 0.1,
        success=~pl.col("frame").is_in(lost),
        x=pl.when(pl.col("frame") < 50).then(1.0).otherwise(3.0),
    )
    marked = mark_frames(frames.filter(~pl.col("frame").is_in(absent)), FrameLimits())
    return marked.with_columns(pl.when("valid").then("x"))


def measure(
    frames: pl.LazyFrame, steps: pl.DataFrame = NO_STEPS, baseline: Baseline | None = None
) -> dict[str, object]:
    found = measure_baselines(frames, TRIALS, baseline or Baseline(), signals=["x"], steps=steps, spread=True)
    return found.row(0, named=True)


def make_step(kind: str, start: float, stop: float) -> pl.DataFrame:
    return pl.DataFrame([("r", kind, 0, start, stop)], schema=NO_STEPS.schema, orient="row")


@pytest.mark.parametrize(
    ("method", "expected"),
    [("none", 3.0), ("difference", 1.0), ("ratio", 1.5), ("log_ratio", math.log(1.5)), ("percent", 50.0)],
)
def test_each_formula(method: BaselineMethod, expected: float) -> None:
    frame = pl.DataFrame({"x": [3.0, None, 3.0], "b": [2.0, 2.0, None]})
    result = frame.select(apply_baseline(pl.col("x"), pl.col("b"), method)).to_series()
    assert result[0] == pytest.approx(expected)
    assert result[1] is None
    assert (result[2] is None) == (method != "none")


def test_units_follow_the_formula() -> None:
    methods: tuple[BaselineMethod, ...] = ("none", "difference", "ratio", "log_ratio", "percent")
    assert [name_unit("0-5", method) for method in methods] == ["0-5", "0-5", "ratio", "ln ratio", "%"]
    assert describe_baseline(Baseline(method="none")) is None
    assert describe_baseline(Baseline(start_s=-0.5)) == "difference [-0.5, 0)"


def test_the_last_second_before_onset_is_the_default() -> None:
    found = measure(make_frames())
    assert found == {"recording_id": "r", "trial": 0, "baseline_reason": None, "x": 1.0, "x:sd": 0.0}


def test_the_frame_at_onset_is_not_in_the_baseline() -> None:
    assert measure(make_frames(), baseline=Baseline(start_s=-0.1, stop_s=0.1))["x"] == pytest.approx(2.0)


@pytest.mark.parametrize(("lost", "valid"), [((41, 42), True), ((41, 42, 43), False)])
def test_four_fifths_must_be_valid(lost: tuple[int, ...], valid: bool) -> None:
    found = measure(make_frames(lost=lost))
    assert (found["x"] == 1.0) is valid
    assert (found["baseline_reason"] is None) is valid


def test_the_reason_names_the_share() -> None:
    assert measure(make_frames(lost=(41, 42, 43)))["baseline_reason"] == "70 % of the baseline is valid"


def test_frames_that_were_never_recorded_count_as_missing() -> None:
    found = measure(make_frames(absent=tuple(range(40, 48))))
    assert found["baseline_reason"] == "20 % of the baseline is valid"
    assert found["x"] is None


def test_a_recording_that_starts_at_onset_has_no_baseline() -> None:
    found = measure(make_frames(absent=tuple(range(50))))
    assert (found["x"], found["baseline_reason"]) == (None, "no frame in the baseline")


@pytest.mark.parametrize(
    ("kind", "start", "stop", "clash"),
    [
        ("rating", 3.0, 4.5, True),
        ("rating", 3.0, 4.0, False),
        ("stimulus", 4.9, 5.0, True),
        ("stimulus", 5.0, 10.0, False),
        ("blank", 3.0, 5.0, False),
        ("fixation", 4.5, 5.0, False),
        ("questionnaire", 0.0, 60.0, True),
    ],
)
def test_another_event_inside_leaves_no_baseline(kind: str, start: float, stop: float, clash: bool) -> None:
    found = measure(make_frames(), make_step(kind, start, stop))
    assert (found["baseline_reason"] == OTHER_EVENT) is clash
    assert (found["x"] is None) is clash


def test_a_task_with_ratings_before_the_clips_is_refused() -> None:
    with pytest.raises(RefusedError, match="no baseline in this task"):
        refuse_baseline_in_ratings(TRIALS, make_step("rating", 3.0, 4.9), Baseline())


def test_without_a_baseline_there_is_nothing_to_refuse() -> None:
    refuse_baseline_in_ratings(TRIALS, make_step("rating", 3.0, 4.9), Baseline(method="none"))


def test_a_single_clash_among_many_trials_is_not_refused() -> None:
    many = pl.concat([TRIALS.with_columns(trial=pl.lit(i, pl.Int64), onset_s=pl.lit(5.0 + i)) for i in range(3)])
    steps = make_step("rating", 3.0, 4.9)
    refuse_baseline_in_ratings(many, steps, Baseline())
    baselines = measure_baselines(make_frames(), many, Baseline(), signals=["x"], steps=steps)
    assert baselines["baseline_reason"].to_list() == [OTHER_EVENT, None, None]


@pytest.mark.parametrize("method", ["ratio", "log_ratio", "percent"])
def test_dividing_by_a_signal_that_touches_zero_is_refused(method: BaselineMethod) -> None:
    with pytest.raises(RefusedError, match="reach 0"):
        refuse_ratio_at_zero({"AU12": 0.0, "emg": 0.2}, method)
    refuse_ratio_at_zero({"emg": 0.2, "AU09": None}, method)


def test_a_difference_is_never_refused() -> None:
    refuse_ratio_at_zero({"AU12": -1.0}, "difference")
