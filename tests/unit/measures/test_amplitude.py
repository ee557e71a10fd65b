"""Amplitudes of a signal whose value is known at every frame."""

import polars as pl
import pytest

from mimicrylab.protocol.limits import Quality, TrialLimits
from mimicrylab.protocol.measurement import Baseline, MeasureRequest, Window
from unit.measures.fixtures import make_events, make_frames, measure, take_trials

T = pl.col("time")
RAMP = {"AU12": T - 5.0}
"""0 at the first onset, then one unit a second."""
ANY = Quality(trials=TrialLimits(minimum_fps=0))


def ask(frames: pl.DataFrame, request: MeasureRequest, **settings: object) -> list[float | None]:
    rows = measure(frames, make_events(["happiness"]), request, **({"limits": ANY} | settings))  # type: ignore[arg-type]
    return take_trials(rows)["value"].to_list()


def test_mean_of_the_half_open_window() -> None:
    """Frames at 0, .1 ... 1.9 s: their mean is .95; with the frame at 2.0 it would be 1.0."""
    assert ask(make_frames(RAMP), MeasureRequest(measure="mean")) == pytest.approx([0.95])


def test_peak_of_the_half_open_window() -> None:
    assert ask(make_frames(RAMP), MeasureRequest(measure="peak")) == pytest.approx([1.9])


def test_percentile_is_interpolated() -> None:
    """20 values 0 to 1.9: the 95th percentile lies .05 above the 19th value."""
    assert ask(make_frames(RAMP), MeasureRequest(measure="percentile_95")) == pytest.approx([1.805])


def test_peak_of_means_takes_the_last_half_second_of_a_ramp() -> None:
    assert ask(make_frames(RAMP), MeasureRequest(measure="peak_of_means")) == pytest.approx([1.7])


def test_peak_of_means_is_not_won_by_a_single_frame() -> None:
    """One frame of 10 among zeros: its bin's mean is 2 of 10, the peak would be 10."""
    spike = {"AU12": pl.when((T - 6.0).abs() < 0.01).then(10.0).otherwise(0.0)}
    assert ask(make_frames(spike), MeasureRequest(measure="peak_of_means")) == pytest.approx([2.0])
    assert ask(make_frames(spike), MeasureRequest(measure="peak")) == pytest.approx([10.0])


@pytest.mark.parametrize(("bin_s", "expected"), [(0.5, [0.2, 0.7, 1.2, 1.7]), (1.0, [0.45, 1.45])])
def test_bins(bin_s: float, expected: list[float]) -> None:
    assert ask(make_frames(RAMP), MeasureRequest(measure="bins", bin_s=bin_s)) == pytest.approx(expected)


def test_bins_carry_their_borders_and_leave_out_the_rest() -> None:
    rows = measure(make_frames(RAMP), make_events(["fear"]), MeasureRequest(measure="bins", bin_s=0.6), limits=ANY)
    trial = take_trials(rows)
    assert trial["window_start_s"].to_list() == [0.0, 0.6, 1.2]
    assert trial["window_stop_s"].to_list() == pytest.approx([0.6, 1.2, 1.8])


def test_a_bin_with_few_frames_has_no_value() -> None:
    """Of the bin from .5 s only two of five frames have a face, of the bin from 1 s three."""
    lost = T.is_between(5.45, 5.75) | T.is_between(5.95, 6.15)
    limits = Quality(trials=TrialLimits(minimum_valid=0.0, minimum_fps=0))
    values = ask(make_frames(RAMP, lost=lost), MeasureRequest(measure="bins"), limits=limits)
    assert values == [pytest.approx(0.2), None, pytest.approx(1.3), pytest.approx(1.7)]


@pytest.mark.parametrize(
    ("method", "expected"), [("difference", 2.0), ("ratio", 3.0), ("log_ratio", 1.0986122887), ("percent", 200.0)]
)
def test_the_baseline_is_applied_to_the_value(method: str, expected: float) -> None:
    step = {"AU12": pl.when(T < 4.95).then(1.0).otherwise(3.0)}
    rows = measure(
        make_frames(step),
        make_events(["fear"]),
        MeasureRequest(measure="mean"),
        baseline=Baseline(method=method),  # type: ignore[arg-type]
        limits=ANY,
    )
    trial = take_trials(rows).row(0, named=True)
    assert trial["value"] == pytest.approx(expected)
    assert trial["baseline"] == f"{method} [-1, 0)"


def test_a_drift_cancels_in_the_difference_to_the_baseline() -> None:
    """A drift of .1 a second: the window's mean lies 1.5 s after the baseline's mean, whichever trial."""
    frames = make_frames({"AU12": 0.1 * T + pl.when(T.is_between(9.95, 11.95)).then(1.0).otherwise(0.0)})
    rows = measure(
        frames, make_events(["fear", "anger"]), MeasureRequest(measure="mean"), baseline=Baseline(), limits=ANY
    )
    assert take_trials(rows)["value"].to_list() == pytest.approx([0.15, 1.15])


def test_a_variable_frame_rate_does_not_weigh_time_but_frames() -> None:
    """Ten frames in the first second and two in the second: the mean is over frames, as declared."""
    frames = make_frames(RAMP).filter((T < 6.0) | ((pl.col("frame") % 5) == 0) | (T >= 7.0))
    limits = Quality(trials=TrialLimits(minimum_valid=0.0, minimum_fps=0.0))
    values = ask(frames, MeasureRequest(measure="mean"), limits=limits)
    assert values == pytest.approx([(sum(i * 0.1 for i in range(10)) + 1.0 + 1.5) / 12])


def test_without_a_declared_window_the_stimulus_is_the_window() -> None:
    rows = measure(make_frames(RAMP), make_events(["fear"]), MeasureRequest(measure="peak"), window=None, limits=ANY)
    trial = take_trials(rows).row(0, named=True)
    assert (trial["value"], trial["window_start_s"], trial["window_stop_s"]) == (pytest.approx(1.9), 0.0, 2.0)


def test_the_first_two_seconds_can_be_asked_for_beside_the_rest() -> None:
    early = Window(start_s=0.0, stop_s=0.5)
    assert ask(make_frames(RAMP), MeasureRequest(measure="peak"), window=early) == pytest.approx([0.4])
